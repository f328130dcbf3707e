package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/callgen/callgen/examples/redfish/redfish"
)

// watch prints events as they come, over a connection that stays open, until ctx is done.
func watch(ctx context.Context, client *redfish.Client, out io.Writer) error {
	service, err := eventService(ctx, client)
	if err != nil {
		return err
	}
	if service.ServerSentEventURI == nil {
		return errors.New("the controller has no stream of events: use subscribe")
	}
	for e, err := range redfish.StreamEvents(ctx, client, *service.ServerSentEventURI, redfish.StreamOptions{}) {
		if err != nil {
			return err
		}
		if err := show(e, out); err != nil {
			return err
		}
	}
	return nil
}

// show prints an event or a report.
func show(e *redfish.ControllerEvent, out io.Writer) error {
	switch e.Type {
	case "Event":
		event, err := e.AsEvent()
		if err != nil {
			return err
		}
		for _, record := range event.Events {
			fmt.Fprintf(out, "%s %s: %s\n", text(record.EventID), text(record.MessageID), text(record.Message))
		}
	case "MetricReport":
		report, err := e.AsMetricReport()
		if err != nil {
			return err
		}
		for _, value := range report.MetricValues {
			fmt.Fprintf(out, "%s = %s\n", text(value.MetricID), text(value.MetricValue))
		}
	default:
		fmt.Fprintf(out, "a document of the type %q\n", e.Type)
	}
	return nil
}

// secretHeader is the header by which the receiver of events knows the controller.
const secretHeader = "X-Event-Secret"

// subscribe lets the controller send events to a URL, at which the listener is reached, and prints
// them until ctx is done. It closes the listener.
func subscribe(ctx context.Context, client *redfish.Client, listener net.Listener, destination string, out io.Writer) error {
	defer listener.Close()
	service, err := eventService(ctx, client)
	if err != nil {
		return err
	}
	secret := rand.Text()
	receiver := redfish.NewEventReceiver(redfish.ReceiverOptions{Header: secretHeader, Secret: secret}, func(_ context.Context, e *redfish.ControllerEvent) error {
		return show(e, out)
	})
	server := &http.Server{Handler: receiver, ReadHeaderTimeout: time.Minute}
	defer server.Close()
	go server.Serve(listener)

	header := new(redfish.EventDestinationHTTPHeaderProperty)
	if err := header.AdditionalData.Set(secretHeader, secret); err != nil {
		return err
	}
	// Whoever stops us while the controller answers would leave a subscription behind: its answer is awaited.
	lasting, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	subscription, err := redfish.CreateEntity(lasting, client, service.Subscriptions, &redfish.EventDestination{
		Destination: new(destination), Protocol: redfish.EventDestinationEventDestinationProtocolRedfish, Context: new("rack"),
		HTTPHeaders: []*redfish.EventDestinationHTTPHeaderProperty{header},
	})
	if err != nil {
		return err
	}
	<-ctx.Done()
	return redfish.DeleteEntity(context.WithoutCancel(ctx), client, subscription)
}

func eventService(ctx context.Context, client *redfish.Client) (*redfish.EventService, error) {
	root, err := redfish.ReadServiceRoot(ctx, client)
	if err != nil {
		return nil, err
	}
	return redfish.FollowLink(ctx, client, root.EventService)
}
