package reminder_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/examples/reminder"
	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// begin starts the bot, which reminds somebody; they are what that one does.
func begin(t *testing.T, they []communicationstest.Callee, options ...communicationstest.Option) (*communicationstest.Service, <-chan error) {
	const callback = "https://bot.contoso.com/callback"
	s, err := communicationstest.NewService(append(options, communicationstest.InMemory(), communicationstest.WithTiming(communicationstest.Lifelike()))...)
	require.NoError(t, err)
	s.Next(they...)
	log := slog.New(slog.DiscardHandler)
	handler := communications.NewNotificationHandler(communications.NotificationOptions{Verifier: communications.AllowUnverified(), Logger: log})
	calls := communications.NewCalls(s.Client(), handler, communications.CallsOptions{Logger: log})
	s.Connect(handler)
	t.Cleanup(func() {
		assert.NoError(t, calls.Close(context.Background()))
		s.Close()
	})
	bot := &reminder.Bot{Calls: calls, Callback: callback, Tenant: "contoso", Sound: "https://cdn.contoso.com/reminder.wav", Again: 10 * time.Minute, Times: 3}
	done := make(chan error, 1)
	go func() { done <- bot.Remind(t.Context(), "john") }()
	return s, done
}

// TestConfirmedAtTheThirdCall reminds somebody who declines, then presses a wrong key, and
// then confirms, in twenty orders of what the bot is told.
func TestConfirmedAtTheThirdCall(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				they := []communicationstest.Callee{communicationstest.RingsThenDecline, communicationstest.RingsThenAnswers, communicationstest.Answers}
				s, done := begin(t, they, communicationstest.Disordered(seed))
				s.Advance(10*time.Minute + time.Minute)
				for _, tone := range []communications.Tone{communications.ToneTone2, communications.ToneTone1} {
					require.Len(t, s.Calls(), 1)
					require.NoError(t, s.Press(s.Calls()[0], 0, tone))
					s.Advance(10*time.Minute + time.Minute)
				}
				assert.NoError(t, <-done)
				assert.Empty(t, s.Calls(), "the bot has hung up")
				assert.Empty(t, s.Complaints())
				assert.Empty(t, s.Problems())
			})
		})
	}
}

// TestNobodyAnswers gives up after three calls.
func TestNobodyAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, done := begin(t, nil, communicationstest.Callees(communicationstest.DoesNotAnswer))
		s.Advance(time.Hour)
		err := <-done
		assert.ErrorIs(t, err, reminder.ErrNotReached)
		assert.ErrorContains(t, err, "408/10057")
		assert.Empty(t, s.Calls())
	})
}
