package ivr_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/examples/ivr"
	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

const callback = "https://bot.contoso.com/callback"

// begin starts the bot and lets somebody call it.
func begin(t *testing.T, options ...communicationstest.Option) (s *communicationstest.Service, id string) {
	s, err := communicationstest.NewService(append(options, communicationstest.InMemory(), communicationstest.WithTiming(communicationstest.Lifelike()))...)
	require.NoError(t, err)
	log := slog.New(slog.DiscardHandler)
	handler := communications.NewNotificationHandler(communications.NotificationOptions{Verifier: communications.AllowUnverified(), Logger: log})
	calls := communications.NewCalls(s.Client(), handler, communications.CallsOptions{Logger: log})
	bot := &ivr.Bot{Callback: callback, Menu: "https://cdn.contoso.com/menu.wav", Hours: "https://cdn.contoso.com/hours.wav", Agent: "agent", Log: log}
	bot.Serve(calls)
	s.Connect(handler)
	t.Cleanup(func() {
		assert.NoError(t, calls.Close(context.Background()))
		s.Close()
	})
	id, err = s.Incoming(callback, &communications.IdentitySet{User: &communications.Identity{DisplayName: new("John")}})
	require.NoError(t, err)
	return s, id
}

// played lists the sounds that the bot has played.
func played(s *communicationstest.Service) string {
	var list []string
	for _, r := range s.Requests() {
		var body struct {
			Prompts []struct{ MediaInfo struct{ URI string } }
		}
		if strings.HasSuffix(r.Path, "/playPrompt") && json.Unmarshal(r.Body, &body) == nil {
			_, name, _ := strings.Cut(strings.TrimSuffix(body.Prompts[0].MediaInfo.URI, ".wav"), ".com/")
			list = append(list, name)
		}
	}
	return strings.Join(list, " ")
}

// TestCaller asks for the opening hours, presses a wrong key and is handed over, in twenty
// orders of what the bot is told.
func TestCaller(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, id := begin(t, communicationstest.Disordered(seed))
				s.Advance(20 * time.Second)
				for _, tone := range []communications.Tone{communications.ToneTone1, communications.ToneTone7, communications.ToneTone2} {
					require.NoError(t, s.Press(id, 0, tone))
					s.Advance(20 * time.Second)
				}
				synctest.Wait()
				assert.Equal(t, "menu hours menu", played(s))
				assert.Empty(t, s.Calls(), "it is handed over")
				assert.Empty(t, s.Complaints())
				assert.Empty(t, s.Problems())
			})
		})
	}
}

// TestAgentWhoDoesNotAnswer: the caller hears the menu again.
func TestAgentWhoDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, id := begin(t)
		s.Advance(20 * time.Second)
		s.Next(communicationstest.RingsThenDecline)
		require.NoError(t, s.Press(id, 0, communications.ToneTone2))
		s.Advance(time.Minute)
		require.NoError(t, s.Press(id, 0, communications.TonePound))
		s.Advance(time.Minute)
		assert.Equal(t, "menu menu", played(s))
		assert.Empty(t, s.Calls())
		assert.Empty(t, s.Complaints())
	})
}
