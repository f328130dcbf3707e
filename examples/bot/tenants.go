package main

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"

	graph "github.com/callgen/callgen/generated/communications"
)

// Tenants holds the bots of an application that several tenants use, by the id of the tenant.
// Each has a client, whose tokens are issued by its tenant, sessions and a callback address of its own. The
// application has one calling webhook, which belongs to the first of them.
type Tenants struct {
	base  string
	first string
	bots  map[string]*Bot
}

// NewTenants returns a group without bots, which the service reaches at an address.
func NewTenants(base string) *Tenants {
	return &Tenants{base: strings.TrimRight(base, "/"), bots: make(map[string]*Bot)}
}

// Add makes a bot for a tenant. The function gets the callback address, and the part of the
// options that sends calls of other tenants to their bots.
func (t *Tenants) Add(tenant string, start func(callback string, options graph.CallsOptions) *Bot) *Bot {
	tenant = strings.ToLower(tenant)
	if t.first == "" {
		t.first = tenant
	}
	bot := start(t.callback(tenant), graph.CallsOptions{Elsewhere: func(_ context.Context, call *graph.Call) (string, error) {
		return t.elsewhere(tenant, call), nil
	}})
	t.bots[tenant] = bot
	return bot
}

// callback returns the address at which the service reaches the bot of a tenant.
func (t *Tenants) callback(tenant string) string {
	if tenant == t.first {
		return t.base
	}
	return t.base + "/" + url.PathEscape(tenant)
}

// elsewhere returns the address of the bot that an incoming call belongs to, or "" if that is
// the bot of the tenant itself, or nobody's.
func (t *Tenants) elsewhere(tenant string, call *graph.Call) string {
	if call.TenantID == nil {
		return ""
	}
	of := strings.ToLower(*call.TenantID)
	if of == tenant || t.bots[of] == nil {
		return ""
	}
	return t.callback(of)
}

// ServeHTTP passes a notification to the bot whose address it was sent to.
func (t *Tenants) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bot := t.bots[strings.ToLower(path.Base(r.URL.Path))]
	if bot == nil {
		bot = t.bots[t.first]
	}
	bot.Handler.ServeHTTP(w, r)
}
