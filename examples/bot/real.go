package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/oauth2/clientcredentials"

	"github.com/callgen/callgen/callbackauth"
	graph "github.com/callgen/callgen/generated/communications"
)

// credentials holds the credentials of the application, from the environment.
type credentials struct {
	tenants              []string
	id, secret, callback string
}

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
		tenants:  strings.Split(get("BOT_TENANT_ID", "the id of the tenant that holds the meeting; after it, with commas, those of others that may call the bot"), ","),
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
	wish.Tenant = c.tenants[0]
	verifier, err := callbackauth.New(c.id, callbackauth.WithTenants(c.tenants...))
	if err != nil {
		return err
	}
	tenants := NewTenants(c.callback)
	var bots []*Bot
	for _, tenant := range c.tenants {
		store, err := graph.NewFileCallStore(filepath.Join(os.TempDir(), "callgen-bot", url.PathEscape(tenant)))
		if err != nil {
			return err
		}
		bots = append(bots, tenants.Add(tenant, func(callback string, options graph.CallsOptions) *Bot {
			options.Store = store
			return NewBot(graph.NewClient(tokens(c, tenant), graph.WithLogger(log), traced()), callback, verifier, log, out, options)
		}))
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: tracedHandler(tenants), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends at Shutdown
	for _, bot := range bots {
		bot.prompt = wish.Prompt
		err = errors.Join(err, bot.Resume(ctx))
	}
	err = errors.Join(err, bots[0].Run(ctx, wish))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err = errors.Join(err, server.Shutdown(ctx))
	for _, bot := range bots {
		err = errors.Join(err, bot.Close(ctx))
	}
	return err
}

// tokens returns a source of the application's tokens for a tenant, which are cached until they
// expire.
func tokens(c credentials, tenant string) graph.TokenSource {
	config := clientcredentials.Config{
		ClientID: c.id, ClientSecret: c.secret, Scopes: []string{graph.GlobalCloud().Scope},
		TokenURL: "https://login.microsoftonline.com/" + url.PathEscape(tenant) + "/oauth2/v2.0/token",
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
