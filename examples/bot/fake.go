package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"time"

	graph "github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// runFake runs the bot against a fake of the service that calls back out of order and
// twice. The seed makes the order repeatable.
func runFake(ctx context.Context, out io.Writer, log *slog.Logger, wish Wish, seed uint64) error {
	service, err := communicationstest.NewService(communicationstest.Disordered(seed))
	if err != nil {
		return err
	}
	defer service.Close()
	if wish.Meeting == "" {
		wish.Meeting, wish.Passcode = "1234567", "psw123"
	}
	client := service.Client(graph.WithLogger(log))
	// The service runs on this machine, and nobody else knows the address.
	bot := NewBot(client, "", graph.AllowUnverified(), log, out)
	server := httptest.NewServer(bot.Handler)
	defer server.Close()
	bot.callback = server.URL

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
	return err
}

// people joins people to the meeting, lets them press keys, and has them leave, once the
// bot listens.
func people(ctx context.Context, service *communicationstest.Service) error {
	id, err := listening(ctx, service)
	if err != nil || id == "" {
		return err
	}
	john, err := service.Join(id, person("John"))
	if err != nil {
		return err
	}
	ann, err := service.Join(id, waiting(person("Ann")))
	if err != nil {
		return err
	}
	service.Settle() // people take their time
	admitted := person("Ann")
	admitted.ID = ann
	err = errors.Join(service.Change(id, admitted), service.Press(id, 1, graph.ToneTone1), service.Press(id, 2, graph.ToneStar))
	service.Settle()
	err = errors.Join(err, service.Leave(id, john))
	service.Settle()
	return errors.Join(err, service.Press(id, 3, graph.TonePound))
}

// listening waits until the bot listens to tones, and returns the id of its call, or "" if
// the bot gives up first.
func listening(ctx context.Context, service *communicationstest.Service) (string, error) {
	const before, after = "/communications/calls/", "/subscribeToTone"
	for {
		for _, r := range service.Requests() {
			if len(r.Path) > len(before)+len(after) && r.Path[len(r.Path)-len(after):] == after {
				return r.Path[len(before) : len(r.Path)-len(after)], nil
			}
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			return "", nil
		}
	}
}

func person(name string) *graph.Participant {
	return &graph.Participant{
		IsInLobby: new(false),
		Info:      &graph.ParticipantInfo{Identity: &graph.IdentitySet{User: &graph.Identity{DisplayName: &name}}},
	}
}

// waiting puts a participant into the lobby.
func waiting(p *graph.Participant) *graph.Participant {
	p.IsInLobby = new(true)
	return p
}
