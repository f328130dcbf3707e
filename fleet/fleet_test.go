package fleet_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/fleet"
)

// long is how long a test waits for what must happen.
const long = 30 * time.Second

// storedCall is like that of a generated package.
type storedCall struct {
	ID       string
	Revision uint64
	Expires  time.Time
	Data     []byte
}

// calls is as much of a generated package's Calls as a fleet needs: it saves what it has got.
type calls struct {
	store *fleet.CallStore[storedCall]

	mu       sync.Mutex
	sessions map[string]*session
	unknown  []string
}

// session is a call of which the texts of its notifications are saved.
type session struct {
	calls *calls
	saved storedCall
	texts []text
}

type text struct {
	Position uint64
	Call     string
	Text     string
}

func (c *calls) Get(id string) (*session, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.sessions[id]
	return s, ok
}

func (c *calls) Rehydrate(ctx context.Context, id string) (*session, error) {
	saved, err := c.store.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	s := &session{calls: c, saved: saved}
	if err := json.Unmarshal(saved.Data, &s.texts); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sessions[id] = s
	return s, nil
}

func (c *calls) DeliverLogged(ctx context.Context, position uint64, data []byte) error {
	var t text
	if err := json.Unmarshal(data, &t); err != nil {
		return err
	}
	t.Position = position
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.sessions[t.Call]
	if s == nil && t.Text != "begin" {
		c.unknown = append(c.unknown, t.Call)
		return nil
	}
	if s == nil {
		s = &session{calls: c, saved: storedCall{ID: t.Call}}
		c.sessions[t.Call] = s
	}
	if n := len(s.texts); n > 0 && s.texts[n-1].Position >= position {
		return nil
	}
	return s.add(ctx, t)
}

func (s *session) add(ctx context.Context, t text) error {
	next := s.saved
	texts := append(slices.Clone(s.texts), t)
	next.Data, _ = json.Marshal(texts)
	next.Expires = time.Now().Add(time.Hour)
	revision, err := s.calls.store.Save(ctx, next)
	if err != nil {
		return err
	}
	next.Revision = revision
	s.saved, s.texts = next, texts
	if t.Text == "end" {
		delete(s.calls.sessions, t.Call)
		return s.calls.store.Delete(ctx, t.Call, revision)
	}
	return nil
}

func (s *session) Leave(context.Context) error {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	delete(s.calls.sessions, s.saved.ID)
	return nil
}

// heard returns the texts of a call in this process.
func (c *calls) heard(id string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []string
	if s := c.sessions[id]; s != nil {
		for _, t := range s.texts {
			list = append(list, t.Text)
		}
	}
	return list
}

// errors of the store.
var errNotStored, errStored, errRevision = errors.New("not stored"), errors.New("stored"), errors.New("revision")

// join starts an instance.
func join(t testing.TB, options fleet.Options) (*fleet.Fleet, *calls) {
	t.Helper()
	options.Logger = slog.New(slog.DiscardHandler)
	options.Lease = cmp.Or(options.Lease, 2*time.Second)
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	f, err := fleet.Start(ctx, options)
	require.NoError(t, err)
	c := &calls{sessions: make(map[string]*session)}
	c.store = fleet.NewCallStore[storedCall](f, fleet.StoreErrors{NotStored: errNotStored, Stored: errStored, Revision: errRevision})
	require.NoError(t, fleet.Serve(f, c))
	t.Cleanup(func() { _ = f.Close(context.Background()) })
	return f, c
}

// say stores a notification.
func say(t testing.TB, f *fleet.Fleet, call, message, what string) {
	t.Helper()
	data, err := json.Marshal(text{Call: call, Text: what})
	require.NoError(t, err)
	require.NoError(t, f.Append(t.Context(), call, message, what == "begin", data))
}

func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	require.Eventually(t, holds, long, 10*time.Millisecond, what)
}

// TestRestart: with a server in the process nothing is lost when the process ends, even if it had
// no time to hand calls over.
func TestRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, c := join(t, fleet.Options{Dir: dir})
	const call = "an id with . * > and blanks"
	say(t, f, call, "1", "begin")
	say(t, f, call, "2", "one")
	say(t, f, call, "2", "one") // again
	say(t, f, call, "", "two")
	say(t, f, call, "", "two") // may be news
	want := []string{"begin", "one", "two", "two"}
	until(t, "it has heard everything", func() bool { return slices.Equal(want, c.heard(call)) })
	require.NoError(t, f.Close(t.Context()))
	assert.ErrorIs(t, f.Append(t.Context(), call, "", false, nil), fleet.ErrClosed)

	f, c = join(t, fleet.Options{Dir: dir})
	until(t, "it has taken the call up", func() bool { return slices.Equal(want, c.heard(call)) })
	say(t, f, call, "3", "three")
	until(t, "it goes on", func() bool { return slices.Equal(append(want, "three"), c.heard(call)) })
	say(t, f, call, "4", "end")
	until(t, "nothing is left", func() bool { return len(f.Status().Calls) == 0 && f.Metrics().Waiting == 0 })
	say(t, f, call, "5", "begin") // late: it has ended
	until(t, "it is delivered to nobody", func() bool { return f.Metrics().Owned == 0 && len(c.heard(call)) == 0 })
}

// TestUnclaimed: notifications of a call that nobody follows wait for who creates it, and are then
// passed to the sessions to be reported.
func TestUnclaimed(t *testing.T) {
	t.Parallel()
	f, c := join(t, fleet.Options{Dir: t.TempDir(), Unclaimed: 3 * time.Second})
	say(t, f, "created", "1", "early")
	_, err := c.store.Save(t.Context(), storedCall{ID: "created", Data: []byte("[]"), Expires: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	until(t, "who creates it hears it", func() bool { return slices.Equal([]string{"early"}, c.heard("created")) })
	say(t, f, "stray", "1", "hello")
	until(t, "it is reported", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return slices.Equal(c.unknown, []string{"stray"})
	})
	until(t, "it is counted", func() bool { return f.Metrics().Unclaimed == 1 })
}

// TestHealth: ready only with a lease, and not while it drains.
func TestHealth(t *testing.T) {
	t.Parallel()
	f, _ := join(t, fleet.Options{Dir: t.TempDir(), Instance: "bot 1.example"})
	assert.Regexp(t, `^bot_1_example-`, f.Instance())
	get := func(h http.Handler) (int, string) {
		r := httptest.NewRecorder()
		h.ServeHTTP(r, httptest.NewRequest(http.MethodGet, "/", nil))
		return r.Code, r.Body.String()
	}
	code, _ := get(f.Health())
	assert.Equal(t, http.StatusOK, code)
	say(t, f, "a", "1", "begin")
	until(t, "the status has it", func() bool { s := f.Status(); return len(s.Instances) == 1 && len(s.Calls) == 1 })
	_, body := get(f.StatusHandler())
	assert.Contains(t, body, `"id":"a","owner":"`+f.Instance())
	assert.Contains(t, f.String(), `"stored":1`)
	require.NoError(t, f.Close(t.Context()))
	code, _ = get(f.Health())
	assert.Equal(t, http.StatusServiceUnavailable, code)
}

// TestBadInput: what is in the way is named.
func TestBadInput(t *testing.T) {
	t.Parallel()
	s, err := server.NewServer(&server.Options{DontListen: true, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	require.NoError(t, err)
	s.Start()
	defer s.Shutdown()
	require.True(t, s.ReadyForConnections(long))
	conn, err := nats.Connect("", nats.InProcessServer(s))
	require.NoError(t, err)
	defer conn.Close()
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	for _, config := range []jetstream.StreamConfig{
		{Name: "subjects-log", Subjects: []string{"something.else"}},
		{Name: "foreign-calls", Subjects: []string{"foreign.calls.*"}},
		{Name: "version-calls", Subjects: []string{"version.calls.*"}, Metadata: map[string]string{"callgen-fleet": "2"}},
		{Name: "kind-calls", Subjects: []string{"kind.calls.*"}, Metadata: map[string]string{"callgen-fleet": "1"}},
		{Name: "taken", Subjects: []string{"taken.log.>"}},
	} {
		_, err := js.CreateStream(t.Context(), config)
		require.NoError(t, err)
	}
	for _, c := range []struct {
		options fleet.Options
		want    string
	}{
		{fleet.Options{}, "set Options.Conn to a connection, or Options.Dir"},
		{fleet.Options{Conn: conn, Dir: "x"}, "set Options.Conn to a connection, or Options.Dir"},
		{fleet.Options{Conn: conn, Name: "a.b"}, `Options.Name is "a.b": use letters`},
		{fleet.Options{Conn: conn, Lease: time.Second}, "Options.Lease is 1s: give it at least 2s"},
		{fleet.Options{Conn: conn, Name: "subjects"}, `the stream subjects-log has the subjects ["something.else"], not ["subjects.log.*"]`},
		{fleet.Options{Conn: conn, Name: "foreign"}, "the stream foreign-calls was not made by a fleet"},
		{fleet.Options{Conn: conn, Name: "version"}, `the stream version-calls has version "2", and this program reads "1"`},
		{fleet.Options{Conn: conn, Name: "kind"}, "the stream kind-calls keeps messages in another way"},
		{fleet.Options{Conn: conn, Name: "taken"}, "the stream taken-log cannot be made"},
		{fleet.Options{Conn: conn, Replicas: 3}, "Options.Replicas is 3, and there is one server only"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		_, err := fleet.Start(ctx, c.options)
		cancel()
		assert.ErrorContains(t, err, c.want)
	}
	f, err := fleet.Start(t.Context(), fleet.Options{Conn: conn})
	require.NoError(t, err)
	defer f.Close(t.Context())
	assert.ErrorContains(t, f.Append(t.Context(), "", "", false, nil), "the id of a call has 0 bytes")
	assert.ErrorContains(t, f.Append(t.Context(), "a", "", false, make([]byte, 2<<20)), "maximum payload")
}

// TestForeignMessages: what somebody else writes into the streams does no harm.
func TestForeignMessages(t *testing.T) {
	t.Parallel()
	s, err := server.NewServer(&server.Options{DontListen: true, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	require.NoError(t, err)
	s.Start()
	defer s.Shutdown()
	require.True(t, s.ReadyForConnections(long))
	conn, err := nats.Connect("", nats.InProcessServer(s))
	require.NoError(t, err)
	defer conn.Close()
	f, c := join(t, fleet.Options{Conn: conn, Unclaimed: 2 * time.Second})
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	for _, subject := range []string{"calls.pa", "calls.xno-hex", "calls.?", "instances.gone", "instances.other", "log.pb", "log.?"} {
		for _, data := range []string{"", "{}", "null", `{"instance":"else"}`, "\x00\xff"} {
			m := nats.NewMsg("callgen." + subject)
			m.Data = []byte(data)
			m.Header.Set("Callgen-Kind", "nonsense")
			m.Header.Set("Callgen-Expires", "soon")
			_, err := js.PublishMsg(t.Context(), m)
			require.NoError(t, err)
		}
	}
	for i := range 20 {
		call := fmt.Sprint("call ", i)
		say(t, f, call, "1", "begin")
		until(t, "it is heard", func() bool { return slices.Equal([]string{"begin"}, c.heard(call)) })
	}
	say(t, f, "a", "1", "begin")
	until(t, "a call whose record was nonsense begins", func() bool { return slices.Equal([]string{"begin"}, c.heard("a")) })
	assert.Len(t, f.Status().Instances, 1, "nobody else has a lease")
	assert.Len(t, f.Status().Calls, 21)
}
