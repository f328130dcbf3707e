// Package reminder is a bot that calls people to remind them of something, until they say that
// they know: what Microsoft's sample ReminderBot does.
package reminder

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/callgen/callgen/generated/communications"
)

// Bot reminds people.
type Bot struct {
	Calls    *communications.Calls
	Callback string        // where the service reaches the bot
	Tenant   string        // of those who are called
	Sound    string        // the address of what they hear
	Again    time.Duration // how long to wait before calling somebody again
	Times    int           // how often to call
}

// ErrNotReached means that somebody was called as often as is allowed, and did not confirm.
var ErrNotReached = errors.New("nobody has confirmed the reminder")

// Remind calls a user until the reminder is confirmed with 1. Who presses another key, hangs up
// or does not answer is called again.
func (b *Bot) Remind(ctx context.Context, userID string) error {
	var last error
	for range b.Times {
		confirmed, err := b.call(ctx, userID)
		switch {
		case confirmed:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		}
		last = err
		select {
		case <-time.After(b.Again):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errors.Join(ErrNotReached, last)
}

// call calls a user once, and reports whether the reminder was confirmed.
func (b *Bot) call(ctx context.Context, userID string) (confirmed bool, err error) {
	s, err := b.Calls.Create(ctx, &communications.Call{
		CallbackURI: &b.Callback, TenantID: &b.Tenant, RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.ServiceHostedMediaConfig{},
		Targets: []*communications.InvitationParticipantInfo{{
			Identity: &communications.IdentitySet{User: &communications.Identity{ID: &userID}},
		}},
	})
	if err != nil {
		return false, fmt.Errorf("%s cannot be called: %w", userID, err)
	}
	confirmed, err = b.talk(ctx, s)
	if _, ended := errors.AsType[*communications.CallEndedError](err); !ended {
		err = errors.Join(err, s.HangUp(context.WithoutCancel(ctx)))
	}
	return confirmed, err
}

// talk plays the reminder, and waits for a key.
func (b *Bot) talk(ctx context.Context, s *communications.CallSession) (confirmed bool, err error) {
	if _, err := s.WaitUntil(ctx, func(c *communications.Call) bool {
		return c.MediaState != nil && c.MediaState.Audio == communications.MediaStateActive
	}); err != nil {
		return false, err
	}
	listening, err := s.SubscribeToTone(ctx, communications.CallSubscribeToToneParameters{})
	if err != nil {
		return false, err
	}
	if _, err := listening.Wait(ctx); err != nil {
		return false, err
	}
	op, err := s.PlayPrompt(ctx, communications.CallPlayPromptParameters{Prompts: []communications.AnyPrompt{
		&communications.MediaPrompt{MediaInfo: &communications.MediaInfo{URI: &b.Sound, ResourceID: &b.Sound}},
	}})
	if err != nil {
		return false, err
	}
	if _, err := op.Wait(ctx); err != nil {
		return false, err
	}
	tone, err := s.NextTone(ctx)
	return tone == communications.ToneTone1, err
}
