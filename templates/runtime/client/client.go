// Package client is the part of the runtime that makes requests.
package client

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// A TokenSource supplies access tokens. Token is called for every request, so implementations
// should cache. The scope is the one of the cloud, such as
// "https://graph.microsoft.com/.default", or that of [WithScope]; "" if there is neither.
type TokenSource interface {
	Token(ctx context.Context, scope string) (string, error)
}

// A TokenSourceFunc is a function used as a [TokenSource].
type TokenSourceFunc func(ctx context.Context, scope string) (string, error)

// Token returns f(ctx, scope).
func (f TokenSourceFunc) Token(ctx context.Context, scope string) (string, error) {
	return f(ctx, scope)
}

// Client sends requests to the service. It is safe for concurrent use.
//
// Access tokens and request bodies are sent only to the scheme, host and port of the base URL;
// the URLs of an [Upload] and a [Monitor], which are their own authorization, may be elsewhere,
// and get no token. Other links in answers may be relative and must stay under the base URL. A redirect is followed
// unless it leads from https to http or would change the request, such as a POST into a GET.
// Only a download may be redirected to another scheme, host or port; it is then sent without
// token, body, Referer and cookies, and of the caller's headers only with Accept, Range and
// If-Range. A redirect that is not followed is reported as an error.
type Client struct {
	http    *http.Client
	tokens  TokenSource
	auth    Authorizer
	cloud   Cloud
	version string
	service service
	base    *url.URL // of all requests
	given   string   // the base URL to use instead of cloud and version
	agent   string
	retry   RetryPolicy
	limit   int64
	log     *slog.Logger
	options []RequestOption

	odata     string // version of OData that requests name, "" for none
	odataMost string // the latest version for answers
	quoted    bool   // numbers of 64 bits are strings
	batches   BatchFormat

	linksByPath bool
	err         error          // caused by an invalid option
	decoding    []codec.Option // of answers
}

// A ClientOption configures a [Client]. An invalid option is reported by every request.
type ClientOption func(*Client)

const (
	defaultLimit = 64 << 20
	defaultAgent = "callgen-go"
)

// newClient returns a client for a version of Microsoft Graph.
func newClient(version string, tokens TokenSource, opts []ClientOption) *Client {
	return newServiceClient(service{segments: true, namespaces: []string{"microsoft.graph"}}, tokens, append([]ClientOption{onGraph(version)}, opts...))
}

// newServiceClient returns a client for a service.
func newServiceClient(s service, tokens TokenSource, opts []ClientOption) *Client {
	c := &Client{
		http: http.DefaultClient, tokens: tokens, service: s,
		agent: defaultAgent, retry: DefaultRetry(), limit: defaultLimit, odata: s.odata, batches: s.batches,
	}
	if s.odata != "" {
		c.odataMost = version401
	}
	for _, opt := range opts {
		opt(c)
	}
	c.setBase()
	c.http = withoutLeaks(c.http)
	return c
}

// Cloud is a national cloud of Microsoft Graph, for [WithCloud].
type Cloud struct {
	URL   string // root of the service, such as "https://graph.microsoft.com"
	Scope string // of its access tokens, such as "https://graph.microsoft.com/.default"
}

func cloudAt(root string) Cloud { return Cloud{URL: root, Scope: root + "/.default"} }

// GlobalCloud returns the worldwide cloud of Microsoft Graph. It is the default.
func GlobalCloud() Cloud { return cloudAt("https://graph.microsoft.com") }

// USGovernmentCloud returns Microsoft Graph for US Government L4.
func USGovernmentCloud() Cloud { return cloudAt("https://graph.microsoft.us") }

// USDefenseCloud returns Microsoft Graph for US Government L5 (DOD).
func USDefenseCloud() Cloud { return cloudAt("https://dod-graph.microsoft.us") }

// ChinaCloud returns Microsoft Graph China, operated by 21Vianet.
func ChinaCloud() Cloud { return cloudAt("https://microsoftgraph.chinacloudapi.cn") }

// WithCloud selects a national cloud.
func WithCloud(cloud Cloud) ClientOption { return func(c *Client) { c.cloud = cloud } }

// WithVersion replaces the version of the service that this package was generated for.
func WithVersion(version string) ClientOption { return func(c *Client) { c.version = version } }

// WithBaseURL sets the base URL, version included; it replaces cloud and version. A client
// that has a token source or an [Authorizer] accepts plain http for loopback addresses only.
func WithBaseURL(base string) ClientOption { return func(c *Client) { c.given = base } }

// WithHTTPClient sends requests through h, which is not modified. Set its Transport to add
// middleware. Its CheckRedirect can refuse redirects, but cannot allow one that the [Client]
// refuses.
func WithHTTPClient(h *http.Client) ClientOption { return func(c *Client) { c.http = h } }

// WithRetry replaces the retry policy, by default [DefaultRetry].
func WithRetry(policy RetryPolicy) ClientOption { return func(c *Client) { c.retry = policy } }

// WithUserAgent puts text before the default User-Agent.
func WithUserAgent(text string) ClientOption {
	return func(c *Client) { c.agent = text + " " + defaultAgent }
}

// WithLinksByPath follows links in answers by their path and query, whatever scheme and host
// they name. Use it for a service behind a proxy that does not know its public URL and so
// sends links with http: or with an internal host. Without it such links are refused.
func WithLinksByPath() ClientOption { return func(c *Client) { c.linksByPath = true } }

// WithResponseLimit sets the maximum size in bytes of an answer that is decoded, by default 64
// MB. Streams are not limited.
func WithResponseLimit(bytes int64) ClientOption { return func(c *Client) { c.limit = bytes } }

// WithDecoding sets how answers are decoded, such as [AllowDuplicateNames] for a service that
// repeats members, [MaxDepth] or [Strict].
func WithDecoding(opts ...codec.Option) ClientOption {
	return func(c *Client) { c.decoding = append(c.decoding, opts...) }
}

// WithLogger logs every request, without tokens, query values and bodies.
func WithLogger(log *slog.Logger) ClientOption { return func(c *Client) { c.log = log } }

// WithRequestOptions adds options to every request. The request's own options come after them.
func WithRequestOptions(opts ...RequestOption) ClientOption {
	return func(c *Client) { c.options = append(c.options, opts...) }
}

// setBase computes the base URL.
func (c *Client) setBase() {
	text := c.given
	switch {
	case text != "":
	case c.cloud.URL != "":
		text = strings.TrimSuffix(c.cloud.URL, "/") + "/" + url.PathEscape(c.version)
	case c.service.base != "":
		text = c.service.base
	default:
		c.err = errors.New("the address of the service is not known: pass WithBaseURL to NewClient, or name it in gen.yaml (server) and generate again")
		c.base = new(url.URL)
		return
	}
	base, err := url.Parse(strings.TrimSuffix(text, "/"))
	switch {
	case err != nil:
		c.err = fmt.Errorf("the base URL is malformed: %w", err)
	case base.Host == "" || base.Scheme != "http" && base.Scheme != "https":
		c.err = fmt.Errorf("the base URL %q is not an http or https URL", text)
	case base.RawQuery != "" || base.Fragment != "" || base.User != nil:
		c.err = errors.New("the base URL has a query, a fragment or a user: remove it")
	case base.Scheme == "http" && (c.tokens != nil || c.auth != nil) && !isLoopback(base.Hostname()):
		c.err = fmt.Errorf("the base URL %q would send tokens in the clear: use https", text)
	}
	if c.limit <= 0 && c.err == nil {
		c.err = fmt.Errorf("a limit of %d bytes lets no answer be read: pass a positive number to WithResponseLimit", c.limit)
	}
	c.base = base
}

// root is the resource of the service itself.
func (c *Client) root() *resource { return &resource{client: c} }
