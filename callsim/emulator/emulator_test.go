package emulator_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/callsim"
	"github.com/callgen/callgen/callsim/emulator"
	sim "github.com/callgen/callgen/generated/communicationstest"
)

// bot answers who calls it, unless it is deaf, plays a prompt, and refuses what is not signed,
// unless it trusts everybody.
type bot struct {
	api      func() string
	client   *http.Client
	callback string
	deaf     bool
	trusts   bool
	twice    bool // answers twice
	early    bool // listens to tones too early
	fails    bool // at every third notification

	mu     sync.Mutex
	tokens []string
	told   int
	work   sync.WaitGroup
}

func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	b.told++
	third := b.told%3 == 0
	token := r.Header.Get("Authorization")
	b.tokens = append(b.tokens, token)
	b.mu.Unlock()
	if token == "" && !b.trusts {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if b.fails && third {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	var n struct {
		Value []struct{ ResourceData map[string]any }
	}
	_ = json.NewDecoder(r.Body).Decode(&n)
	w.WriteHeader(http.StatusAccepted)
	for _, one := range n.Value {
		b.work.Go(func() { b.react(one.ResourceData) })
	}
}

func (b *bot) react(call map[string]any) {
	id, _ := call["id"].(string)
	media, _ := call["mediaState"].(map[string]any)
	switch {
	case call["state"] == "incoming" && !b.deaf:
		if b.early {
			b.send(id+"/subscribeToTone", `{}`)
		}
		for range map[bool]int{false: 1, true: 2}[b.twice] {
			b.send(id+"/answer", `{"callbackUri":"`+b.callback+`","acceptedModalities":["audio"],"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"}}`)
		}
	case media["audio"] == "active":
		b.send(id+"/subscribeToTone", `{}`)
	}
}

func (b *bot) send(path, body string) {
	r, err := http.NewRequest(http.MethodPost, b.api()+"/communications/calls/"+path, strings.NewReader(body))
	if err != nil {
		return
	}
	r.Header.Set("Authorization", "Bearer t")
	r.Header.Set("Content-Type", "application/json")
	if resp, err := b.client.Do(r); err == nil {
		resp.Body.Close()
	}
}

// begin starts an emulator and a bot.
func begin(t *testing.T, b *bot) *emulator.Emulator {
	server := httptest.NewServer(b)
	e, err := emulator.Start(emulator.Options{Callback: server.URL + "/callback"})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, e.Close()) })
	b.api, b.client, b.callback = e.URL, server.Client(), e.Callback
	t.Cleanup(b.work.Wait)
	t.Cleanup(server.Close) // first of all: what the bot is told begins work
	return e
}

// quick makes an emulation without the pauses of people.
func quick(t *testing.T, e *emulator.Emulator) {
	require.NoError(t, e.Reset(sim.WithTiming(sim.Quick())))
}

func do(t *testing.T, e *emulator.Emulator, step string) {
	t.Helper()
	s, err := callsim.ParseStep([]byte(step))
	require.NoError(t, err)
	require.NoError(t, e.Do(t.Context(), s), step)
}

// state waits until the latest call is in a state.
func state(t *testing.T, e *emulator.Emulator, want string) {
	t.Helper()
	require.Eventually(t, func() bool {
		calls, _ := e.Timeline().Calls(0, 1)
		return len(calls) == 1 && calls[0].State == want
	}, 20*time.Second, 2*time.Millisecond, want)
}

func TestRinging(t *testing.T) {
	t.Parallel()
	b := &bot{}
	e := begin(t, b)
	quick(t, e)
	do(t, e, `{"ring":{"from":"John"}}`)
	state(t, e, "established")
	do(t, e, `{"join":{"name":"Ann"}}`)
	assert.Len(t, e.Open(), 1)
	do(t, e, `{"hangUp":{}}`)
	state(t, e, "terminated")
	assert.Empty(t, e.Complaints())
	assert.Empty(t, e.Open())
	calls, total := e.Timeline().Calls(0, 10)
	assert.Equal(t, 1, total)
	assert.Equal(t, "John", calls[0].With)
	for _, l := range e.Timeline().Lines("", 0, 1000) {
		if a := l.Header.Get("Authorization"); a != "" {
			assert.Equal(t, "Bearer …", a, "a timeline shows no tokens")
		}
	}
}

// TestTokens are verified by nothing but what the issuer publishes.
func TestTokens(t *testing.T) {
	t.Parallel()
	b := &bot{deaf: true}
	e := begin(t, b)
	do(t, e, `{"ring":{}}`)
	require.Eventually(t, func() bool { b.mu.Lock(); defer b.mu.Unlock(); return len(b.tokens) > 0 }, 20*time.Second, time.Millisecond)
	var document struct {
		KeysURI string `json:"jwks_uri"`
	}
	fetch(t, e.Metadata(), &document)
	var set struct{ Keys []struct{ N, E, Kid string } }
	fetch(t, document.KeysURI, &set)
	require.Len(t, set.Keys, 1)
	parts := strings.Split(strings.TrimPrefix(b.tokens[0], "Bearer "), ".")
	require.Len(t, parts, 3)
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(decoded(t, set.Keys[0].N)), E: int(new(big.Int).SetBytes(decoded(t, set.Keys[0].E)).Int64())}
	require.NoError(t, rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], decoded(t, parts[2])))
	var claims struct{ Iss, Aud, Tid string }
	require.NoError(t, json.Unmarshal(decoded(t, parts[1]), &claims))
	assert.Equal(t, "https://graph.microsoft.com", claims.Iss)
	assert.Equal(t, emulator.DefaultApp, claims.Aud)
	assert.Equal(t, emulator.DefaultTenant, claims.Tid)
}

func decoded(t *testing.T, s string) []byte {
	data, err := base64.RawURLEncoding.DecodeString(s)
	require.NoError(t, err)
	return data
}

func fetch(t *testing.T, url string, v any) {
	resp, err := http.Get(url)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.NoError(t, json.NewDecoder(resp.Body).Decode(v))
}

// TestWrongBots are reported by name.
func TestWrongBots(t *testing.T) {
	t.Parallel()
	for want, test := range map[string]struct {
		bot   *bot
		steps []string
	}{
		"unanswered":          {&bot{deaf: true}, []string{`{"ring":{}}`, `{"advance":"16s"}`}},
		"no-keepalive":        {&bot{}, []string{`{"ring":{}}`, "established", `{"advance":"46m"}`}},
		"wrong-state":         {&bot{early: true}, []string{`{"ring":{}}`, "established"}},
		"second-answer":       {&bot{twice: true}, []string{`{"ring":{}}`, "established"}},
		"unsigned-accepted":   {&bot{trusts: true}, []string{`{"unsigned":{}}`}},
		"notification-failed": {&bot{fails: true}, []string{`{"ring":{}}`, "established", `{"hangUp":{}}`}},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			e := begin(t, test.bot)
			quick(t, e)
			for _, s := range test.steps {
				if strings.HasPrefix(s, "{") {
					do(t, e, s)
				} else {
					state(t, e, s)
				}
			}
			assert.Eventually(t, func() bool {
				for _, c := range e.Complaints() {
					if c.Code == want {
						return assert.NotEmpty(t, c.Text) && assert.NotEmpty(t, c.Page, "the page of the documentation")
					}
				}
				return false
			}, 20*time.Second, 2*time.Millisecond)
		})
	}
}

func TestClockStands(t *testing.T) {
	t.Parallel()
	e := begin(t, &bot{deaf: true})
	e.Halt(true)
	at := e.Clock().Now()
	do(t, e, `{"ring":{}}`)
	assert.Equal(t, at, e.Clock().Now())
	do(t, e, `{"advance":"14s"}`)
	assert.Equal(t, at.Add(14*time.Second), e.Clock().Now())
	assert.Empty(t, e.Complaints())
	do(t, e, `{"advance":"2s"}`)
	assert.Len(t, e.Complaints(), 1)
	e.Halt(false)
	assert.False(t, e.Clock().Now().Before(at.Add(16*time.Second)))
}

func TestPlay(t *testing.T) {
	t.Parallel()
	e := begin(t, &bot{})
	s, err := callsim.Parse("ok.yaml", []byte("timing: quick\nsteps:\n- ring: {from: +49, guest: true}\n- expect: {request: 'POST /communications/calls/{id}/answer', status: 202, within: 15s}\n- hangUp: {}\n"))
	require.NoError(t, err)
	require.NoError(t, e.Play(t.Context(), s))
	s, err = callsim.Parse("fails.yaml", []byte("timing: quick\nsteps:\n- ring: {}\n- restart: true\n"))
	require.NoError(t, err)
	assert.ErrorContains(t, e.Play(t.Context(), s), "fails.yaml:4: the bot is a process of its own")
}

// TestRecordAndReplay: what is recorded with a bot in another process is played in a bubble,
// where it makes the same timeline each time.
func TestRecordAndReplay(t *testing.T) {
	t.Parallel()
	e := begin(t, &bot{})
	e.Record("Recorded")
	do(t, e, `{"ring":{"from":"John"}}`)
	state(t, e, "established")
	require.Eventually(t, func() bool { return answered(e.Service().Log(), "/subscribeToTone") }, 20*time.Second, time.Millisecond)
	do(t, e, `{"advance":"5s"}`)
	do(t, e, `{"press":{"call":1,"tone":"1"}}`)
	do(t, e, `{"hangUp":{"call":1}}`)
	state(t, e, "terminated")
	text, err := e.Recorded()
	require.NoError(t, err)
	for _, want := range []string{"name: Recorded", "from: John", "request: POST /communications/calls/{id}/answer", "status: 202", "tone: \"1\"", "state: terminated"} {
		assert.Contains(t, string(text), want)
	}
	var first []string
	for range 100 {
		lines := replay(t, text)
		if first == nil {
			first = lines
			require.Greater(t, len(first), 5)
		}
		require.Equal(t, first, lines)
	}
}

// answered reports whether a request has been answered whose path ends so.
func answered(log []sim.Entry, end string) bool {
	asked := make(map[int]bool)
	for _, entry := range log {
		switch {
		case entry.Kind == sim.KindRequest && strings.HasSuffix(entry.URL, end):
			asked[entry.Number] = true
		case entry.Kind == sim.KindAnswer && asked[entry.Of]:
			return true
		}
	}
	return false
}

// TestRecordingWaitsForAnswers: what is recorded while a request waits for its answer has that
// request with its status later.
func TestRecordingWaitsForAnswers(t *testing.T) {
	t.Parallel()
	e := begin(t, &bot{deaf: true})
	e.Record("Recorded")
	do(t, e, `{"ring":{}}`)
	answer := make(chan struct{})
	e.Service().Handle("POST", "/communications/calls/{id}/answer", func(w http.ResponseWriter, _ *http.Request) {
		<-answer
		w.WriteHeader(http.StatusAccepted)
	})
	calls, _ := e.Timeline().Calls(0, 1)
	b := &bot{api: e.URL, client: new(http.Client)}
	var sent sync.WaitGroup
	sent.Go(func() {
		b.send(calls[0].ID+"/answer", `{"callbackUri":"`+e.Callback+`","acceptedModalities":["audio"],"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"}}`)
	})
	require.Eventually(t, func() bool { return len(e.Service().Requests()) == 1 }, 20*time.Second, time.Millisecond)
	text, err := e.Recorded()
	close(answer)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "POST")
	sent.Wait()
	text, err = e.Recorded()
	require.NoError(t, err)
	assert.Contains(t, string(text), "request: POST /communications/calls/{id}/answer\n      status: 202")
}

// TestLimits: limits are shortened for bots in other processes, also while a scenario is played.
func TestLimits(t *testing.T) {
	t.Parallel()
	b := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	defer b.Close()
	e, err := emulator.Start(emulator.Options{Callback: b.URL, Limits: 0.01})
	require.NoError(t, err)
	defer e.Close()
	s, err := callsim.Parse("limits.yaml", []byte("timing: quick\nsteps:\n- ring: {}\n- expect: {state: terminated, within: 10s}\n- expect: {complaints: [unanswered]}\n"))
	require.NoError(t, err)
	assert.NoError(t, e.Play(t.Context(), s))
	complaints := e.Complaints()
	require.Len(t, complaints, 1)
	assert.Contains(t, complaints[0].Text, "within 150ms")
}

// replay plays a scenario in a bubble, and returns the timeline.
func replay(t *testing.T, text []byte) (lines []string) {
	s, err := callsim.Parse("recorded.yaml", text)
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		service, err := sim.NewService(s.Options()...)
		require.NoError(t, err)
		defer service.Close()
		service.Watch(func(e sim.Entry) { lines = append(lines, callsim.Line(e)) })
		p := &callsim.Player{Service: service, Pace: callsim.Pace{
			Advance: func(d time.Duration) { time.Sleep(d); synctest.Wait() }, Settle: synctest.Wait,
		}, Bot: func(_ context.Context, at callsim.Place) (http.Handler, error) {
			return &bot{api: func() string { return at.URL }, client: at.Client, callback: at.Callback, trusts: true}, nil
		}}
		assert.NoError(t, p.Play(t.Context(), s), "%s", text)
		synctest.Wait()
	})
	return lines
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, emulator.WriteJUnit(&b, []emulator.Result{{Name: "a", Took: time.Second}, {Name: "<b>", Err: errors.New("1 < 2")}}))
	assert.Contains(t, b.String(), `<testsuite name="callsim" tests="2" failures="1">`)
	assert.Contains(t, b.String(), `name="&lt;b&gt;"`)
	assert.NoError(t, xml.Unmarshal(b.Bytes(), new(struct{})))
}

// TestGuard: neither another name nor another page leads to the API.
func TestGuard(t *testing.T) {
	t.Parallel()
	e := begin(t, &bot{})
	for name, test := range map[string]struct {
		change func(*http.Request)
		status int
	}{
		"as it is":           {func(*http.Request) {}, http.StatusOK},
		"another name":       {func(r *http.Request) { r.Host = "evil.example" }, http.StatusMisdirectedRequest},
		"another page":       {func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, http.StatusForbidden},
		"no page in a frame": {func(r *http.Request) { r.Header.Set("Origin", "null") }, http.StatusForbidden},
		"another site":       {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, http.StatusForbidden},
	} {
		r, err := http.NewRequest(http.MethodGet, e.Metadata(), nil)
		require.NoError(t, err)
		test.change(r)
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		assert.Equal(t, test.status, resp.StatusCode, name)
	}
}

func TestCallbackThatIsNoAddress(t *testing.T) {
	t.Parallel()
	_, err := emulator.Start(emulator.Options{Callback: "bot"})
	assert.ErrorContains(t, err, `the callback "bot" is no address`)
}
