package generated_test

import (
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// withSessions starts a service and a bot with sessions.
func withSessions(t *testing.T, options communications.CallsOptions) (*communicationstest.Service, *communications.Calls, string) {
	service, err := communicationstest.NewService(communicationstest.Disordered(1))
	require.NoError(t, err)
	t.Cleanup(service.Close)
	options.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	handler := communications.NewNotificationHandler(communications.NotificationOptions{Verifier: communications.AllowUnverified(), Logger: options.Logger})
	calls := communications.NewCalls(service.Client(), handler, options)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	t.Cleanup(func() { assert.NoError(t, calls.Close(context.Background())) })
	return service, calls, server.URL
}

// TestSessionOfAMeeting takes part in a meeting from its beginning to its end.
func TestSessionOfAMeeting(t *testing.T) {
	t.Parallel()
	store, err := communications.NewFileCallStore(filepath.Join(t.TempDir(), "calls"))
	require.NoError(t, err)
	require.NoError(t, communications.CheckCallStore(t.Context(), store))
	service, calls, callback := withSessions(t, communications.CallsOptions{Store: store})
	call, err := communications.CallFromJoinURL("https://teams.microsoft.com/meet/1234567?p=psw")
	require.NoError(t, err)
	call.CallbackURI, call.MediaConfig = &callback, &communications.ServiceHostedMediaConfig{}
	call.CallOptions = &communications.OutgoingCallOptions{CallOptions: communications.CallOptions{IsDeltaRosterEnabled: new(true)}}
	s, err := calls.Create(t.Context(), call)
	require.NoError(t, err)
	_, err = s.Wait(t.Context(), communications.CallStateEstablished)
	require.NoError(t, err)
	played, err := s.PlayPrompt(t.Context(), communications.CallPlayPromptParameters{
		Prompts: []communications.AnyPrompt{&communications.MediaPrompt{MediaInfo: &communications.MediaInfo{URI: new("https://cdn.contoso.com/a.wav")}}},
	})
	require.NoError(t, err)
	result, err := played.Wait(t.Context())
	require.NoError(t, err)
	assert.True(t, result.Status.Is(communications.OperationStatusCompleted), result.Status)
	assert.Equal(t, played.ClientContext(), *result.ClientContext)
	listening, err := s.SubscribeToTone(t.Context(), communications.CallSubscribeToToneParameters{})
	require.NoError(t, err)
	_, err = listening.Wait(t.Context())
	require.NoError(t, err)
	for i, tone := range []communications.Tone{communications.ToneTone1, communications.TonePound} {
		require.NoError(t, service.Press(s.ID(), int64(i+1), tone))
	}
	for _, want := range []communications.Tone{communications.ToneTone1, communications.TonePound} {
		tone, err := s.NextTone(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, tone)
	}
	_, err = service.Join(s.ID(), &communications.Participant{Info: &communications.ParticipantInfo{}})
	require.NoError(t, err)
	assert.Empty(t, service.Settle())
	assert.Equal(t, 2, s.Roster().Len())
	require.NoError(t, s.HangUp(t.Context()))
	<-s.Done()
	assert.ErrorAs(t, s.Err(), new(*communications.CallEndedError))
	assert.Empty(t, service.Problems())
	for id := range store.List(t.Context()) {
		t.Error(id, "is still stored")
	}
}

// TestSessionOfAnIncomingCall answers a call.
func TestSessionOfAnIncomingCall(t *testing.T) {
	t.Parallel()
	service, calls, callback := withSessions(t, communications.CallsOptions{})
	done := make(chan error, 1)
	calls.OnIncoming(func(ctx context.Context, s *communications.CallSession) {
		err := s.Answer(ctx, communications.CallAnswerParameters{CallbackURI: &callback, MediaConfig: &communications.ServiceHostedMediaConfig{}})
		if err == nil {
			_, err = s.Wait(ctx, communications.CallStateEstablished)
		}
		done <- err
	})
	ann := &communications.IdentitySet{User: &communications.Identity{DisplayName: new("Ann")}}
	id, err := service.Incoming(callback, ann)
	require.NoError(t, err)
	require.NoError(t, <-done)
	s, ok := calls.Get(id)
	require.True(t, ok)
	require.NoError(t, service.End(id, 4521, "Ann has left."))
	<-s.Done()
	assert.EqualError(t, s.Err(), `the call has ended: 200/4521, the other side ended it: Ann has left.`)
}
