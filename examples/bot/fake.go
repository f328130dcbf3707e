package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	graph "github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// callbackInMemory is where the simulator reaches the bot.
const callbackInMemory = "https://bot.contoso.com/callback"

// runFake runs the bot against a simulator of the service, which calls back out of order and
// twice. The seed makes that order repeatable.
func runFake(ctx context.Context, out io.Writer, log *slog.Logger, wish Wish, seed uint64) error {
	service, err := communicationstest.NewService(communicationstest.InMemory(), communicationstest.Disordered(seed))
	if err != nil {
		return err
	}
	defer service.Close()
	if wish.Meeting == "" {
		wish.Meeting, wish.Passcode = "1234567", "psw123"
	}
	// The service is in this process: nobody else can be the sender.
	bot := NewBot(service.Client(graph.WithLogger(log)), callbackInMemory, graph.AllowUnverified(), log, out, graph.CallsOptions{})
	service.Connect(bot.Handler)

	acted := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { acted <- people(ctx, service) }()
	err = bot.Run(ctx, wish)
	cancel()
	err = errors.Join(err, <-acted)
	if failed := service.Settle(); len(failed) > 0 {
		err = errors.Join(append(failed, err)...)
	}
	for _, r := range service.Problems() {
		err = errors.Join(err, r.Err)
	}
	return errors.Join(err, bot.Close(context.WithoutCancel(ctx)))
}

// people come to the meeting, press keys and go, as soon as the bot listens.
func people(ctx context.Context, service *communicationstest.Service) error {
	id := listening(ctx, service)
	if id == "" {
		return nil
	}
	john, err := service.Join(id, person("John", false))
	if err != nil {
		return err
	}
	ann, err := service.Join(id, person("Ann", true))
	if err != nil {
		return err
	}
	service.Settle() // people take their time
	admitted := person("Ann", false)
	admitted.ID = ann
	err = errors.Join(service.Change(id, admitted), service.Press(id, 1, graph.ToneTone1), service.Press(id, 2, graph.ToneStar))
	service.Settle()
	err = errors.Join(err, service.Leave(id, john))
	service.Settle()
	return errors.Join(err, service.Press(id, 3, graph.TonePound))
}

// listening waits until the bot listens to tones, and returns the id of its call; "" if
// the bot gives up before.
func listening(ctx context.Context, service *communicationstest.Service) string {
	const before, after = "/communications/calls/", "/subscribeToTone"
	for {
		for _, r := range service.Requests() {
			if len(r.Path) > len(before)+len(after) && r.Path[len(r.Path)-len(after):] == after {
				service.Settle()
				return r.Path[len(before) : len(r.Path)-len(after)]
			}
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			return ""
		}
	}
}

func person(name string, waits bool) *graph.Participant {
	return &graph.Participant{
		IsInLobby: &waits,
		Info:      &graph.ParticipantInfo{Identity: &graph.IdentitySet{User: &graph.Identity{DisplayName: &name}}},
	}
}
