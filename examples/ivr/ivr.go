// Package ivr is a bot that answers who calls it, offers a choice, and hands callers over to
// somebody: what Microsoft's sample SimpleIvrBot does.
package ivr

import (
	"context"
	"errors"
	"log/slog"

	"github.com/callgen/callgen/generated/communications"
)

// Bot answers calls. Callers hear the menu; 1 plays the opening hours, 2 hands them over to the
// agent, # hangs up, and any other key plays the menu again.
type Bot struct {
	Callback    string // where the service reaches the bot
	Menu, Hours string // addresses of sounds
	Agent       string // id of the user to whom callers are handed over
	Log         *slog.Logger
}

// Serve answers the incoming calls of calls.
func (b *Bot) Serve(calls *communications.Calls) {
	calls.OnIncoming(func(ctx context.Context, s *communications.CallSession) {
		err := s.Answer(ctx, communications.CallAnswerParameters{
			CallbackURI: &b.Callback, AcceptedModalities: []communications.Modality{communications.ModalityAudio},
			MediaConfig: &communications.ServiceHostedMediaConfig{},
		})
		if err != nil {
			b.Log.Error("the call cannot be answered", "call", s.ID(), "err", err)
			return
		}
		s.Go(func(ctx context.Context) {
			_, ended := errors.AsType[*communications.CallEndedError](b.converse(ctx, s))
			b.Log.Info("the conversation is over", "call", s.ID(), "ended", ended)
		})
	})
}

// converse is what a caller hears.
func (b *Bot) converse(ctx context.Context, s *communications.CallSession) error {
	if _, err := s.WaitUntil(ctx, hasMedia); err != nil {
		return err
	}
	listening, err := s.SubscribeToTone(ctx, communications.CallSubscribeToToneParameters{})
	if err == nil {
		_, err = listening.Wait(ctx)
	}
	for sound := b.Menu; err == nil; {
		if err = play(ctx, s, sound); err != nil {
			break
		}
		var tone communications.Tone
		if tone, err = s.NextTone(ctx); err != nil {
			break
		}
		switch tone {
		case communications.ToneTone1:
			sound = b.Hours
		case communications.ToneTone2:
			return b.handOver(ctx, s)
		case communications.TonePound:
			return s.HangUp(ctx)
		default:
			sound = b.Menu
		}
	}
	return errors.Join(err, s.HangUp(ctx))
}

// handOver transfers the call to the agent, which ends it for the bot. If the agent does not
// answer the caller hears the menu again.
func (b *Bot) handOver(ctx context.Context, s *communications.CallSession) error {
	err := s.Transfer(ctx, communications.CallTransferParameters{TransferTarget: &communications.InvitationParticipantInfo{
		Identity: &communications.IdentitySet{User: &communications.Identity{ID: &b.Agent}},
	}})
	if err != nil {
		return errors.Join(err, s.HangUp(ctx))
	}
	back, err := s.WaitUntil(ctx, func(c *communications.Call) bool {
		return c.State == communications.CallStateEstablished && c.ResultInfo != nil
	})
	if err != nil || back == nil {
		return err
	}
	return b.converse(ctx, s)
}

// hasMedia reports whether sound can be played in a call.
func hasMedia(c *communications.Call) bool {
	return c.State == communications.CallStateEstablished && c.MediaState != nil && c.MediaState.Audio == communications.MediaStateActive
}

// play plays a sound to its end.
func play(ctx context.Context, s *communications.CallSession, sound string) error {
	op, err := s.PlayPrompt(ctx, communications.CallPlayPromptParameters{Prompts: []communications.AnyPrompt{
		&communications.MediaPrompt{MediaInfo: &communications.MediaInfo{URI: &sound, ResourceID: &sound}},
	}})
	if err != nil {
		return err
	}
	_, err = op.Wait(ctx)
	return err
}
