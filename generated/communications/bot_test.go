package communications_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// bot is a bot of the examples on this machine, with a simulator of the service that it calls.
type bot struct {
	URL     string // of its callbacks
	Service *communicationstest.Service

	server *httptest.Server
	mu     sync.Mutex
	lines  []string
}

func newBot() *bot {
	service, err := communicationstest.NewService(communicationstest.InOrder())
	if err != nil {
		panic(err)
	}
	b := &bot{Service: service}
	b.server = httptest.NewServer(b.handler())
	b.URL = b.server.URL + "/callback"
	return b
}

func (b *bot) Close() {
	b.Service.Close()
	b.server.Close()
}

// Communications is where the requests of the bot begin.
func (b *bot) Communications() *communications.CloudCommunicationsRequestBuilder {
	return b.Service.Client().Communications()
}

// Notified prints what the bot has been notified of.
func (b *bot) Notified() {
	for _, err := range b.Service.Settle() {
		fmt.Println(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, line := range b.lines {
		fmt.Println(line)
	}
	b.lines = nil
}

func (b *bot) note(format string, args ...any) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, fmt.Sprintf(format, args...))
	return nil
}

// handler notes what notifications say.
func (b *bot) handler() *communications.NotificationHandler {
	h := communications.NewNotificationHandler(communications.NotificationOptions{
		Verifier: communications.AllowUnverified(), Logger: slog.New(slog.DiscardHandler),
	})
	h.OnCall(func(_ context.Context, _ *communications.CallbackEvent, call *communications.Call) error {
		if call.MediaState != nil {
			return nil // the page does not show when media are active
		}
		return b.note("call %s", call.State)
	})
	h.OnContentSharing(func(_ context.Context, e *communications.CallbackEvent, sessions []*communications.ContentSharingSession) error {
		return b.note("content sharing %s, sessions: %d", e.ChangeType, len(sessions))
	})
	h.OnParticipants(func(_ context.Context, _ *communications.CallbackEvent, all []*communications.Participant) error {
		return b.note("roster: %s", names(all))
	})
	h.OnDeltaParticipants(func(_ context.Context, _ *communications.CallbackEvent, delta *communications.DeltaParticipants) error {
		return b.note("roster, change %d: %s", *delta.SequenceNumber, names(delta.Participants))
	})
	return h
}

// names lists participants, and where they are.
func names(all []*communications.Participant) string {
	var list []string
	for _, p := range all {
		name := nameOf(p)
		switch {
		case p.RemovedState != nil:
			name += " (left)"
		case *p.IsInLobby:
			name += " (in the lobby)"
		}
		list = append(list, name)
	}
	return strings.Join(list, ", ")
}

func nameOf(p *communications.Participant) string {
	who := p.Info.Identity.AsIdentitySet()
	for _, identity := range []communications.AnyIdentity{who.User, who.Application, who.Guest} {
		if identity != nil {
			return *identity.AsIdentity().DisplayName
		}
	}
	return "somebody"
}
