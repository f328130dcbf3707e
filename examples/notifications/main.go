// Command notifications is told when the messages of a user change. It keeps a subscription whose
// notifications hold the messages, encrypted, and exchanges the certificate while they come in. The
// service is simulated within the program; with the real one nothing else changes but the client, the
// verifier of the module callbackauth, and the address at which the handler is served.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"time"

	"github.com/callgen/callgen/examples/notifications/graph"
	"github.com/callgen/callgen/examples/notifications/graphtest"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// program is what is told of changes.
type program struct {
	keys    *graph.ChangeKeyring
	handler *graph.ChangeHandler
	keeper  *graph.SubscriptionKeeper
}

// newProgram returns a program that writes what it is told.
func newProgram(client *graph.Client, verifier graph.ChangeVerifier, out io.Writer) *program {
	p := &program{keys: new(graph.ChangeKeyring)}
	p.keeper = graph.NewSubscriptionKeeper(client, graph.KeeperOptions{
		OnResync: func(_ context.Context, key string, _ *graph.Subscription, why graph.ResyncReason) {
			fmt.Fprintf(out, "%s: fetch what has changed: %s\n", key, why)
		},
	})
	p.handler = graph.NewChangeHandler(graph.ChangeOptions{
		ClientStates: p.keeper.ClientStates, Keys: p.keys, Verifier: verifier, HandleFirst: true,
	})
	p.handler.OnLifecycle(p.keeper.HandleLifecycle)
	graph.OnChange(p.handler, func(_ context.Context, e *graph.ChangeEvent, m *graph.Message) error {
		fmt.Fprintf(out, "message %s was %s: %s\n", m.ID, e.ChangeType, *m.Subject)
		return nil
	})
	return p
}

// keep keeps the subscription to the messages of a user, with a new certificate.
func (p *program) keep(ctx context.Context, address, certificateID string) error {
	key, certificate, err := graphtest.NewChangeCertificate()
	if err != nil {
		return err
	}
	if err := p.keys.Add(certificateID, key); err != nil {
		return err
	}
	return p.keeper.Keep(ctx, "mail of Anna", &graph.Subscription{
		Resource: new("/users/anna/messages"), ChangeType: new("created,updated"), NotificationURL: &address,
		LifecycleNotificationURL: &address, IncludeResourceData: new(true),
		EncryptionCertificate: &certificate, EncryptionCertificateID: &certificateID,
	}, 24*time.Hour)
}

func run(ctx context.Context, out io.Writer) error {
	service, err := graphtest.NewChanges()
	if err != nil {
		return err
	}
	defer service.Close()
	p := newProgram(service.Client(), service, out)
	server := httptest.NewServer(p.handler)
	defer server.Close()

	if err := p.keep(ctx, server.URL, "2026-11"); err != nil {
		return err
	}
	id := service.Subscriptions()[0].ID
	message := func(id, subject string) *graph.Message {
		m := &graph.Message{Subject: &subject}
		m.ID = id
		return m
	}
	if err := service.Notify(ctx,
		graphtest.Change{SubscriptionID: id, ChangeType: "created", Value: message("1", "Lunch?")},
		graphtest.Change{SubscriptionID: id, ChangeType: "updated", Value: message("1", "Lunch at one?")},
	); err != nil {
		return err
	}
	underWay, err := service.Compose(graphtest.Change{SubscriptionID: id, ChangeType: "created", Value: message("2", "Under way")})
	if err != nil {
		return err
	}
	if err := p.keep(ctx, server.URL, "2026-12"); err != nil { // another certificate, the same subscription
		return err
	}
	if err := service.Post(ctx, server.URL, underWay); err != nil {
		return err
	}
	if err := service.Notify(ctx,
		graphtest.Change{SubscriptionID: id, ChangeType: "created", Value: message("3", "With the new key")},
		graphtest.Change{SubscriptionID: id, Lifecycle: graph.ChangeMissed},
	); err != nil {
		return err
	}
	if err := p.handler.Shutdown(ctx); err != nil {
		return err
	}
	return p.keeper.Close(ctx)
}
