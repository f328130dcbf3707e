package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/callgen/callgen/callbackauth"
	graph "github.com/callgen/callgen/generated/communications"
)

// emulatedApp is the application for which callsim signs notifications.
const emulatedApp = "2891555a-92ff-42e6-80fa-6e1300c6b5c6"

// runEmulated answers who calls the bot from callsim, until ctx ends, and closes the listener.
// Only two settings differ from those of the service: the address of the API, and that of the
// issuer's document.
func runEmulated(ctx context.Context, out io.Writer, log *slog.Logger, callsim string, listener net.Listener, wish Wish) error {
	defer listener.Close()
	callsim = strings.TrimSuffix(strings.TrimSuffix(callsim, "/"), "/beta")
	verifier, err := callbackauth.New(emulatedApp, callbackauth.WithMetadataURL(callsim+"/issuer/.well-known/openid-configuration"))
	if err != nil {
		return err
	}
	tokens := graph.TokenSourceFunc(func(context.Context, string) (string, error) { return "emulated", nil })
	client := graph.NewClient(tokens, graph.WithBaseURL(callsim+"/beta"), graph.WithLogger(log))
	bot := NewBot(client, "http://"+listener.Addr().String()+"/callback", verifier, log, out, graph.CallsOptions{})
	bot.prompt = wish.Prompt
	server := &http.Server{Handler: bot.Handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends at Shutdown
	bot.out.say("I am listening at %s.", bot.callback)
	<-ctx.Done()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(server.Shutdown(ctx), bot.Close(ctx))
}
