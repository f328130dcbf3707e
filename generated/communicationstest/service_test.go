package communicationstest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

func start(t *testing.T, opts ...communicationstest.Option) *communicationstest.Service {
	s, err := communicationstest.NewService(opts...)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// meeting is a call that joins a meeting.
func meeting(callbackURL string) *communications.Call {
	return &communications.Call{
		CallbackURI: &callbackURL, RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.ServiceHostedMediaConfig{}, MeetingInfo: &communications.JoinMeetingIDMeetingInfo{JoinMeetingID: new("1")},
	}
}

// noWait makes retries immediate.
func noWait() communications.ClientOption {
	return communications.WithRetry(communications.RetryPolicy{Attempts: 3, Base: time.Millisecond, MaxWait: time.Second})
}

// commas are those before a closing bracket, which the page prints and JSON has not.
var commas = regexp.MustCompile(`,(\s*[}\]])`)

// TestCreateCallsOfThePage sends the requests of the page, which conform, and gets
// answers with the members that the page's answers have.
func TestCreateCallsOfThePage(t *testing.T) {
	files, err := filepath.Glob("../testdata/seed/ex*-request*.json")
	require.NoError(t, err)
	require.Len(t, files, 12)
	s, callback := start(t), newMailbox(t).url
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		call := new(communications.Call)
		require.NoError(t, communications.Unmarshal(commas.ReplaceAll(text, []byte("$1")), call), file)
		call.CallbackURI = &callback
		var response communications.Response
		made, err := s.Client().Communications().Calls().Create(t.Context(), call, communications.ResponseInto(&response))
		require.NoError(t, err, file)
		assert.Equal(t, http.StatusCreated, response.Status)
		assert.Equal(t, s.URL+"/communications/calls/"+made.ID, response.Header.Get("Location"))
		assert.Equal(t, communications.CallStateEstablishing, made.State)
		assert.Equal(t, call.MediaConfig, made.MediaConfig)
		assert.Equal(t, call.MeetingInfo, made.MeetingInfo)
		last := s.Requests()[len(s.Requests())-1]
		assert.Equal(t, "POST /communications/calls", last.Method+" "+last.Path)
		assert.NoError(t, last.Err, file)

		require.Empty(t, s.Settle())
		again, err := s.Client().Communications().Calls().ByID(made.ID).Get(t.Context())
		require.NoError(t, err)
		assert.Equal(t, communications.CallStateEstablished, again.State)
	}
	assert.Empty(t, s.Problems())
}

func TestRequestsThatTheDescriptionDoesNotHave(t *testing.T) {
	s := start(t)
	for _, test := range []struct {
		method, path, body string
		status             int
		message            string
	}{
		{"GET", "/nothing", "", 404, "/nothing: the description has nothing at /nothing"},
		{"GET", "/communications/none", "", 404, "/communications/none: the description has nothing at /communications/none"},
		{"GET", "/communications/calls/1/answer", "", 405, "GET /communications/calls/{id}/answer: the description allows no such method"},
		{"DELETE", "/communications", "", 405, "DELETE /communications: the description allows no such method"},
		{"POST", "/communications/onlineMeetings", `{"stat":1}`, 0, ""}, // open type
		{"POST", "/communications/calls", `{"direction":"upwards","tenantId":1,"targets":{},"routingPolicies":["x"]}`, 400,
			"$.direction: microsoft.graph.callDirection has no member upwards\n$.routingPolicies[0]: microsoft.graph.routingPolicy has no member x\n" +
				"$.targets: must be an array\n$.tenantId: must be a text of type Edm.String"},
		{"POST", "/communications/calls", `{"mediaConfig":{"@odata.type":"#microsoft.graph.chatInfo"}}`, 400,
			"$.mediaConfig: microsoft.graph.chatInfo is not derived from microsoft.graph.mediaConfig"},
		{"POST", "/communications/calls", `{"chatInfo":{"thread":"1"}}`, 400, "$.chatInfo: microsoft.graph.chatInfo has no property thread"},
		{"POST", "/communications/calls", `[]`, 400, "the body is not a JSON object"},
		{"POST", "/communications/calls", `{`, 400, "the body is not JSON: unexpected EOF"},
		{"POST", "/communications/calls/1/subscribeToTone", `{"tone":"1"}`, 400, "$: microsoft.graph.subscribeToTone has no parameter tone"},
	} {
		req, err := http.NewRequest(test.method, s.URL+test.path, bytes.NewReader([]byte(test.body)))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer x")
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		if test.status == 0 {
			assert.Less(t, resp.StatusCode, 300, test.body)
			continue
		}
		var body struct{ Error struct{ Message string } }
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&body))
		assert.Equal(t, test.message, body.Error.Message)
		assert.Equal(t, test.status, resp.StatusCode, test.path)
	}
	assert.Len(t, s.Problems(), 10)
}

func TestInjectedFaults(t *testing.T) {
	s := start(t)
	client := s.Client(noWait())
	calls := client.Communications().Calls()

	s.Inject(communicationstest.Fault{Status: 429, Times: 2})
	_, err := calls.List(t.Context())
	require.NoError(t, err, "the third attempt is answered")
	assert.Len(t, s.Requests(), 3)

	s.Inject(communicationstest.Fault{Method: "POST", Status: 503, Times: 1})
	_, err = calls.Create(t.Context(), meeting(newMailbox(t).url))
	e, ok := errors.AsType[*communications.Error](err)
	if assert.True(t, ok || err == nil, "%v", err) && ok {
		assert.Equal(t, 503, e.Status)
	}

	s.Inject(communicationstest.Fault{Path: "/communications/calls", Body: "{", Times: 1})
	_, err = calls.List(t.Context())
	_, ok = errors.AsType[*communications.DecodeError](err)
	assert.True(t, ok, "%v", err)

	s.Inject(communicationstest.Fault{Cut: true, Times: 4})
	_, err = calls.List(t.Context())
	assert.Error(t, err)

	s.Inject(communicationstest.Fault{Delay: time.Minute, Times: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = calls.List(ctx)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestOtherEntities(t *testing.T) {
	s := start(t)
	calls := s.Client().Communications().Calls()
	call, err := calls.Create(t.Context(), meeting(newMailbox(t).url))
	require.NoError(t, err)
	groups := calls.ByID(call.ID).AudioRoutingGroups()
	made, err := groups.Create(t.Context(), &communications.AudioRoutingGroup{Receivers: []string{"a"}})
	require.NoError(t, err)
	page, err := groups.List(t.Context())
	require.NoError(t, err)
	assert.Len(t, page.Value, 1)
	n, err := groups.Count(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 1, n)
	changed, err := groups.ByID(made.ID).Update(t.Context(), &communications.AudioRoutingGroup{Receivers: []string{"a", "b"}})
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b"}, changed.Receivers)
	require.NoError(t, groups.ByID(made.ID).Delete(t.Context()))
	_, err = groups.ByID(made.ID).Get(t.Context())
	assert.True(t, communications.IsNotFound(err))
	s.Handle("GET", "/communications/calls/{id}/audioRoutingGroups/{id}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"id":"mine"}`))
	})
	mine, err := groups.ByID("any").Get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "mine", mine.ID)
}

// bot is what a bot knows of its one call.
type bot struct {
	url     string
	tracker *communications.CallTracker
	roster  *communications.Roster

	mu    sync.Mutex
	tones map[int64]communications.Tone
	done  map[string]int // operations that have completed, by type
}

func newBot(t *testing.T) *bot {
	b := &bot{tracker: communications.NewCallTracker(0, 0), roster: communications.NewRoster(), tones: map[int64]communications.Tone{}, done: map[string]int{}}
	h := communications.NewNotificationHandler(communications.NotificationOptions{
		Verifier: communications.AllowUnverified(), Logger: slog.New(slog.DiscardHandler),
		OnError: func(_ context.Context, err *communications.CallbackError) { t.Error(err) },
	})
	h.OnCall(func(_ context.Context, e *communications.CallbackEvent, c *communications.Call) error {
		b.tracker.Observe(e, c)
		b.mu.Lock()
		defer b.mu.Unlock()
		if c.ToneInfo != nil {
			b.tones[*c.ToneInfo.SequenceID] = c.ToneInfo.Tone
		}
		return nil
	})
	h.OnEvent(func(_ context.Context, e *communications.CallbackEvent) error { b.roster.Apply(e); return nil })
	h.OnParticipants(func(context.Context, *communications.CallbackEvent, []*communications.Participant) error { return nil })
	h.OnDeltaParticipants(func(context.Context, *communications.CallbackEvent, *communications.DeltaParticipants) error {
		return nil
	})
	h.OnOperation(func(_ context.Context, _ *communications.CallbackEvent, o communications.AnyCommsOperation) error {
		b.mu.Lock()
		defer b.mu.Unlock()
		if o.AsCommsOperation().Status.Is(communications.OperationStatusCompleted) {
			b.done[o.ODataType()]++
		}
		return nil
	})
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

// TestStory runs a call from its beginning to its end, in order and out of order, with
// whole rosters and with deltas.
func TestStory(t *testing.T) {
	for name, opts := range map[string][]communicationstest.Option{
		"in order": nil, "out of order": {communicationstest.Disordered(1)}, "out of order, once more": {communicationstest.Disordered(2)},
	} {
		for _, deltas := range []bool{false, true} {
			t.Run(name, func(t *testing.T) { story(t, deltas, opts) })
		}
	}
}

func story(t *testing.T, deltas bool, opts []communicationstest.Option) {
	b, s := newBot(t), start(t, opts...)
	calls := s.Client().Communications().Calls()
	asked := meeting(b.url)
	asked.CallOptions = &communications.OutgoingCallOptions{CallOptions: communications.CallOptions{IsDeltaRosterEnabled: &deltas}}
	made, err := calls.Create(t.Context(), asked)
	require.NoError(t, err)
	call := calls.ByID(made.ID)

	john, err := s.Join(made.ID, &communications.Participant{IsInLobby: new(true)})
	require.NoError(t, err)
	ann, err := s.Join(made.ID, &communications.Participant{})
	require.NoError(t, err)
	require.NoError(t, s.Leave(made.ID, ann))
	list, err := call.Participants().List(t.Context())
	require.NoError(t, err)
	assert.Len(t, list.Value, 2, "the bot and John")

	played, err := call.PlayPrompt(t.Context(), communications.CallPlayPromptParameters{
		ClientContext: new("c1"),
		Prompts: []communications.AnyPrompt{&communications.MediaPrompt{
			MediaInfo: &communications.MediaInfo{URI: new("https://cdn.contoso.com/beep.wav"), ResourceID: new("1")},
		}},
	})
	require.NoError(t, err)
	assert.True(t, played.Status.Is(communications.OperationStatusRunning))
	assert.Equal(t, "c1", *played.ClientContext)
	require.Empty(t, s.Settle())
	done, err := call.Operations().ByID(played.ID).Get(t.Context())
	require.NoError(t, err)
	assert.True(t, done.AsCommsOperation().Status.Is(communications.OperationStatusCompleted))

	assert.ErrorContains(t, s.Press(made.ID, 1, communications.ToneTone1), "has not subscribed to tones")
	_, err = call.SubscribeToTone(t.Context(), communications.CallSubscribeToToneParameters{})
	require.NoError(t, err)
	require.Empty(t, s.Settle())
	for i, tone := range []communications.Tone{communications.ToneTone1, communications.ToneTone2, communications.TonePound} {
		require.NoError(t, s.Press(made.ID, int64(i+1), tone))
	}
	_, err = call.Mute(t.Context(), communications.CallMuteParameters{})
	require.NoError(t, err)
	require.Empty(t, s.Settle())
	if deltas {
		assert.Equal(t, 2, b.roster.Len())
		require.Len(t, b.roster.Lobby(), 1)
		assert.Equal(t, john, b.roster.Lobby()[0].ID)
		assert.False(t, b.roster.NeedsList())
	}

	require.NoError(t, call.Delete(t.Context()))
	_, err = call.Get(t.Context())
	assert.True(t, communications.IsNotFound(err))
	require.Empty(t, s.Settle())
	state, result, _ := b.tracker.State(made.ID)
	assert.Equal(t, communications.CallStateTerminated, state)
	require.NotNil(t, result)
	assert.EqualValues(t, 200, *result.Code)
	b.mu.Lock()
	defer b.mu.Unlock()
	assert.Equal(t, map[int64]communications.Tone{1: "tone1", 2: "tone2", 3: "pound"}, b.tones)
	assert.Len(t, b.done, 3)
	assert.Empty(t, s.Problems())
}

// TestIncomingCall answers a call, and refuses another.
func TestIncomingCall(t *testing.T) {
	b, s := newBot(t), start(t)
	id, err := s.Incoming(b.url, &communications.IdentitySet{User: &communications.Identity{DisplayName: new("John")}})
	require.NoError(t, err)
	require.Empty(t, s.Settle())
	state, _, _ := b.tracker.State(id)
	assert.Equal(t, communications.CallStateIncoming, state)
	call := s.Client().Communications().Calls().ByID(id)
	require.NoError(t, call.Answer(t.Context(), communications.CallAnswerParameters{
		CallbackURI: &b.url, MediaConfig: &communications.ServiceHostedMediaConfig{},
	}))
	require.Empty(t, s.Settle())
	state, _, _ = b.tracker.State(id)
	assert.Equal(t, communications.CallStateEstablished, state)
	kept, ok := s.Call(id)
	require.True(t, ok)
	assert.Equal(t, "John", *kept.Source.Identity.AsIdentitySet().User.AsIdentity().DisplayName)

	other, err := s.Incoming(b.url, &communications.IdentitySet{})
	require.NoError(t, err)
	require.NoError(t, s.Client().Communications().Calls().ByID(other).Reject(t.Context(), communications.CallRejectParameters{}))
	require.Empty(t, s.Settle())
	state, _, _ = b.tracker.State(other)
	assert.Equal(t, communications.CallStateTerminated, state)
	assert.Error(t, s.End(other, 0, ""), "it has ended")
	assert.NoError(t, s.End(id, 560000, "nobody is left"))
}
