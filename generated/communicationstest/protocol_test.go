package communicationstest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// inbox is a bot that keeps what it is told.
type inbox struct {
	told   []object
	header []http.Header
	status func(n int) int // of the answer to the nth post
	posts  int
}

func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.posts++
	if b.status != nil {
		if status := b.status(b.posts); status >= 300 {
			w.WriteHeader(status)
			return
		}
	}
	var envelope struct{ Value []object }
	_ = json.Unmarshal(body, &envelope)
	b.told = append(b.told, envelope.Value...)
	b.header = append(b.header, r.Header)
}

// states are the states that the bot was told of.
func (b *inbox) states() string {
	var list []string
	for _, n := range b.told {
		if data, ok := n["resourceData"].(object); ok && data["state"] != nil && data["mediaState"] == nil && data["toneInfo"] == nil {
			list = append(list, data["state"].(string))
		}
	}
	return strings.Join(list, " ")
}

// last is the data of the last notification.
func (b *inbox) last() object { return b.told[len(b.told)-1]["resourceData"].(object) }

const callback = "https://bot.contoso.com/callback"

// virtual starts a service in memory on a clock that stands still.
func virtual(t *testing.T, opts ...communicationstest.Option) (*communicationstest.Service, *inbox) {
	clock := communicationstest.NewVirtualClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	s := start(t, append([]communicationstest.Option{
		communicationstest.InMemory(), communicationstest.InOrder(), communicationstest.WithClock(clock),
		communicationstest.WithTiming(communicationstest.Lifelike()),
	}, opts...)...)
	b := new(inbox)
	s.Connect(b)
	return s, b
}

// calling is a call to somebody.
func calling(who ...string) *communications.Call {
	call := &communications.Call{CallbackURI: new(callback), MediaConfig: &communications.ServiceHostedMediaConfig{}}
	for _, id := range who {
		call.Targets = append(call.Targets, &communications.InvitationParticipantInfo{
			Identity: &communications.IdentitySet{User: &communications.Identity{ID: new(id)}},
		})
	}
	return call
}

func create(t *testing.T, s *communicationstest.Service, call *communications.Call) (*communications.Call, *communications.CallRequestBuilder) {
	made, err := s.Client().Communications().Calls().Create(t.Context(), call)
	require.NoError(t, err)
	return made, s.Client().Communications().Calls().ByID(made.ID)
}

// TestWhatCalleesDo calls somebody, and holds the states and the reason of the end.
func TestWhatCalleesDo(t *testing.T) {
	for does, want := range map[communicationstest.Callee]struct {
		after  time.Duration
		states string
		code   float64
	}{
		communicationstest.Answers:          {2 * time.Second, "establishing established", 0},
		communicationstest.RingsThenAnswers: {8 * time.Second, "establishing ringing established", 0},
		communicationstest.RingsThenDecline: {8 * time.Second, "establishing ringing terminated", 603},
		communicationstest.IsBusy:           {2 * time.Second, "establishing terminated", 486},
		communicationstest.IsUnreachable:    {2 * time.Second, "establishing terminated", 480},
		communicationstest.DoesNotAnswer:    {2 * time.Minute, "establishing ringing terminated", 408},
		communicationstest.Waits:            {30 * time.Second, "establishing ringing", 0},
	} {
		s, b := virtual(t)
		s.Next(does)
		create(t, s, calling("john"))
		s.Advance(want.after)
		assert.Equal(t, want.states, b.states(), does)
		if want.code > 0 {
			info := b.last()["resultInfo"].(object)
			assert.Equal(t, want.code, info["code"], does)
			assert.Equal(t, "deleted", b.told[len(b.told)-1]["changeType"])
			assert.NotEmpty(t, b.last()["terminationReason"], does)
		}
		assert.Empty(t, s.Complaints(), does)
	}
}

func TestPeopleWhomTheTestMoves(t *testing.T) {
	for does, want := range map[string]string{"answer": "established", "decline": "terminated", "busy": "terminated", "let ring": "terminated"} {
		s, b := virtual(t, communicationstest.Callees(communicationstest.Waits))
		made, _ := create(t, s, calling("john"))
		s.Advance(10 * time.Second)
		act := map[string]func(string) error{"answer": s.Answer, "decline": s.Decline, "busy": s.Busy, "let ring": s.LetRing}[does]
		require.NoError(t, act(made.ID), does)
		s.Settle()
		assert.Equal(t, "establishing ringing "+want, b.states(), does)
		assert.Error(t, act(made.ID), "nobody is called any more")
	}
}

// TestTargetsThatJoin calls three people, of whom one declines and one takes a while.
func TestTargetsThatJoin(t *testing.T) {
	s, _ := virtual(t)
	s.Next(communicationstest.Answers, communicationstest.RingsThenDecline, communicationstest.RingsThenAnswers)
	made, call := create(t, s, calling("a", "b", "c"))
	s.Advance(2 * time.Second)
	assert.Len(t, s.Participants(made.ID), 2, "the bot and a")
	s.Advance(time.Minute)
	assert.Len(t, s.Participants(made.ID), 3, "c has come")
	_, err := call.Get(t.Context())
	assert.NoError(t, err)
}

// TestPromptBeforeEstablished: a bot that does not wait is refused, and reported.
func TestPromptBeforeEstablished(t *testing.T) {
	s, _ := virtual(t)
	_, call := create(t, s, calling("john"))
	_, err := call.PlayPrompt(t.Context(), prompt())
	e, ok := errors.AsType[*communications.Error](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, http.StatusBadRequest, e.Status)
	assert.Contains(t, e.Message, "the call is establishing, not established")
	require.Len(t, s.Complaints(), 1)
	assert.Equal(t, "wrong-state", s.Complaints()[0].Code)
	assert.Equal(t, "call: playPrompt", s.Complaints()[0].Page)
	s.Advance(time.Minute)
	_, err = call.PlayPrompt(t.Context(), prompt())
	assert.NoError(t, err)
}

func prompt() communications.CallPlayPromptParameters {
	return communications.CallPlayPromptParameters{Prompts: []communications.AnyPrompt{
		&communications.MediaPrompt{MediaInfo: &communications.MediaInfo{URI: new("https://cdn.contoso.com/beep.wav")}},
	}}
}

// TestPromptsTakeTheirTime plays two, one after the other, and cancels the second.
func TestPromptsTakeTheirTime(t *testing.T) {
	s, b := virtual(t)
	_, call := create(t, s, calling("john"))
	s.Advance(2 * time.Second)
	assert.Equal(t, object{"@odata.type": "#microsoft.graph.callMediaState", "audio": "active"}, b.last()["mediaState"])
	first, err := call.PlayPrompt(t.Context(), prompt())
	require.NoError(t, err)
	second, err := call.PlayPrompt(t.Context(), prompt())
	require.NoError(t, err)
	status := func(op *communications.PlayPromptOperation) communications.OperationStatus {
		got, err := call.Operations().ByID(op.ID).Get(t.Context())
		require.NoError(t, err)
		return got.AsCommsOperation().Status
	}
	s.Advance(2900 * time.Millisecond)
	assert.True(t, status(first).Is(communications.OperationStatusRunning))
	s.Advance(time.Second)
	assert.True(t, status(first).Is(communications.OperationStatusCompleted))
	assert.True(t, status(second).Is(communications.OperationStatusRunning))
	assert.Equal(t, "completedSuccessfully", b.last()["completionReason"])
	_, err = call.CancelMediaProcessing(t.Context(), communications.CallCancelMediaProcessingParameters{})
	require.NoError(t, err)
	s.Advance(time.Second)
	assert.True(t, status(second).Is(communications.OperationStatusFailed))
	assert.Equal(t, float64(8508), b.last()["resultInfo"].(object)["subcode"])
}

// TestRecording ends by silence, by speech, at its longest and by a tone, and can be fetched
// with its token only.
func TestRecording(t *testing.T) {
	for name, test := range map[string]struct {
		act    func(s *communicationstest.Service, id string) error
		reason string
	}{
		"silence": {func(s *communicationstest.Service, _ string) error { s.Advance(time.Minute); return nil }, "initialSilenceTimeout"},
		"speech":  {func(s *communicationstest.Service, id string) error { return s.Speak(id, time.Second) }, "maxSilenceTimeout"},
		"long":    {func(s *communicationstest.Service, id string) error { return s.Speak(id, time.Minute) }, "maxRecordDurationReached"},
		"tone": {func(s *communicationstest.Service, id string) error {
			assert.ErrorContains(t, s.Press(id, 0, communications.TonePound), "subscribed")
			return nil
		}, "stopToneDetected"},
	} {
		s, b := virtual(t)
		made, call := create(t, s, calling("john"))
		s.Advance(2 * time.Second)
		_, err := call.RecordResponse(t.Context(), communications.CallRecordResponseParameters{
			MaxRecordDurationInSeconds: new(int32(10)), StopTones: []string{"#"},
		})
		require.NoError(t, err, name)
		require.NoError(t, test.act(s, made.ID), name)
		s.Settle()
		assert.Equal(t, test.reason, b.last()["completionReason"], name)
		location := b.last()["recordingLocation"].(string)
		for token, want := range map[string]int{"": 401, "Bearer " + b.last()["recordingAccessToken"].(string): 200} {
			req, err := http.NewRequest(http.MethodGet, location, nil)
			require.NoError(t, err)
			req.Header.Set("Authorization", token)
			resp, err := s.HTTPClient().Do(req)
			require.NoError(t, err)
			data, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, want, resp.StatusCode, name)
			assert.Equal(t, want == 200, strings.HasPrefix(string(data), "RIFF"), name)
		}
	}
}

// TestTransferAndItsFailure hands a call over, or gets it back.
func TestTransferAndItsFailure(t *testing.T) {
	for does, want := range map[communicationstest.Callee]string{
		communicationstest.RingsThenAnswers: "transferring transferAccepted terminated",
		communicationstest.RingsThenDecline: "transferring established",
		communicationstest.DoesNotAnswer:    "transferring established",
	} {
		s, b := virtual(t)
		_, call := create(t, s, calling("john"))
		s.Advance(2 * time.Second)
		s.Next(does)
		require.NoError(t, call.Transfer(t.Context(), communications.CallTransferParameters{TransferTarget: calling("ann").Targets[0]}))
		s.Advance(2 * time.Minute)
		assert.Equal(t, "establishing established "+want, b.states(), does)
		if does == communicationstest.RingsThenAnswers {
			assert.Equal(t, float64(7015), b.last()["resultInfo"].(object)["subcode"])
		}
	}
}

// TestIncomingInTime answers, rejects and redirects incoming calls, and lets one ring.
func TestIncomingInTime(t *testing.T) {
	answer := communications.CallAnswerParameters{CallbackURI: new(callback), MediaConfig: &communications.ServiceHostedMediaConfig{}}
	for name, test := range map[string]struct {
		act        func(*communications.CallRequestBuilder) error
		states     string
		complaints string
	}{
		"answered": {func(c *communications.CallRequestBuilder) error { return c.Answer(t.Context(), answer) }, "incoming establishing established", ""},
		"rejected": {func(c *communications.CallRequestBuilder) error {
			return c.Reject(t.Context(), communications.CallRejectParameters{})
		}, "incoming terminated", ""},
		"redirected": {func(c *communications.CallRequestBuilder) error {
			return c.Redirect(t.Context(), communications.CallRedirectParameters{Targets: calling("ann").Targets, Timeout: new(int32(20))})
		}, "incoming redirecting terminated", ""},
		"let ring": {func(*communications.CallRequestBuilder) error { return nil }, "incoming terminated", "unanswered"},
	} {
		s, b := virtual(t)
		id, err := s.Incoming(callback, &communications.IdentitySet{User: &communications.Identity{DisplayName: new("John")}})
		require.NoError(t, err)
		s.Advance(10 * time.Second)
		first := b.told[0]["resourceData"].(object)
		for _, member := range []string{"source", "targets", "tenantId", "myParticipantId", "callChainId", "incomingContext", "direction", "callbackUri"} {
			assert.NotEmpty(t, first[member], member)
		}
		assert.Equal(t, first["callChainId"], b.header[0].Get("X-Microsoft-Skype-Chain-ID"))
		assert.NotEmpty(t, b.header[0].Get("X-Microsoft-Skype-Message-ID"))
		call := s.Client().Communications().Calls().ByID(id)
		require.NoError(t, test.act(call), name)
		s.Advance(10 * time.Second)
		assert.Equal(t, test.states, b.states(), name)
		if name == "answered" {
			require.Error(t, call.Answer(t.Context(), answer), "it is answered")
			test.complaints = "second-answer"
		}
		var complaints []string
		for _, c := range s.Complaints() {
			complaints = append(complaints, c.Code)
		}
		assert.Equal(t, test.complaints, strings.Join(complaints, " "), name)
	}
}

// TestRedirectTimesOut ends a call when nobody answers in the time that the bot gave.
func TestRedirectTimesOut(t *testing.T) {
	s, b := virtual(t, communicationstest.Callees(communicationstest.DoesNotAnswer))
	id, err := s.Incoming(callback, &communications.IdentitySet{})
	require.NoError(t, err)
	call := s.Client().Communications().Calls().ByID(id)
	to := communications.CallRedirectParameters{Targets: calling("ann").Targets, Timeout: new(int32(5))}
	assert.ErrorContains(t, call.Redirect(t.Context(), to), "from 15 to 90")
	*to.Timeout = 20
	require.NoError(t, call.Redirect(t.Context(), to))
	s.Advance(20 * time.Second)
	assert.Equal(t, "incoming redirecting", b.states(), "it began to ring two seconds later")
	s.Advance(5 * time.Second)
	assert.Equal(t, "incoming redirecting terminated", b.states())
	assert.Equal(t, float64(10057), b.last()["resultInfo"].(object)["subcode"])
}

// TestKeepAlive lets an hour and more pass with a bot that keeps its call alive, and with one
// that does not.
func TestKeepAlive(t *testing.T) {
	for _, keeps := range []bool{true, false} {
		s, b := virtual(t)
		_, call := create(t, s, calling("john"))
		for range 4 {
			s.Advance(20 * time.Minute)
			if keeps {
				require.NoError(t, call.KeepAlive(t.Context()))
			}
		}
		if keeps {
			assert.Equal(t, "establishing established", b.states())
			assert.Empty(t, s.Complaints())
			continue
		}
		assert.Equal(t, "establishing established terminated", b.states())
		assert.Equal(t, float64(8537), b.last()["resultInfo"].(object)["subcode"])
		require.Len(t, s.Complaints(), 1)
		assert.Equal(t, "no-keepalive", s.Complaints()[0].Code)
		_, err := call.Get(t.Context())
		assert.True(t, communications.IsNotFound(err))
	}
}

// guestIdentity is a guest, in the form that the page has it.
func guestIdentity(t *testing.T) communications.AnyIdentitySet {
	set := new(communications.IdentitySet)
	require.NoError(t, communications.Unmarshal([]byte(`{"guest":{"@odata.type":"#microsoft.graph.identity","displayName":"Guest"}}`), set))
	return set
}

// TestLobby waits for admission: for too long, or until somebody says no.
func TestLobby(t *testing.T) {
	guest := meeting(callback)
	guest.Source = &communications.ParticipantInfo{Identity: guestIdentity(t)}
	s, b := virtual(t)
	made, call := create(t, s, guest)
	s.Advance(time.Minute)
	_, err := call.PlayPrompt(t.Context(), prompt())
	assert.ErrorContains(t, err, "the bot waits in the lobby")
	require.NoError(t, s.Admit(made.ID))
	s.Advance(time.Minute)
	_, err = call.PlayPrompt(t.Context(), prompt())
	assert.NoError(t, err)
	require.NoError(t, s.Remove(made.ID))
	s.Settle()
	assert.Equal(t, float64(5300), b.last()["resultInfo"].(object)["subcode"])

	create(t, s, guest)
	s.Advance(40 * time.Minute)
	assert.Equal(t, float64(5855), b.last()["resultInfo"].(object)["subcode"])
}

// TestRefusedPostsAreRepeated: the service tries again after errors of a server, and not after
// others.
func TestRefusedPostsAreRepeated(t *testing.T) {
	s, b := virtual(t)
	b.status = func(n int) int { return map[int]int{1: 503, 2: 500}[n] }
	create(t, s, calling("john"))
	s.Advance(10 * time.Second)
	assert.Equal(t, "establishing established", b.states(), "in order, since the posts of a call wait for each other")
	assert.NotEmpty(t, b.header[0].Get("X-Microsoft-Skype-Original-Message-ID"))
	assert.Empty(t, s.Settle())

	b.status = func(int) int { return http.StatusUnauthorized }
	create(t, s, calling("ann"))
	s.Advance(10 * time.Second)
	assert.NotEmpty(t, s.Settle())
	assert.Equal(t, "notification-refused", s.Complaints()[0].Code)
}

// TestSentElsewhere answers the first notification of an incoming call with 302, so that
// another deployment gets it.
func TestSentElsewhere(t *testing.T) {
	s, _ := virtual(t)
	other := new(inbox)
	s.ConnectAt("https://other.contoso.com/", other)
	s.Connect(http.RedirectHandler("https://other.contoso.com/callback", http.StatusFound))
	id, err := s.Incoming(callback, &communications.IdentitySet{})
	require.NoError(t, err)
	s.Advance(5 * time.Second)
	require.Len(t, other.told, 1)
	assert.Equal(t, "https://other.contoso.com/callback", other.told[0]["callbackUri"])
	require.NoError(t, s.Client().Communications().Calls().ByID(id).Reject(t.Context(), communications.CallRejectParameters{}))
	s.Settle()
	assert.Equal(t, "incoming terminated", other.states())
}

// TestNothingIsPostedBeyondThisMachine: a callback address copied from an example sends no
// traffic.
func TestNothingIsPostedBeyondThisMachine(t *testing.T) {
	s := start(t)
	create(t, s, calling("john"))
	failed := s.Settle()
	require.NotEmpty(t, failed)
	assert.ErrorContains(t, failed[0], "https://bot.contoso.com/callback is not on this machine: nothing is posted there")
}

// TestDisturbances loses, repeats, delays and reorders notifications.
func TestDisturbances(t *testing.T) {
	for kind, want := range map[communicationstest.DisturbanceKind]string{
		communicationstest.Lose: "established", communicationstest.Repeat: "establishing establishing established",
		communicationstest.Delay: "established establishing", communicationstest.Reorder: "established establishing",
	} {
		s, b := virtual(t)
		d := communicationstest.Disturbance{Kind: kind, Delay: 5 * time.Second}
		if kind == communicationstest.Reorder {
			d.Times = 2
		}
		s.Disturb(d)
		create(t, s, calling("john"))
		s.Advance(time.Minute)
		assert.Equal(t, want, b.states(), kind)
	}
}

// TestFaultsMatchExactly: a fault of the calls is not one of a call.
func TestFaultsMatchExactly(t *testing.T) {
	s, _ := virtual(t)
	_, call := create(t, s, calling("john"))
	s.Advance(time.Minute)
	s.Inject(communicationstest.Fault{Method: "POST", Path: "/communications/calls", Status: 503})
	require.NoError(t, call.KeepAlive(t.Context()))
	s.Inject(communicationstest.Fault{Method: "POST", Path: "/communications/calls/{id}/keepAlive", Status: 404, Times: 1})
	assert.True(t, communications.IsNotFound(call.KeepAlive(t.Context())))
	assert.NoError(t, call.KeepAlive(t.Context()))
}

// TestLogAndWatch reads what happened, as it happens and afterwards.
func TestLogAndWatch(t *testing.T) {
	s, _ := virtual(t)
	var watched []communicationstest.EntryKind
	stop := s.Watch(func(e communicationstest.Entry) { watched = append(watched, e.Kind) })
	made, call := create(t, s, calling("john"))
	s.Settle()
	s.Advance(time.Minute)
	require.NoError(t, s.HangUp(made.ID))
	s.Settle()
	stop()
	_, err := call.Get(t.Context())
	assert.True(t, communications.IsNotFound(err))
	log := s.Log()
	require.Greater(t, len(log), len(watched))
	for i, kind := range watched {
		assert.Equal(t, kind, log[i].Kind)
		assert.Equal(t, i+1, log[i].Number)
	}
	assert.Equal(t, []communicationstest.EntryKind{"request", "answer", "notification", "delivery", "clock"}, watched[:5])
	assert.Equal(t, 1, log[1].Of)
	assert.Equal(t, made.ID, log[3].CallID)
}

// TestAnHourInABubble runs a bot with a ticker of its own on the clock of the system, which
// does not run in a bubble.
func TestAnHourInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := communicationstest.NewService(communicationstest.InMemory(), communicationstest.Disordered(1))
		require.NoError(t, err)
		defer s.Close()
		var guarded = make(chan *inbox, 1)
		guarded <- new(inbox)
		s.Connect(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b := <-guarded
			b.ServeHTTP(w, r)
			guarded <- b
		}))
		_, call := create(t, s, calling("john"))
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			for range time.Tick(10 * time.Minute) {
				if call.KeepAlive(ctx) != nil {
					return
				}
			}
		}()
		s.Advance(2 * time.Hour)
		cancel()
		synctest.Wait()
		_, err = call.Get(t.Context())
		require.NoError(t, err)
		assert.Empty(t, s.Complaints())
		b := <-guarded
		assert.Len(t, b.told, 6, "three notifications, each twice")
		guarded <- b
		require.NoError(t, call.Delete(t.Context()))
		s.Advance(10 * time.Minute)
	})
}
