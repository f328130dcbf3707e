package page_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/callsim/emulator"
	"github.com/callgen/callgen/callsim/page"
	sim "github.com/callgen/callgen/generated/communicationstest"
)

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
