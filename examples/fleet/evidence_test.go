//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communicationstest"
)

// evidence is what is known of a run from outside: from the proxy, the simulator, what the
// instances log, and the history of what is stored. By it
//
//   - every notification that was answered 202 was handled, but for those that came after the one
//     of the call's end,
//   - no operation was sent twice, and none without an intent, which was stored before, while
//     its owner had a valid lease,
//   - what could be harmful was done as often as somebody asked for it, and what is harmless again
//     only where the bot was told that it may have been done.
type evidence struct {
	mu       sync.Mutex
	random   *rand.Rand
	accepted map[string]acceptance // notifications, by call and message
	lines    map[string][]line     // by call
	over     map[string]time.Time  // when the notification of a call's end came first
	posts    int
	refused  int // by instances
	handled  map[string]bool
	allowed  map[string]int // by call and action
	leases   map[string][]line
	acts     []communicationstest.Entry
	alive    map[string]time.Time // the last keepalive of a call
	silence  time.Duration        // the longest between two
	ends     map[string]time.Time // of instances
	from     map[string]string    // the former owners of calls that are being taken over
	takeover []time.Duration
}

func newEvidence(seed uint64) *evidence {
	return &evidence{
		random: rand.New(rand.NewPCG(seed, 1)), accepted: make(map[string]acceptance), lines: make(map[string][]line), over: make(map[string]time.Time), handled: make(map[string]bool),
		allowed: make(map[string]int), leases: make(map[string][]line), alive: make(map[string]time.Time), ends: make(map[string]time.Time),
		from: make(map[string]string),
	}
}

// front notes what becomes of notifications, and refuses some: before or after they are passed on.
func (e *evidence) front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		chance := e.random.Float64()
		e.mu.Unlock()
		if chance < 0.03 {
			http.Error(w, "refused", http.StatusServiceUnavailable)
			return
		}
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		e.came(body)
		status := &statusWriter{ResponseWriter: w, withhold: chance < 0.06}
		next.ServeHTTP(status, r)
		e.answered(r, body, status.status)
		if status.withhold {
			http.Error(w, "lost", http.StatusBadGateway)
		}
	})
}

// statusWriter notes the status of an answer, and may withhold it.
type statusWriter struct {
	http.ResponseWriter
	withhold bool
	status   int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	if !w.withhold {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *statusWriter) Write(data []byte) (int, error) {
	if w.withhold {
		return len(data), nil
	}
	return w.ResponseWriter.Write(data)
}

// acceptance is that a notification was answered 202.
type acceptance struct {
	at   time.Time
	body []byte
}

// notified is as much of the body of a post as the evidence is about.
type notified struct {
	Value []struct{ ResourceURL string }
}

// came notes when the end of a call is reported.
func (e *evidence) came(body []byte) {
	var n notified
	if !bytes.Contains(body, []byte(`"terminated"`)) || json.Unmarshal(body, &n) != nil || len(n.Value) != 1 {
		return
	}
	call := callOf(n.Value[0].ResourceURL)
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, again := e.over[call]; !again {
		e.over[call] = time.Now()
	}
}

func (e *evidence) answered(r *http.Request, body []byte, status int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.posts++
	if status == http.StatusServiceUnavailable {
		e.refused++
	}
	if status != http.StatusAccepted {
		return
	}
	var n notified
	if json.Unmarshal(body, &n) != nil || len(n.Value) != 1 {
		return
	}
	message := r.Header.Get("X-Microsoft-Skype-Original-Message-ID")
	if message == "" {
		message = r.Header.Get("X-Microsoft-Skype-Message-ID")
	}
	call := callOf(n.Value[0].ResourceURL)
	if _, again := e.accepted[call+" "+message]; !again {
		e.accepted[call+" "+message] = acceptance{time.Now(), body}
	}
}

// callOf returns the key of the call that a notification is about.
func callOf(resource string) string {
	_, rest, _ := strings.Cut(resource, "/calls/")
	id, _, _ := strings.Cut(rest, "/")
	return keyOf(id)
}

// saw is told what the instances log.
func (e *evidence) saw(l line) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if call, ok := strings.CutPrefix(l.Subject, "callgen.log.p"); ok {
		l.Call = call
	}
	if l.Call != "" {
		e.lines[keyOf(l.Call)] = append(e.lines[keyOf(l.Call)], l)
	}
	switch l.Text {
	case "notification handled":
		e.handled[l.Notification] = true
	case "lease renewed":
		e.leases[l.Instance] = append(e.leases[l.Instance], l)
	case "perhaps again":
		e.allowed[l.Call+"/"+l.Action]++
	case "call taken over":
		e.from[keyOf(l.Call)] = l.From
	case "call resumed":
		for _, action := range l.Actions {
			e.allowed[l.Call+"/"+action]++
		}
		if end, killed := e.ends[e.from[keyOf(l.Call)]]; killed {
			e.takeover = append(e.takeover, l.Time.Sub(end))
		}
		delete(e.from, keyOf(l.Call))
	}
}

// allow allows an action once more.
func (e *evidence) allow(call, action string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.allowed[call+"/"+action]++
}

// killed notes that an instance has gone.
func (e *evidence) killed(instance string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ends[instance] = time.Now()
}

// watch is told what happens at the service.
func (e *evidence) watch(entry communicationstest.Entry) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if entry.Kind != communicationstest.KindRequest {
		return
	}
	switch actionOf(entry) {
	case "":
	case "keepAlive":
		if last, ok := e.alive[entry.CallID]; ok {
			e.silence = max(e.silence, entry.Time.Sub(last))
		}
		e.alive[entry.CallID] = entry.Time
	default:
		e.acts = append(e.acts, entry)
	}
}

func (e *evidence) refusals() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.refused
}

// stored is a session in the history of the store.
type stored struct {
	at           time.Time
	owner, lease string
	kind, call   string
	Position     uint64
	Operations   []struct{ Key, Action, ID string }
}

// keepHistory makes the stream of the calls keep all that was stored.
func keepHistory(t *testing.T, servers string) {
	conn, err := nats.Connect(servers)
	require.NoError(t, err)
	defer conn.Close()
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	s, err := js.Stream(ctx, "callgen-calls")
	require.NoError(t, err)
	config := s.CachedInfo().Config
	config.MaxMsgsPerSubject = -1
	_, err = js.UpdateStream(ctx, config)
	require.NoError(t, err)
}

// collect waits until all notifications are handled or not needed any more, and returns the
// history of the store.
func (e *evidence) collect(ctx context.Context, t *testing.T, servers string) []stored {
	conn, err := nats.Connect(servers)
	require.NoError(t, err)
	defer conn.Close()
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	left := uint64(0)
	for {
		limited, cancel := context.WithTimeout(ctx, 2*time.Second)
		s, err := js.Stream(limited, "callgen-log")
		cancel()
		if err == nil {
			left = s.CachedInfo().State.Msgs
		}
		if err == nil && left == 0 {
			break
		}
		if !sleep(ctx, 100*time.Millisecond) {
			t.Logf("%d notifications of calls that are over are left in the log; %v", left, err) // they expire
			break
		}
	}
	return history(t, js)
}

func history(t *testing.T, js jetstream.JetStream) []stored {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), long)
	defer cancel()
	s, err := js.Stream(ctx, "callgen-calls")
	require.NoError(t, err)
	consumer, err := s.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{})
	require.NoError(t, err)
	messages, err := consumer.Messages()
	require.NoError(t, err)
	defer messages.Stop()
	var list []stored
	for range s.CachedInfo().State.Msgs {
		m, err := messages.Next(jetstream.NextContext(ctx))
		require.NoError(t, err)
		data, err := m.Metadata()
		require.NoError(t, err)
		one := stored{
			at: data.Timestamp, owner: m.Headers().Get("Callgen-Owner"), lease: m.Headers().Get("Callgen-Lease"),
			kind: m.Headers().Get("Callgen-Kind"), call: strings.TrimPrefix(m.Subject(), "callgen.calls.p"),
		}
		if one.kind == "session" {
			require.NoError(t, json.Unmarshal(m.Data(), &one))
		}
		list = append(list, one)
	}
	return list
}

// check checks what the evidence says.
func (e *evidence) check(t *testing.T, history []stored) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for n, a := range e.accepted {
		call, message, _ := strings.Cut(n, " ")
		over, ended := e.over[call]
		if !e.handled[message] && !(ended && a.at.After(over)) {
			assert.Fail(t, "a notification was answered 202 and is lost", "%s\n%s", message, e.course(call, a, history))
		}
	}
	e.checkActs(t, e.intents(history))
}

// course tells what became of a call.
func (e *evidence) course(call string, a acceptance, history []stored) string {
	const clock = "15:04:05.000"
	text := fmt.Sprintf("accepted at %s: %s\nits end came at %s\n", a.at.Format(clock), a.body, e.over[call].Format(clock))
	for _, s := range history {
		if s.call == call {
			text += fmt.Sprintf("%s %s stored by %s, position %d, %v\n", s.at.Local().Format(clock), s.kind, s.owner, s.Position, s.Operations)
		}
	}
	for _, l := range e.lines[call] {
		text += fmt.Sprintf("%s %s: %s %s %s %v %s %s %d %v\n", l.Time.Local().Format(clock), l.Instance, l.Text, l.From, l.To, l.Actions, l.Err, l.Stored, l.Position, l.Again)
	}
	return text
}

// intent is an operation that somebody was about to send.
type intent struct {
	call, action string
	at           time.Time
}

// intents returns the intents that were stored while their owner had a valid lease, by call
// and key.
func (e *evidence) intents(history []stored) map[string]intent {
	seen, valid := make(map[string]bool), make(map[string]intent)
	for _, s := range history {
		for _, o := range s.Operations {
			key := s.call + "/" + o.Key
			if seen[key] || o.ID != "" {
				continue
			}
			seen[key] = true
			if e.hadLease(s) {
				valid[key] = intent{s.call, o.Action, s.at}
			}
		}
	}
	return valid
}

// hadLease reports whether a session was stored while its owner had the lease that it names, or a
// later one.
func (e *evidence) hadLease(s stored) bool {
	its, valid := false, false
	for _, l := range e.leases[s.owner] {
		its = its || fmt.Sprint(l.Revision) == s.lease
		valid = valid || !s.at.Before(l.Renewed) && s.at.Before(l.Until)
	}
	return its && valid
}

// checkActs compares what was sent with what was intended and allowed.
func (e *evidence) checkActs(t *testing.T, intents map[string]intent) {
	intended, sent := make(map[string]int), make(map[string]int)
	for _, i := range intents {
		intended[i.call+"/"+i.action]++
	}
	contexts := make(map[string]int)
	for _, a := range e.acts {
		action := actionOf(a)
		sent[a.CallID+"/"+action]++
		name := contextOf(a)
		if name == "" {
			continue
		}
		name = keyOf(a.CallID) + "/" + name
		contexts[name]++
		i, ok := intents[name]
		assert.True(t, ok, "%s of call %s was sent without an intent that was stored with a valid lease", action, a.CallID)
		assert.False(t, ok && i.at.After(a.Time), "%s of call %s was sent before its intent was stored", action, a.CallID)
		assert.Equal(t, 1, contexts[name], "%s of call %s was sent again", action, a.CallID)
	}
	for what, n := range sent {
		call, action, _ := strings.Cut(what, "/")
		assert.LessOrEqual(t, n, intended[keyOf(call)+"/"+action], "%s of call %s was sent more often than intended", action, call)
		switch action {
		case "playPrompt":
			assert.LessOrEqual(t, n, e.allowed[what], "the time was played in call %s more often than asked for", call)
		case "subscribeToTone", "answer":
			assert.LessOrEqual(t, n, 1+e.allowed[what], "%s of call %s was repeated", action, call)
		}
	}
}

// String returns figures.
func (e *evidence) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	late := 0
	for n := range e.accepted {
		if _, message, _ := strings.Cut(n, " "); !e.handled[message] {
			late++
		}
	}
	return fmt.Sprintf("%d posts, %d refused by instances, %d notifications accepted, of which %d after the end of their call; %d actions; takeovers: %s; longest time between two keepalives: %v",
		e.posts, e.refused, len(e.accepted), late, len(e.acts), percentiles(e.takeover), e.silence.Round(time.Millisecond))
}

// percentiles describes durations.
func percentiles(list []time.Duration) string {
	if len(list) == 0 {
		return "none"
	}
	list = slices.Sorted(slices.Values(list))
	at := func(part float64) time.Duration { return list[int(part*float64(len(list)-1))].Round(time.Millisecond) }
	return fmt.Sprintf("%d, median %v, p99 %v, longest %v", len(list), at(0.5), at(0.99), at(1))
}
