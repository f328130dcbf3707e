package callbackauth

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// What Microsoft's samples name.
const (
	// MetadataURL is the OpenID document that leads to the keys of the calling service.
	MetadataURL = "https://api.aps.skype.com/v1/.well-known/OpenIdConfiguration"
	// IssuerGraph is an issuer of tokens of callbacks.
	IssuerGraph = "https://graph.microsoft.com"
	// IssuerBotFramework is the other one.
	IssuerBotFramework = "https://api.botframework.com"
)

// Clock skew: what is tolerated unless WithClockSkew says otherwise, which is what
// Microsoft's own handlers tolerate, and the most that it can ask for.
const (
	defaultSkew = 5 * time.Minute
	limitSkew   = time.Hour
)

// Option changes how a [Verifier] works.
type Option func(*Verifier) error

// WithTenants accepts callbacks of these tenants only. Without it, or with no ids,
// a token of any tenant is accepted: right for a bot that many tenants install, and
// whose handlers look at the tenant.
func WithTenants(ids ...string) Option {
	return func(v *Verifier) error {
		if slices.ContainsFunc(ids, func(id string) bool { return strings.TrimSpace(id) == "" }) {
			return errors.New("callbackauth: WithTenants: an id is empty")
		}
		v.tenants = append(v.tenants, ids...)
		return nil
	}
}

// WithIssuers accepts these issuers instead of [IssuerGraph] and [IssuerBotFramework].
func WithIssuers(issuers ...string) Option {
	return func(v *Verifier) error {
		if len(issuers) == 0 || slices.Contains(issuers, "") {
			return errors.New("callbackauth: WithIssuers: name at least one issuer, none of them empty")
		}
		v.issuers = slices.Clone(issuers)
		return nil
	}
}

// WithMetadataURL takes the keys from another OpenID document than [MetadataURL]:
// that of a national cloud, or of a local issuer in a test. The URL must be https,
// unless it is one of this machine (127.0.0.1, ::1, localhost).
func WithMetadataURL(address string) Option {
	return func(v *Verifier) error {
		u, err := url.Parse(address)
		if err != nil {
			return fmt.Errorf("callbackauth: WithMetadataURL: %w", err)
		}
		if u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
			return fmt.Errorf("callbackauth: WithMetadataURL: %q is not an https URL", address)
		}
		v.keys.document = u
		return nil
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// WithHTTPClient fetches the keys with a client's transport, such as one that knows
// a proxy. The client's own rules for redirects are not used, and its Timeout only if
// it is shorter than 10 seconds.
func WithHTTPClient(client *http.Client) Option {
	return func(v *Verifier) error {
		if client == nil {
			return errors.New("callbackauth: WithHTTPClient: the client is nil")
		}
		v.keys.client = client
		return nil
	}
}

// WithClockSkew sets by how much the clocks of the service and of this machine may
// differ. The default is 5 minutes, the most is an hour.
func WithClockSkew(d time.Duration) Option {
	return func(v *Verifier) error {
		if d < 0 || d > limitSkew {
			return fmt.Errorf("callbackauth: WithClockSkew: %v is not between 0 and %v", d, limitSkew)
		}
		v.skew = d
		return nil
	}
}
