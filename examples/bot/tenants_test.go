package main

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	graph "github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// TestTwoTenants rings the application's one webhook for both tenants: each call is answered by
// the bot of its tenant, with that tenant's tokens.
func TestTwoTenants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service, err := communicationstest.NewService(communicationstest.InMemory(), communicationstest.InOrder())
		require.NoError(t, err)
		defer service.Close()
		tenants := NewTenants(callbackInMemory)
		var mu sync.Mutex
		asked := make(map[string]int)
		out := map[string]*bytes.Buffer{"contoso": {}, "fabrikam": {}}
		for _, tenant := range []string{"contoso", "fabrikam"} {
			bot := tenants.Add(tenant, func(callback string, options graph.CallsOptions) *Bot {
				tokens := graph.TokenSourceFunc(func(context.Context, string) (string, error) {
					mu.Lock()
					defer mu.Unlock()
					asked[tenant]++
					return "token of " + tenant, nil
				})
				client := graph.NewClient(tokens, graph.WithBaseURL(service.URL), graph.WithHTTPClient(service.HTTPClient()))
				return NewBot(client, callback, graph.AllowUnverified(), slog.New(slog.DiscardHandler), out[tenant], options)
			})
			bot.prompt = "https://cdn.contoso.com/beep.wav"
			defer func() { assert.NoError(t, bot.Close(context.Background())) }()
		}
		service.Connect(tenants)
		ring := func(tenant string) string {
			id, err := service.Ring(communicationstest.IncomingCall{
				Callback: callbackInMemory, Tenant: tenant, From: &graph.IdentitySet{User: &graph.Identity{DisplayName: new("John")}},
			})
			require.NoError(t, err)
			service.Advance(time.Minute)
			synctest.Wait()
			return id
		}
		theirs := ring("Fabrikam")
		assert.Equal(t, "Somebody calls me.\nI am in the call.\nI have played the prompt.\nI am listening to tones; # makes me leave.\n", out["fabrikam"].String())
		assert.Empty(t, out["contoso"].String())
		assert.Zero(t, asked["contoso"])
		ring("contoso")
		assert.Contains(t, out["contoso"].String(), "I am in the call.\n")
		require.NoError(t, service.Press(theirs, 0, graph.TonePound))
		service.Advance(time.Minute)
		synctest.Wait()
		assert.Contains(t, out["fabrikam"].String(), ended)
		assert.NotContains(t, out["contoso"].String(), ended)
		assert.Empty(t, service.Complaints())
	})
}
