package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	graph "github.com/callgen/callgen/generated/communications"
)

// Wish says what the bot should do.
type Wish struct {
	Meeting, Passcode string
	Prompt            string // address of a sound file
	Tenant            string
}

// Bot takes part in one call at a time.
type Bot struct {
	// Handler handles the notifications of the service.
	Handler *graph.NotificationHandler

	client   *graph.Client
	callback string // address of Handler for the service
	calls    *graph.CallTracker
	out      *narrator

	// The service may report a call before it answers the request that created it, so
	// everything is keyed by the id of the call.
	mu   sync.Mutex
	seen map[string]*call
}

// call is what the bot knows about a call.
type call struct {
	roster *graph.Roster

	mu     sync.Mutex
	tones  tones
	states map[graph.CallState]chan struct{}  // closed when the call is in the state or beyond
	done   map[string]graph.AnyCommsOperation // operations that have ended, by id
	pound  chan struct{}                      // closed when somebody presses #
}

// NewBot returns a bot that the service reaches at the callback address.
func NewBot(client *graph.Client, callback string, verifier graph.Verifier, log *slog.Logger, out io.Writer) *Bot {
	b := &Bot{
		client: client, callback: callback, calls: graph.NewCallTracker(100, time.Hour), out: &narrator{w: out},
		seen: make(map[string]*call),
	}
	h := graph.NewNotificationHandler(graph.NotificationOptions{Verifier: verifier, Logger: log})
	h.OnCall(b.onCall)
	h.OnParticipants(func(_ context.Context, e *graph.CallbackEvent, _ []*graph.Participant) error { return b.onRoster(e) })
	h.OnDeltaParticipants(func(_ context.Context, e *graph.CallbackEvent, _ *graph.DeltaParticipants) error {
		return b.onRoster(e)
	})
	h.OnOperation(b.onOperation)
	b.Handler = h
	return b
}

// Run fulfils a wish, from joining to hanging up.
func (b *Bot) Run(ctx context.Context, wish Wish) error {
	made, err := b.join(ctx, wish)
	if err != nil {
		return fmt.Errorf("the meeting cannot be joined: %w", err)
	}
	c, request := b.call(made.ID), b.client.Communications().Calls().ByID(made.ID)
	b.out.say("I am calling in.")
	talk := func() error {
		if err := b.wait(ctx, made.ID, c.reached(graph.CallStateEstablished)); err != nil {
			return err
		}
		return b.talk(ctx, c, request, wish)
	}
	err = talk()
	b.out.say("%s", goodbye(err))
	// Whatever ended the talk, the bot must still hang up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if failure := request.Delete(ctx); failure != nil && !graph.IsNotFound(failure) {
		return errors.Join(err, fmt.Errorf("the bot cannot hang up: %w", failure))
	}
	return errors.Join(err, b.farewell(ctx, made.ID, c))
}

func goodbye(err error) string {
	if err != nil {
		return "Something went wrong, so I hang up."
	}
	return "Goodbye, I hang up."
}

func (b *Bot) join(ctx context.Context, wish Wish) (*graph.Call, error) {
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
	return b.client.Communications().Calls().Create(ctx, call)
}

// talk is the part of Run while the call lasts.
func (b *Bot) talk(ctx context.Context, c *call, request *graph.CallRequestBuilder, wish Wish) error {
	b.out.say("I am in the meeting.")
	played, err := request.PlayPrompt(ctx, graph.CallPlayPromptParameters{Prompts: []graph.AnyPrompt{
		&graph.MediaPrompt{MediaInfo: &graph.MediaInfo{URI: &wish.Prompt, ResourceID: new("hello")}},
	}})
	if err != nil {
		return fmt.Errorf("the prompt cannot be played: %w", err)
	}
	if err := b.completed(ctx, c, request, played); err != nil {
		return fmt.Errorf("the prompt was not played: %w", err)
	}
	b.out.say("I have played the prompt.")
	listening, err := request.SubscribeToTone(ctx, graph.CallSubscribeToToneParameters{})
	if err != nil {
		return fmt.Errorf("the bot cannot hear tones: %w", err)
	}
	if err := b.completed(ctx, c, request, listening); err != nil {
		return fmt.Errorf("the bot cannot hear tones: %w", err)
	}
	b.out.say("I am listening to tones; # makes me leave.")
	select {
	case <-c.pound:
	case <-c.reached(graph.CallStateTerminated):
	case <-ctx.Done():
	}
	return nil
}

// completed waits until an operation has ended: for its notification, or by polling in case
// that is lost.
func (b *Bot) completed(ctx context.Context, c *call, request *graph.CallRequestBuilder, begun graph.AnyCommsOperation) error {
	id := begun.AsCommsOperation().ID
	told := func() (graph.AnyCommsOperation, bool) {
		c.mu.Lock()
		defer c.mu.Unlock()
		o, ok := c.done[id]
		return o, ok
	}
	o, err := graph.WaitFor(ctx, func(ctx context.Context) (graph.AnyCommsOperation, error) {
		if o, ok := told(); ok {
			return o, nil
		}
		return request.Operations().ByID(id).Get(ctx)
	}, hasEnded)
	if err != nil {
		return err
	}
	if info := o.AsCommsOperation().ResultInfo; o.AsCommsOperation().Status.Is(graph.OperationStatusFailed) {
		return fmt.Errorf("the service says: %s", result(info))
	}
	return nil
}

func hasEnded(o graph.AnyCommsOperation) bool {
	return graph.OperationDone(o.AsCommsOperation().Status)
}

// wait waits until a channel is closed, the call ends, or ctx is done.
func (b *Bot) wait(ctx context.Context, id string, until <-chan struct{}) error {
	select {
	case <-until:
		if state, info, _ := b.calls.State(id); state == graph.CallStateTerminated {
			return fmt.Errorf("the call has ended: %s", result(info))
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// farewell waits until the service reports that the call has ended.
func (b *Bot) farewell(ctx context.Context, id string, c *call) error {
	select {
	case <-c.reached(graph.CallStateTerminated):
		_, info, _ := b.calls.State(id)
		b.out.say("The call has ended: %s.", result(info))
		return nil
	case <-ctx.Done():
		return fmt.Errorf("the service did not say that the call has ended: %w", ctx.Err())
	}
}

// result describes how a call or an operation ended.
func result(info *graph.ResultInfo) string {
	if info == nil || info.Code == nil {
		return "no reason is given"
	}
	text := fmt.Sprint("code ", *info.Code)
	if info.Subcode != nil && *info.Subcode != 0 {
		text += fmt.Sprint(", subcode ", *info.Subcode)
	}
	if info.Message != nil && *info.Message != "" {
		text += ", " + *info.Message
	}
	return text
}
