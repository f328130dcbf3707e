package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/oauth2/clientcredentials"

	"github.com/callgen/callgen/callbackauth"
	graph "github.com/callgen/callgen/generated/communications"
)

// credentials holds the credentials of the application, from the environment.
type credentials struct{ tenant, id, secret, callback string }

func environment() (credentials, error) {
	var missing []error
	get := func(name, what string) string {
		value := os.Getenv(name)
		if value == "" {
			missing = append(missing, fmt.Errorf("%s is not set: %s", name, what))
		}
		return value
	}
	c := credentials{
		tenant:   get("BOT_TENANT_ID", "the id of the tenant that holds the meeting"),
		id:       get("BOT_CLIENT_ID", "the id of the application, which needs the permission Calls.JoinGroupCall.All"),
		secret:   get("BOT_CLIENT_SECRET", "a secret of the application"),
		callback: get("BOT_CALLBACK_URL", "the https address at which the service reaches -listen, such as that of a tunnel"),
	}
	return c, errors.Join(missing...)
}

// runReal runs the bot against the service.
func runReal(ctx context.Context, out io.Writer, log *slog.Logger, listen string, wish Wish) error {
	c, err := environment()
	if err != nil {
		return err
	}
	if wish.Meeting == "" {
		return errors.New("no meeting is named: add -meeting ID, and -passcode if it has one")
	}
	wish.Tenant = c.tenant
	verifier, err := callbackauth.New(c.id, callbackauth.WithTenants(c.tenant))
	if err != nil {
		return err
	}
	store, err := graph.NewFileCallStore(filepath.Join(os.TempDir(), "callgen-bot"))
	if err != nil {
		return err
	}
	bot := NewBot(graph.NewClient(tokens(c), graph.WithLogger(log), traced()), c.callback, verifier, log, out, graph.CallsOptions{Store: store})
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: tracedHandler(bot.Handler), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends at Shutdown
	err = errors.Join(bot.Resume(ctx), bot.Run(ctx, wish))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(err, server.Shutdown(ctx), bot.Close(ctx))
}

// tokens returns a source of the application's tokens, which are cached until they expire.
func tokens(c credentials) graph.TokenSource {
	config := clientcredentials.Config{
		ClientID: c.id, ClientSecret: c.secret, Scopes: []string{graph.GlobalCloud().Scope},
		TokenURL: "https://login.microsoftonline.com/" + c.tenant + "/oauth2/v2.0/token",
	}
	source := config.TokenSource(context.Background())
	return graph.TokenSourceFunc(func(context.Context, string) (string, error) {
		token, err := source.Token()
		if err != nil {
			return "", err
		}
		return token.AccessToken, nil
	})
}
