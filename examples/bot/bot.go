package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	graph "github.com/callgen/callgen/generated/communications"
)

// Wish is what the bot is to do.
type Wish struct {
	Meeting, Passcode string
	Prompt            string // address of a sound
	Tenant            string
}

// Bot joins meetings and answers who calls it. In a call it plays a prompt, listens to tones,
// and hangs up when somebody presses #.
type Bot struct {
	// Handler takes the notifications of the service.
	Handler *graph.NotificationHandler

	calls    *graph.Calls
	callback string // where the service reaches Handler
	out      *narrator
	prompt   string
}

// NewBot returns a bot that the service reaches at a callback address. It keeps its calls
// alive, and those in a store over a restart.
func NewBot(client *graph.Client, callback string, verifier graph.Verifier, log *slog.Logger, out io.Writer, options graph.CallsOptions) *Bot {
	b := &Bot{callback: callback, out: &narrator{w: out}}
	b.Handler = graph.NewNotificationHandler(graph.NotificationOptions{Verifier: verifier, Logger: log})
	options.Logger = log
	b.calls = graph.NewCalls(client, b.Handler, options)
	b.calls.OnSession(b.follow)
	b.calls.OnIncoming(b.answer)
	b.calls.OnResume(b.resume)
	return b
}

// Resume takes up the calls that the bot had in its store when it stopped.
func (b *Bot) Resume(ctx context.Context) error { return b.calls.RehydrateAll(ctx) }

// resume goes on listening to the tones of a call that the bot had before it was restarted.
func (b *Bot) resume(_ context.Context, s *graph.CallSession, _ *graph.CallResume) {
	if s.State() != graph.CallStateEstablished {
		return // it has ended, or somebody still waits for an answer, which the service repeats
	}
	b.out.say("I am back in the call.")
	b.accompany(s, b.listen)
}

// follow tells people what happens in a call.
func (b *Bot) follow(_ context.Context, s *graph.CallSession) {
	s.OnRoster(func(_ context.Context, e *graph.SessionEvent) error {
		b.out.roster(e.Roster)
		return nil
	})
}

// answer answers who calls the bot.
func (b *Bot) answer(ctx context.Context, s *graph.CallSession) {
	b.out.say("Somebody calls me.")
	err := s.Answer(ctx, graph.CallAnswerParameters{
		CallbackURI: &b.callback, MediaConfig: &graph.ServiceHostedMediaConfig{}, AcceptedModalities: []graph.Modality{graph.ModalityAudio},
	})
	if err != nil {
		b.out.say("The call cannot be answered: %v", err)
		return
	}
	b.accompany(s, b.talk)
}

// accompany has a part in a call until it is over or the bot stops: then the call goes on with
// the bot's successor.
func (b *Bot) accompany(s *graph.CallSession, part func(context.Context, *graph.CallSession) error) {
	s.Go(func(ctx context.Context) {
		err := part(ctx, s)
		if ctx.Err() != nil && s.State() != graph.CallStateTerminated {
			return
		}
		if err := b.leave(ctx, s, err); err != nil {
			b.out.say("%v", err)
		}
	})
}

// Run does what is wished, from joining to hanging up.
func (b *Bot) Run(ctx context.Context, wish Wish) error {
	b.prompt = wish.Prompt
	s, err := b.join(ctx, wish)
	if err != nil {
		return fmt.Errorf("the meeting cannot be joined: %w", err)
	}
	b.out.say("I am calling in.")
	err = b.talk(ctx, s)
	if ctx.Err() != nil {
		err = nil // somebody stops the bot
	}
	return errors.Join(err, b.leave(ctx, s, err))
}

func (b *Bot) join(ctx context.Context, wish Wish) (*graph.CallSession, error) {
	meeting := &graph.JoinMeetingIDMeetingInfo{JoinMeetingID: &wish.Meeting}
	if wish.Passcode != "" {
		meeting.Passcode = &wish.Passcode
	}
	call := &graph.Call{
		CallbackURI:         &b.callback,
		RequestedModalities: []graph.Modality{graph.ModalityAudio},
		MediaConfig:         &graph.ServiceHostedMediaConfig{},
		MeetingInfo:         meeting,
		CallOptions:         &graph.OutgoingCallOptions{CallOptions: graph.CallOptions{IsDeltaRosterEnabled: new(true)}},
	}
	if wish.Tenant != "" {
		call.TenantID = &wish.Tenant
	}
	return b.calls.Create(ctx, call)
}

// talk is what happens while the call lasts.
func (b *Bot) talk(ctx context.Context, s *graph.CallSession) error {
	if _, err := s.Wait(ctx, graph.CallStateEstablished); err != nil {
		return err
	}
	b.out.say("I am in the call.")
	played, err := s.PlayPrompt(ctx, graph.CallPlayPromptParameters{Prompts: []graph.AnyPrompt{
		&graph.MediaPrompt{MediaInfo: &graph.MediaInfo{URI: &b.prompt, ResourceID: new("hello")}},
	}})
	if err == nil {
		_, err = played.Wait(ctx)
	}
	if err != nil {
		return fmt.Errorf("the prompt was not played: %w", err)
	}
	b.out.say("I have played the prompt.")
	return b.listen(ctx, s)
}

// listen listens to tones until somebody presses #.
func (b *Bot) listen(ctx context.Context, s *graph.CallSession) error {
	pound := make(chan struct{})
	defer s.OnTones(func(_ context.Context, e *graph.SessionEvent) error {
		for _, tone := range e.Tones {
			b.out.say("Somebody pressed %s.", key(tone))
			if tone == graph.TonePound {
				closeOnce(pound)
			}
		}
		return nil
	})()
	listening, err := s.SubscribeToTone(ctx, graph.CallSubscribeToToneParameters{})
	if err == nil {
		_, err = listening.Wait(ctx)
	}
	if err != nil {
		return fmt.Errorf("the bot cannot hear tones: %w", err)
	}
	b.out.say("I am listening to tones; # makes me leave.")
	select {
	case <-pound:
	case <-s.Done():
	case <-ctx.Done():
	}
	return nil
}

// closeOnce closes a channel that one goroutine closes, perhaps again.
func closeOnce(c chan struct{}) {
	select {
	case <-c:
	default:
		close(c)
	}
}

// leave hangs up, unless the other side has.
func (b *Bot) leave(ctx context.Context, s *graph.CallSession, failed error) error {
	if failed != nil {
		b.out.say("Something went wrong, so I hang up.")
	} else {
		b.out.say("Goodbye, I hang up.")
	}
	// What ended the talk must not keep the bot from hanging up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := s.HangUp(ctx); err != nil && !graph.IsNotFound(err) {
		return fmt.Errorf("the bot cannot hang up: %w", err)
	}
	select {
	case <-s.Done():
		b.out.say("%v", s.Err())
		return nil
	case <-ctx.Done():
		return fmt.Errorf("the service did not say that the call has ended: %w", ctx.Err())
	}
}

// Close lets the calls go on without the bot, for a successor, and stops its handler.
func (b *Bot) Close(ctx context.Context) error {
	return errors.Join(b.calls.Close(ctx), b.Handler.Shutdown(ctx))
}
