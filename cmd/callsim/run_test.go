package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/callsim/emulator"
)

// output is what a command has printed so far.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func TestHelp(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	assert.Equal(t, exitOK, run(t.Context(), []string{"--help"}, &out, &errs))
	for _, want := range []string{"--scenario busy", "no-answer", "-junit FILE", "-callback URL", "(default 8350)"} {
		assert.Contains(t, out.String(), want)
	}
	assert.Empty(t, errs.String())
}

func TestMisuse(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"flag provided but not defined: -x":           {"--x"},
		`"busy" is no flag: a scenario is named with`: {"busy"},
		"--junit writes the results of scenarios":     {"--junit", "x"},
		"--record writes a scenario":                  {"--record", "x", "--scenario", "busy"},
		"--limits is a factor above 0":                {"--limits", "0"},
		"no such file":                                {"--scenario", "nosuchscenario"},
		`the callback "x" is no address`:              {"--callback", "x", "--port", "0"},
	} {
		var out, errs bytes.Buffer
		assert.Equal(t, exitUsage, run(t.Context(), args, &out, &errs), want)
		assert.Contains(t, errs.String(), want)
		assert.Empty(t, out.String(), want)
	}
}

// TestScenarios: a bot that only listens fails what it must answer, and the report says so.
func TestScenarios(t *testing.T) {
	t.Parallel()
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	defer bot.Close()
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return file
	}
	deaf := write("deaf.yaml", "name: Nobody is there\nsteps:\n- ring: {}\n- advance: 16s\n- expect: {complaints: [unanswered]}\n")
	answers := write("answers.yaml", "name: The bot answers\nsteps:\n- ring: {}\n- expect: {request: 'POST /communications/calls/{id}/answer'}\n")
	report := filepath.Join(dir, "report.xml")
	var out, errs bytes.Buffer
	begin := []string{"--no-ui", "--port", "0", "--callback", bot.URL + "/callback"}
	assert.Equal(t, exitOK, run(t.Context(), append(begin, "--scenario", deaf), &out, &errs), "%s%s", &out, &errs)
	assert.Contains(t, out.String(), "ok    Nobody is there\n")
	assert.Equal(t, exitFound, run(t.Context(), append(begin, "--scenario", deaf, "--scenario", answers, "--junit", report), &out, &errs))
	assert.Contains(t, out.String(), "FAIL  The bot answers\n")
	assert.Contains(t, out.String(), "answers.yaml:4: the bot did not send POST /communications/calls/{id}/answer")
	text, err := os.ReadFile(report)
	require.NoError(t, err)
	assert.Contains(t, string(text), `tests="2" failures="1"`)
	assert.Empty(t, errs.String())
}

// TestEnd: with no flag but free ports it goes on until it is stopped, and says what is open.
func TestEnd(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	var out, errs output
	ended := make(chan int, 1)
	record := filepath.Join(t.TempDir(), "recorded.yaml")
	go func() { ended <- run(ctx, []string{"--port", "0", "--record", record}, &out, &errs) }()
	require.Eventually(t, func() bool { return strings.Contains(out.String(), "^C ends callsim") }, 20*time.Second, time.Millisecond)
	assert.Regexp(t, `API     http://127\.0\.0\.1:\d+/beta\nIssuer  http://127\.0\.0\.1:\d+/issuer/\.well-known/openid-configuration\nPage    http://127\.0\.0\.1:\d+\n`, out.String())
	assert.Contains(t, out.String(), "communications.WithBaseURL(")
	assert.Contains(t, out.String(), "callbackauth.WithMetadataURL(")
	api := strings.TrimPrefix(strings.SplitN(out.String(), "\n", 2)[0], "API     ")
	r, err := http.NewRequest(http.MethodPost, api+"/communications/calls", strings.NewReader(`{"callbackUri":"https://bot.contoso.com/callback","requestedModalities":["audio"],
		"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"},"meetingInfo":{"@odata.type":"#microsoft.graph.joinMeetingIdMeetingInfo","joinMeetingId":"1"}}`))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer x")
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	resp.Body.Close()
	require.Equal(t, http.StatusCreated, resp.StatusCode)
	stop()
	assert.Equal(t, exitOK, <-ended, errs.String())
	assert.Contains(t, out.String(), "left open: call 1 (")
	assert.Contains(t, out.String(), "recorded: "+record)
	assert.FileExists(t, record)
}

// TestPortTaken: who starts a second callsim learns that a bot may talk to the first.
func TestPortTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	var out bytes.Buffer
	e, err := start(&options{emulator: emulator.Options{Port: port}}, &out)
	require.NoError(t, err)
	defer e.Close()
	assert.Contains(t, out.String(), fmt.Sprintf("Port %d is taken", port))
	assert.NotContains(t, e.URL(), fmt.Sprint(port))
	_, err = start(&options{emulator: emulator.Options{Port: port}, portGiven: true}, &out)
	assert.ErrorIs(t, err, syscall.EADDRINUSE)
}
