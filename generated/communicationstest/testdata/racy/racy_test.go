// Package racy has bots that the race detector is to find something in, and bots that it is
// not to. TestRacyBotIsReported runs it.
package racy

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// count runs a bot that counts what it is told.
func count(t *testing.T, guard sync.Locker) {
	s, err := communicationstest.NewService(communicationstest.InMemory())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	told := 0
	h := communications.NewNotificationHandler(communications.NotificationOptions{Verifier: communications.AllowUnverified()})
	h.OnCall(func(context.Context, *communications.CallbackEvent, *communications.Call) error {
		guard.Lock()
		defer guard.Unlock()
		n := told
		time.Sleep(time.Millisecond) // so that deliveries overlap, as those of a real bot's work do
		told = n + 1
		return nil
	})
	s.Connect(h)
	calls := s.Client().Communications().Calls()
	call, err := calls.Create(t.Context(), &communications.Call{
		CallbackURI: new("https://bot.contoso.com/callback"), MediaConfig: &communications.ServiceHostedMediaConfig{},
		MeetingInfo: &communications.JoinMeetingIDMeetingInfo{JoinMeetingID: new("1")},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Settle()
	if _, err := calls.ByID(call.ID).SubscribeToTone(t.Context(), communications.CallSubscribeToToneParameters{}); err != nil {
		t.Fatal(err)
	}
	s.Settle()
	for range 20 {
		if err := s.Press(call.ID, 0, communications.ToneTone1); err != nil {
			t.Fatal(err)
		}
	}
	s.Settle()
	guard.Lock()
	defer guard.Unlock()
	if _, guarded := guard.(*sync.Mutex); guarded && told < 20 {
		t.Errorf("the bot was told %d times", told)
	}
}

// nobody guards nothing.
type nobody struct{}

func (nobody) Lock()   {}
func (nobody) Unlock() {}

func TestRacy(t *testing.T) { count(t, nobody{}) }

func TestGuarded(t *testing.T) { count(t, new(sync.Mutex)) }
