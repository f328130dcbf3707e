// Command fleet shows a bot that runs on several machines: it starts three servers of NATS, three
// instances of the bot as processes, and a simulator of the service with many calls, and prints
// what becomes of them while instances and servers are ended with another command.
//
// The bot answers calls, listens to tones, plays the time at 1 and hangs up at #. It does so by
// events only, and keeps with the session what a call has come to, so that another instance goes
// on from there.
package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/callgen/callgen/fleet"
	"github.com/callgen/callgen/generated/communications"
)

// bot is one instance.
type bot struct {
	Handler *communications.NotificationHandler
	Calls   *communications.Calls
	Fleet   *fleet.Fleet

	callback string
	log      *slog.Logger
}

// newBot returns an instance, whose handler the service reaches at a callback address, by whatever
// shares its requests out. It takes calls after fleet.Serve.
func newBot(f *fleet.Fleet, client *communications.Client, callback string, verifier communications.Verifier, log *slog.Logger, keepAlive time.Duration) *bot {
	store := fleet.NewCallStore[communications.StoredCall](f, fleet.StoreErrors{
		NotStored: communications.ErrCallNotStored, Stored: communications.ErrCallStored, Revision: communications.ErrCallRevision,
	})
	log = log.With("instance", f.Instance())
	b := &bot{
		Handler: communications.NewNotificationHandler(communications.NotificationOptions{Verifier: verifier, Logger: log}),
		Calls:   communications.NewCalls(client, nil, communications.CallsOptions{Store: store, Logger: log, KeepAlive: keepAlive}),
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
func (b *bot) Close(ctx context.Context) error {
	err := b.Fleet.Close(ctx)
	if closeErr := b.Calls.Close(ctx); err == nil {
		err = closeErr
	}
	return err
}

// answer answers somebody who calls.
func (b *bot) answer(ctx context.Context, s *communications.CallSession) {
	b.try(ctx, s, "answer", func() error {
		if s.State() != communications.CallStateIncoming {
			return nil
		}
		return s.Answer(ctx, communications.CallAnswerParameters{
			CallbackURI: &b.callback, AcceptedModalities: []communications.Modality{communications.ModalityAudio},
			MediaConfig: &communications.ServiceHostedMediaConfig{},
		})
	})
}

// try tries something until it is done, or nobody knows whether it is: while the servers are
// away nothing can be saved, and so nothing is sent.
func (b *bot) try(ctx context.Context, s *communications.CallSession, what string, do func() error) {
	for ctx.Err() == nil && s.Err() == nil {
		err := do()
		if err == nil {
			return
		}
		b.log.Warn("not done", "call", s.ID(), "what", what, "err", err)
		if errors.Is(err, communications.ErrCallUncertain) {
			return
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
}

// listening is the version of a session's data that say that the bot listens to tones.
const listening = 1

// listen begins to listen to tones. To begin again after a takeover does no harm.
func (b *bot) listen(ctx context.Context, e *communications.SessionEvent) error {
	b.listenOnce(ctx, e.Session, e.Again)
	return nil
}

func (b *bot) listenOnce(ctx context.Context, s *communications.CallSession, again bool) {
	b.try(ctx, s, "listen", func() error {
		call := s.Call()
		if version, _ := s.Data(); version == listening || s.State() != communications.CallStateEstablished ||
			call.MediaState == nil || call.MediaState.Audio != communications.MediaStateActive {
			return nil
		}
		if again {
			b.log.Info("perhaps again", "call", s.ID(), "action", "subscribeToTone")
		}
		if _, err := s.SubscribeToTone(ctx, communications.CallSubscribeToToneParameters{}); err != nil {
			return err
		}
		return s.SetData(ctx, listening, nil)
	})
}

// play plays the time, once for an event: what it was played for is kept before. If the instance
// ended just then, nobody knows whether it was, and it is for the caller to ask again.
func (b *bot) play(ctx context.Context, e *communications.SessionEvent) error {
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
func (b *bot) tones(ctx context.Context, e *communications.SessionEvent) error {
	for _, tone := range e.Tones {
		switch tone {
		case communications.ToneTone1:
			if err := b.play(ctx, e); err != nil {
				return err
			}
		case communications.TonePound:
			b.hangUp(ctx, e.Session)
		}
	}
	return nil
}

func (b *bot) hangUp(ctx context.Context, s *communications.CallSession) {
	b.try(ctx, s, "hang up", func() error { return s.HangUp(ctx) })
}

// resume goes on with a call of another instance. What that one was doing may have taken effect:
// to listen and to hang up again does no harm, and to play the time again is for the caller to ask
// for.
func (b *bot) resume(ctx context.Context, s *communications.CallSession, r *communications.CallResume) {
	var uncertain []string
	for _, o := range r.Uncertain {
		uncertain = append(uncertain, o.Action())
	}
	b.log.Info("call resumed", "call", s.ID(), "events", r.Again, "actions", uncertain)
	if slices.Contains(uncertain, "hangUp") {
		b.hangUp(ctx, s)
	}
	b.listenOnce(ctx, s, true)
}
