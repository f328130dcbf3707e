// Package fleet is a bot that runs on several machines: it answers calls, listens to tones, plays
// the time at 1 and hangs up at #. It does so by events only, and keeps with the session what a
// call has come to, so that another instance goes on from there.
package fleet

import (
	"context"
	"log/slog"

	"github.com/callgen/callgen/fleet"
	"github.com/callgen/callgen/generated/communications"
)

// Bot is one instance.
type Bot struct {
	Handler *communications.NotificationHandler
	Calls   *communications.Calls
	Fleet   *fleet.Fleet

	callback string
	log      *slog.Logger
	resumed  func(*communications.CallSession, *communications.CallResume) // for tests
}

// Start starts an instance, whose handler the service reaches at a callback address, by whatever
// shares its requests out.
func Start(f *fleet.Fleet, client *communications.Client, callback string, verifier communications.Verifier, log *slog.Logger) (*Bot, error) {
	b := newBot(f, client, callback, verifier, log)
	return b, fleet.Serve(f, b.Calls)
}

func newBot(f *fleet.Fleet, client *communications.Client, callback string, verifier communications.Verifier, log *slog.Logger) *Bot {
	store := fleet.NewCallStore[communications.StoredCall](f, fleet.StoreErrors{
		NotStored: communications.ErrCallNotStored, Stored: communications.ErrCallStored, Revision: communications.ErrCallRevision,
	})
	b := &Bot{
		Handler: communications.NewNotificationHandler(communications.NotificationOptions{Verifier: verifier, Logger: log}),
		Calls:   communications.NewCalls(client, nil, communications.CallsOptions{Store: store, Logger: log}),
		Fleet:   f, callback: callback, log: log,
	}
	communications.LogNotifications(b.Handler, f)
	b.Calls.OnIncoming(b.answer)
	b.Calls.OnResume(b.resume)
	b.Calls.OnUpdate(b.listen)
	b.Calls.OnState(b.listen)
	b.Calls.OnTones(b.tones)
	return b
}

// Close hands the calls over and ends the instance.
func (b *Bot) Close(ctx context.Context) error {
	err := b.Fleet.Close(ctx)
	if closeErr := b.Calls.Close(ctx); err == nil {
		err = closeErr
	}
	return err
}

// answer answers somebody who calls.
func (b *Bot) answer(ctx context.Context, s *communications.CallSession) {
	err := s.Answer(ctx, communications.CallAnswerParameters{
		CallbackURI: &b.callback, AcceptedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.ServiceHostedMediaConfig{},
	})
	if err != nil {
		b.log.Warn("the call is not answered", "call", s.ID(), "err", err) // perhaps another instance has answered it
	}
}

// listening is the version of a session's data that say that the bot listens to tones.
const listening = 1

// listen begins to listen to tones. To begin again after a takeover does no harm.
func (b *Bot) listen(ctx context.Context, e *communications.SessionEvent) error {
	return b.listenOnce(ctx, e.Session)
}

func (b *Bot) listenOnce(ctx context.Context, s *communications.CallSession) error {
	call := s.Call()
	if version, _ := s.Data(); version == listening || s.State() != communications.CallStateEstablished ||
		call.MediaState == nil || call.MediaState.Audio != communications.MediaStateActive {
		return nil
	}
	if _, err := s.SubscribeToTone(ctx, communications.CallSubscribeToToneParameters{}); err != nil {
		return err
	}
	return s.SetData(ctx, listening, nil)
}

// play plays the time, once for an event: what it was played for is kept before. If the instance
// ended just then, nobody knows whether it was, and it is for the caller to ask again.
func (b *Bot) play(ctx context.Context, e *communications.SessionEvent) error {
	s := e.Session
	if _, last := s.Data(); e.Again && string(last) == e.ID {
		return nil
	}
	if err := s.SetData(ctx, listening, []byte(e.ID)); err != nil {
		return err
	}
	_, err := s.PlayPrompt(ctx, communications.CallPlayPromptParameters{Prompts: []communications.AnyPrompt{
		&communications.MediaPrompt{MediaInfo: &communications.MediaInfo{URI: new("https://cdn.contoso.com/time.wav"), ResourceID: new("time")}},
	}})
	return err
}

// tones does what somebody wants.
func (b *Bot) tones(ctx context.Context, e *communications.SessionEvent) error {
	for _, tone := range e.Tones {
		var err error
		switch tone {
		case communications.ToneTone1:
			err = b.play(ctx, e)
		case communications.TonePound:
			err = e.Session.HangUp(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// resume goes on with a call of another instance. What that one was doing may have taken effect:
// to listen again does no harm, and to play the time again is for the caller to ask for.
func (b *Bot) resume(ctx context.Context, s *communications.CallSession, r *communications.CallResume) {
	if b.resumed != nil {
		b.resumed(s, r)
	}
	var err error
	for _, o := range r.Uncertain {
		switch o.Action() {
		case "subscribeToTone":
			_, err = s.SubscribeToTone(ctx, communications.CallSubscribeToToneParameters{})
		case "hangUp":
			err = s.HangUp(ctx)
		}
	}
	if err == nil {
		err = b.listenOnce(ctx, s)
	}
	if err != nil {
		b.log.Warn("the call is not gone on with", "call", s.ID(), "err", err)
	}
}
