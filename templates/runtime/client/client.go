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
)

// TokenSource gives the access tokens of requests. The scope is that of the cloud, such
// as "https://graph.microsoft.com/.default". It is asked for each request and does the
// caching.
type TokenSource interface {
	Token(ctx context.Context, scope string) (string, error)
}

// TokenSourceFunc is a function that gives access tokens.
type TokenSourceFunc func(ctx context.Context, scope string) (string, error)

// Token calls f.
func (f TokenSourceFunc) Token(ctx context.Context, scope string) (string, error) {
	return f(ctx, scope)
}

// Client makes requests of the service. It is safe for concurrent use.
//
// Its tokens, and what its requests say, go to the scheme, host and port of the base URL and
// nowhere else. Links in answers can be relative, and must stay under the base URL. Redirects
// are followed by these rules: never from https to http; never if another request would come
// of it, such as a GET of a POST; and to another scheme, host or port only to download
// something, without token, body, Referer, cookies or any header of the caller's but Accept,
// Range and If-Range. What is not followed is an error that says so.
type Client struct {
	http    *http.Client
	tokens  TokenSource
	cloud   Cloud
	version string
	base    *url.URL // of all requests
	given   string   // base URL that stands for cloud and version
	agent   string
	retry   RetryPolicy
	limit   int64
	log     *slog.Logger
	options []RequestOption

	linksByPath bool
	err         error // of a wrong option
}

// ClientOption changes how a client makes its requests.
type ClientOption func(*Client)

const (
	defaultLimit = 64 << 20
	defaultAgent = "callgen-go"
)

// newClient returns a client of a version of the service.
func newClient(version string, tokens TokenSource, opts []ClientOption) *Client {
	c := &Client{
		http: http.DefaultClient, tokens: tokens, cloud: GlobalCloud(), version: version,
		agent: defaultAgent, retry: DefaultRetry(), limit: defaultLimit,
	}
	for _, opt := range opts {
		opt(c)
	}
	c.setBase()
	c.http = withoutLeaks(c.http)
	return c
}

// Cloud is one of the national clouds of Microsoft Graph.
type Cloud struct {
	URL   string // root of the service, such as "https://graph.microsoft.com"
	Scope string // of its access tokens
}

func cloudAt(root string) Cloud { return Cloud{URL: root, Scope: root + "/.default"} }

// GlobalCloud is Microsoft Graph for everybody who has no cloud of their own. It is
// the default.
func GlobalCloud() Cloud { return cloudAt("https://graph.microsoft.com") }

// USGovernmentCloud is Microsoft Graph for the US Government, L4.
func USGovernmentCloud() Cloud { return cloudAt("https://graph.microsoft.us") }

// USDefenseCloud is Microsoft Graph for the US Government, L5 (DOD).
func USDefenseCloud() Cloud { return cloudAt("https://dod-graph.microsoft.us") }

// ChinaCloud is Microsoft Graph in China, operated by 21Vianet.
func ChinaCloud() Cloud { return cloudAt("https://microsoftgraph.chinacloudapi.cn") }

// WithCloud makes the requests in a national cloud.
func WithCloud(cloud Cloud) ClientOption { return func(c *Client) { c.cloud = cloud } }

// WithVersion replaces the version of the service that this package was made for.
func WithVersion(version string) ClientOption { return func(c *Client) { c.version = version } }

// WithBaseURL makes the requests under a URL, version included, instead of a cloud's.
// Plain HTTP is for loopback addresses only, as long as there are tokens to lose.
func WithBaseURL(base string) ClientOption { return func(c *Client) { c.given = base } }

// WithHTTPClient makes the requests with an HTTP client, which is not changed. Its
// Transport is the place for middleware. Its CheckRedirect can refuse redirects, but allow
// none that the [Client] refuses.
func WithHTTPClient(h *http.Client) ClientOption { return func(c *Client) { c.http = h } }

// WithRetry replaces the policy of repeating requests, [DefaultRetry].
func WithRetry(policy RetryPolicy) ClientOption { return func(c *Client) { c.retry = policy } }

// WithUserAgent puts text in front of the User-Agent.
func WithUserAgent(text string) ClientOption {
	return func(c *Client) { c.agent = text + " " + defaultAgent }
}

// WithLinksByPath takes only the path and the query of the links in answers, as if they led
// to the host of the base URL. It is for services behind a proxy that do not know by which
// URL they are reached: links that begin with http: where TLS ends at the proxy, or with a
// host of their own. Without it such links are not followed.
func WithLinksByPath() ClientOption { return func(c *Client) { c.linksByPath = true } }

// WithResponseLimit sets how many bytes an answer that is decoded may have; 64 MB by
// default. Streams have no limit.
func WithResponseLimit(bytes int64) ClientOption { return func(c *Client) { c.limit = bytes } }

// WithLogger logs each request, without tokens, query values and bodies.
func WithLogger(log *slog.Logger) ClientOption { return func(c *Client) { c.log = log } }

// WithRequestOptions gives options to every request, before its own.
func WithRequestOptions(opts ...RequestOption) ClientOption {
	return func(c *Client) { c.options = append(c.options, opts...) }
}

// setBase works out the base URL.
func (c *Client) setBase() {
	text := c.given
	if text == "" {
		text = strings.TrimSuffix(c.cloud.URL, "/") + "/" + url.PathEscape(c.version)
	}
	base, err := url.Parse(strings.TrimSuffix(text, "/"))
	switch {
	case err != nil:
		c.err = fmt.Errorf("the base URL is malformed: %w", err)
	case base.Host == "" || base.Scheme != "http" && base.Scheme != "https":
		c.err = fmt.Errorf("the base URL %q is not an http or https URL", text)
	case base.RawQuery != "" || base.Fragment != "" || base.User != nil:
		c.err = errors.New("the base URL has a query, a fragment or a user: give it without")
	case base.Scheme == "http" && c.tokens != nil && !isLoopback(base.Hostname()):
		c.err = fmt.Errorf("the base URL %q would send tokens in the clear: use https", text)
	}
	if c.limit <= 0 && c.err == nil {
		c.err = fmt.Errorf("a limit of %d bytes for answers lets none be read: give WithResponseLimit a positive one", c.limit)
	}
	c.base = base
}

// root is the resource of the service itself.
func (c *Client) root() *resource { return &resource{client: c} }
