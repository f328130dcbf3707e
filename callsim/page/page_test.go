package page_test

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/callsim/emulator"
	"github.com/callgen/callgen/callsim/page"
	sim "github.com/callgen/callgen/generated/communicationstest"
)

var requests = flag.Int("requests", 800, "how many requests TestFlood sends")

// site is a page that is served.
type site struct {
	t     *testing.T
	url   string
	token string
	e     *emulator.Emulator
}

func begin(t *testing.T, bot http.HandlerFunc) *site {
	server := httptest.NewServer(bot)
	t.Cleanup(server.Close)
	e, err := emulator.Start(emulator.Options{Callback: server.URL})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, e.Close()) })
	require.NoError(t, e.Reset(sim.WithTiming(sim.Quick())))
	p, err := page.New(e)
	require.NoError(t, err)
	front := httptest.NewUnstartedServer(nil)
	front.Config.Handler = emulator.Guard(p, front.Listener.Addr().String(), nil, 1<<20)
	front.Start()
	t.Cleanup(front.Close)
	s := &site{t: t, url: front.URL, e: e}
	_, body := s.get("/")
	found := regexp.MustCompile(`name="token" content="([^"]+)"`).FindStringSubmatch(body)
	require.Len(t, found, 2)
	s.token = found[1]
	return s
}

func accept(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }

func (s *site) get(path string) (*http.Response, string) {
	s.t.Helper()
	resp, err := http.Get(s.url + path)
	require.NoError(s.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	return resp, string(body)
}

func (s *site) post(path, body string, header ...string) (int, string) {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.url+path, strings.NewReader(body))
	require.NoError(s.t, err)
	r.Header.Set("X-Callsim-Token", s.token)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	require.NoError(s.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	return resp.StatusCode, string(text)
}

func (s *site) json(path string, v any) {
	s.t.Helper()
	resp, body := s.get(path)
	require.Equal(s.t, http.StatusOK, resp.StatusCode, body)
	require.NoError(s.t, json.Unmarshal([]byte(body), v))
}

type listed struct {
	Calls []emulator.About
	Total int
}

func TestChangesNeedTheToken(t *testing.T) {
	t.Parallel()
	s := begin(t, accept)
	for name, test := range map[string]struct {
		header []string
		status int
	}{
		"with it":       {nil, http.StatusNoContent},
		"own page":      {[]string{"Origin", s.url}, http.StatusNoContent},
		"without it":    {[]string{"X-Callsim-Token", ""}, http.StatusForbidden},
		"a wrong one":   {[]string{"X-Callsim-Token", "x"}, http.StatusForbidden},
		"another page":  {[]string{"Origin", "https://evil.example"}, http.StatusForbidden},
		"a sandbox":     {[]string{"Origin", "null"}, http.StatusForbidden},
		"another site":  {[]string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"the API's own": {[]string{"Origin", s.e.Address}, http.StatusForbidden},
	} {
		status, _ := s.post("/do", `{"ring":{}}`, test.header...)
		assert.Equal(t, test.status, status, name)
	}
	var all listed
	s.json("/calls", &all)
	assert.Equal(t, 2, all.Total, "those refused did nothing")
}

func TestOtherNames(t *testing.T) {
	t.Parallel()
	s := begin(t, accept)
	r, err := http.NewRequest(http.MethodGet, s.url, nil)
	require.NoError(t, err)
	r.Host = "evil.example:80"
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, http.StatusMisdirectedRequest, resp.StatusCode)
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	s := begin(t, accept)
	resp, body := s.get("/")
	policy := resp.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"} {
		assert.Contains(t, policy, want)
	}
	assert.NotContains(t, policy, "unsafe")
	assert.NotRegexp(t, `(?i)<script[^>]*>[^<]|\son\w+=|style=|(src|href)="https?:`, body, "nothing inline, and nothing from elsewhere")
	_, script := s.get("/page.js")
	assert.NotRegexp(t, `innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(`, script)
}

func TestWrongBodies(t *testing.T) {
	t.Parallel()
	s := begin(t, accept)
	for body, want := range map[string]string{
		`{}`:                     "this one has 0",
		`{"rings":{}}`:           "field rings not found",
		`{"ring":{},"busy":{}}`:  "this one has 2",
		`{"hangUp":{"call":7}}`:  "there is no call",
		`[`:                      "this is no step",
		`{"advance":"for ever"}`: "is no duration",
	} {
		status, text := s.post("/do", body)
		assert.Equal(t, http.StatusConflict, status, body)
		assert.Contains(t, text, want, body)
	}
	status, _ := s.post("/do", `{"ring":{"from":"`+strings.Repeat("x", 1<<17)+`"}}`)
	assert.Equal(t, http.StatusRequestEntityTooLarge, status)
}

// TestHostileTexts stay texts: they travel as JSON, and long ones are cut.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	s := begin(t, accept)
	const name = `<img src=x onerror=alert(1)></script>`
	status, _ := s.post("/do", fmt.Sprintf(`{"ring":{"from":%q}}`, name))
	require.Equal(t, http.StatusNoContent, status)
	resp, body := s.get("/calls")
	assert.Equal(t, "application/json", resp.Header.Get("Content-Type"))
	assert.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
	assert.NotContains(t, body, "<img")

	r, err := http.NewRequest(http.MethodPost, s.e.URL()+"/communications/calls", strings.NewReader(`{"subject":"`+strings.Repeat("s", 1<<20)+`"}`))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer x")
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	answer.Body.Close()
	_, body = s.get("/lines")
	assert.Less(t, len(body), 64<<10)
	lines := s.e.Timeline().Lines("", 0, 1000)
	for _, l := range lines {
		_, body = s.get(fmt.Sprint("/line?n=", l.Line))
		assert.Less(t, len(body), 256<<10)
	}
}

// TestMany: of 1,000 calls and 10,000 lines a page is sent.
func TestMany(t *testing.T) {
	t.Parallel()
	s := begin(t, accept)
	for range 1000 {
		_, err := s.e.Service().Ring(sim.IncomingCall{Callback: s.e.Callback})
		require.NoError(t, err)
	}
	var all listed
	s.json("/calls?offset=950", &all)
	assert.Equal(t, 1000, all.Total)
	assert.Len(t, all.Calls, 50)
	s.json("/calls", &all)
	assert.Len(t, all.Calls, 100)
	id := all.Calls[0].ID
	for range 10_000 {
		s.e.Service().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/beta/communications/calls/"+id, nil))
	}
	var page struct{ Lines []struct{ Line int } }
	s.json("/lines?call="+id, &page)
	assert.Len(t, page.Lines, 200)
	before := page.Lines[0].Line
	s.json(fmt.Sprintf("/lines?call=%s&before=%d", id, before), &page)
	assert.Len(t, page.Lines, 200)
	assert.Less(t, page.Lines[199].Line, before)
}

// TestFlood: while a bot sends as much as it can, the page answers, and what is kept stays small.
func TestFlood(t *testing.T) {
	t.Parallel()
	s := begin(t, accept)
	status, _ := s.post("/do", `{"ring":{}}`)
	require.Equal(t, http.StatusNoContent, status)
	var flood sync.WaitGroup
	transport := &http.Transport{MaxIdleConnsPerHost: 8} // or most of the time goes into connecting
	defer transport.CloseIdleConnections()
	bot := &http.Client{Transport: transport}
	large := `{"subject":"` + strings.Repeat("s", 1<<20) + `"}`
	for i := range 8 {
		flood.Go(func() {
			for n := range *requests / 8 {
				body := `{"subject":"<script>"}`
				if i == 0 && n%10 == 0 {
					body = large
				}
				r, err := http.NewRequest(http.MethodPost, s.e.URL()+"/communications/calls", strings.NewReader(body))
				if err != nil {
					return
				}
				r.Header.Set("Authorization", "Bearer x")
				r.Header.Set("Content-Type", "application/json")
				if answer, err := bot.Do(r); assert.NoError(t, err) {
					_, _ = io.Copy(io.Discard, answer.Body)
					answer.Body.Close()
				}
			}
		})
	}
	over := make(chan struct{})
	begun := time.Now()
	go func() { flood.Wait(); close(over) }()
	looks := 0
	for done := false; !done; looks++ {
		select {
		case <-over:
			done = true
		default:
		}
		for _, path := range []string{"/", "/calls", "/lines", "/events"} {
			ctx, cancel := context.WithTimeout(t.Context(), waits)
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
			require.NoError(t, err)
			answer, err := http.DefaultClient.Do(r)
			require.NoError(t, err, path)
			text, err := bufio.NewReader(io.LimitReader(answer.Body, 256<<10)).ReadString('\n')
			assert.True(t, text != "" && (err == nil || err == io.EOF), path)
			answer.Body.Close()
			cancel()
		}
	}
	took := time.Since(begun)
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf("%d requests in %v, %.0f a second; the page was looked at %d times; %d MiB in use", *requests, took, float64(*requests)/took.Seconds(), looks, m.HeapAlloc>>20)
	bytes := 0
	for _, l := range s.e.Timeline().Lines("", 0, 1<<20) {
		bytes += len(l.Body)
	}
	assert.LessOrEqual(t, bytes, 64<<20)
}

func TestCopies(t *testing.T) {
	t.Parallel()
	s := begin(t, accept)
	status, _ := s.post("/do", `{"ring":{"from":"O'Hara $(id)"}}`)
	require.Equal(t, http.StatusNoContent, status)
	require.Eventually(t, func() bool { return len(s.e.Timeline().Lines("", 0, 10)) >= 3 }, waits, step)
	seen := 0
	for _, l := range s.e.Timeline().Lines("", 0, 10) {
		var it struct{ Curl, Go string }
		s.json(fmt.Sprint("/line?n=", l.Line), &it)
		if l.Kind != sim.KindNotification {
			continue
		}
		seen++
		assert.Contains(t, it.Curl, `O'\''Hara $(id)`)
		_, err := parser.ParseFile(token.NewFileSet(), "x_test.go", "package x\n"+it.Go, 0)
		assert.NoError(t, err, it.Go)
	}
	assert.Equal(t, 1, seen)
}

// answerer is a bot that answers, listens to tones and hangs up at the first, as a file of Go.
const answerer = `package bot

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

func newBot(api string) http.Handler {
	send := func(method, path, body string) {
		r, _ := http.NewRequest(method, api+"/communications/calls/"+path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer x")
		r.Header.Set("Content-Type", "application/json")
		if answer, err := http.DefaultClient.Do(r); err == nil {
			_, _ = io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n struct {
			Value []struct{ ResourceData struct {
				ID, State  string
				MediaState struct{ Audio string }
				ToneInfo   struct{ Tone string }
			} }
		}
		_ = json.NewDecoder(r.Body).Decode(&n)
		for _, one := range n.Value {
			switch data := one.ResourceData; {
			case data.State == "incoming":
				send("POST", data.ID+"/answer", "{\"callbackUri\":\"http://127.0.0.1/callback\",\"acceptedModalities\":[\"audio\"],\"mediaConfig\":{\"@odata.type\":\"#microsoft.graph.serviceHostedMediaConfig\"}}")
			case data.MediaState.Audio == "active":
				go send("POST", data.ID+"/subscribeToTone", "{}")
			case data.ToneInfo.Tone != "":
				HANGUP
			}
		}
		w.WriteHeader(http.StatusAccepted)
	})
}
`

// TestWholeCall: a call is copied as a test, which the bot passes, and another bot does not.
func TestWholeCall(t *testing.T) {
	t.Parallel()
	var s *site
	s = begin(t, func(w http.ResponseWriter, r *http.Request) { answer(s.e, w, r) })
	status, _ := s.post("/do", `{"ring":{"from":"`+"`quoted`"+`"}}`)
	require.Equal(t, http.StatusNoContent, status)
	var all listed
	s.json("/calls", &all)
	id := all.Calls[0].ID
	require.Eventually(t, func() bool { return s.e.Service().Press(id, 0, "tone1") == nil }, waits, step)
	require.Eventually(t, func() bool { s.json("/calls", &all); return all.Calls[0].State == "terminated" }, waits, step)
	require.Empty(t, s.e.Service().Settle())
	resp, text := s.get("/call.go?id=" + id)
	assert.Equal(t, "text/plain; charset=utf-8", resp.Header.Get("Content-Type"))
	assert.Contains(t, text, `path: "/communications/calls/`+id+`/subscribeToTone"`)
	_, err := parser.ParseFile(token.NewFileSet(), "x_test.go", text, 0)
	require.NoError(t, err, text)
	resp, _ = s.get("/call.go?id=none")
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
	if testing.Short() {
		return
	}
	for hangUp, passes := range map[string]bool{`go send("DELETE", strings.Split(n.Value[0].ResourceURL, "/")[3], "")`: true, "": false} {
		dir := t.TempDir()
		code := strings.Replace(answerer, "HANGUP", hangUp, 1)
		code = strings.Replace(code, "Value []struct{ ResourceData", "Value []struct{ ResourceURL string; ResourceData", 1)
		for name, content := range map[string]string{"go.mod": "module bot\n\ngo 1.26\n", "bot.go": code, "bot_test.go": text} {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
		}
		cmd := exec.Command("go", "test", ".")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if passes {
			assert.NoError(t, err, "%s", out)
		} else {
			assert.Contains(t, string(out), "the bot does not go on: DELETE")
		}
	}
}

// answer is answerer in this process.
func answer(e *emulator.Emulator, w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.WriteHeader(http.StatusAccepted)
	var n struct {
		Value []struct {
			ResourceURL  string
			ResourceData struct {
				ID, State  string
				MediaState struct{ Audio string }
				ToneInfo   struct{ Tone string }
			}
		}
	}
	_ = json.Unmarshal(body, &n)
	send := func(method, path, body string) {
		r, err := http.NewRequest(method, e.URL()+"/communications/calls/"+path, strings.NewReader(body))
		if err != nil {
			return
		}
		r.Header.Set("Authorization", "Bearer x")
		r.Header.Set("Content-Type", "application/json")
		if answer, err := http.DefaultClient.Do(r); err == nil {
			answer.Body.Close()
		}
	}
	for _, one := range n.Value {
		switch data := one.ResourceData; {
		case data.State == "incoming":
			go send("POST", data.ID+"/answer", `{"callbackUri":"`+e.Callback+`","acceptedModalities":["audio"],"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"}}`)
		case data.MediaState.Audio == "active":
			go send("POST", data.ID+"/subscribeToTone", "{}")
		case data.ToneInfo.Tone != "":
			go send("DELETE", strings.Split(one.ResourceURL, "/")[3], "")
		}
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	s := begin(t, accept)
	resp, err := http.Get(s.url + "/events")
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	lines := bufio.NewScanner(resp.Body)
	require.True(t, lines.Scan())
	assert.Equal(t, "data: 0", lines.Text())
	status, _ := s.post("/do", `{"ring":{}}`)
	require.Equal(t, http.StatusNoContent, status)
	require.True(t, lines.Scan(), "an empty line ends an event")
	require.True(t, lines.Scan())
	assert.Regexp(t, `^data: [1-9]`, lines.Text())
}

func TestClockAndRecording(t *testing.T) {
	t.Parallel()
	s := begin(t, accept)
	resp, _ := s.get("/recorded")
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
	for path, body := range map[string]string{"/clock": `{"stand":true}`, "/record": `{"name":"x"}`} {
		status, _ := s.post(path, body)
		assert.Equal(t, http.StatusNoContent, status, path)
	}
	assert.True(t, s.e.Clock().Stands())
	status, _ := s.post("/do", `{"ring":{"from":"+49"}}`)
	require.Equal(t, http.StatusNoContent, status)
	_, text := s.get("/recorded")
	assert.Contains(t, text, `from: "+49"`)
	resp, _ = s.get("/call?id=none")
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
}

const (
	waits = 20 * time.Second
	step  = 2 * time.Millisecond
)
