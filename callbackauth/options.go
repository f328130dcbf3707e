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

// Names from Microsoft's samples.
const (
	// MetadataURL is the address of the OpenID document that names the keys of the calling
	// service.
	MetadataURL = "https://api.aps.skype.com/v1/.well-known/OpenIdConfiguration"
	// IssuerGraph is one of the two issuers of callback tokens.
	IssuerGraph = "https://graph.microsoft.com"
	// IssuerBotFramework is the other issuer of callback tokens.
	IssuerBotFramework = "https://api.botframework.com"
)

// Names from the page "Set up change notifications that include resource data", and from
// tokens of the identity platform.
const (
	// PlatformMetadataURL is the address of the OpenID document that names the keys of the
	// identity platform, which signs validation tokens.
	PlatformMetadataURL = "https://login.microsoftonline.com/common/.well-known/openid-configuration"
	// IssuerPlatformV1 is the issuer of validation tokens of version 1.0, for the tenant in
	// the token.
	IssuerPlatformV1 = "https://sts.windows.net/" + tenantPlace + "/"
	// IssuerPlatformV2 is the issuer of validation tokens of version 2.0.
	IssuerPlatformV2 = "https://login.microsoftonline.com/" + tenantPlace + "/v2.0"
	// ChangeTrackingAppID is the id of the application that sends change notifications:
	// Microsoft Graph Change Tracking.
	ChangeTrackingAppID = "0bf30f3b-4a52-48df-9a82-234910c4a086"

	// tenantPlace stands for the token's tenant in an issuer, as in the platform's own document.
	tenantPlace = "{tenantid}"
)

// Clock skew: the default, which Microsoft's own handlers use, and the maximum for
// WithClockSkew.
const (
	defaultSkew = 5 * time.Minute
	limitSkew   = time.Hour
)

// Option configures a [Verifier].
type Option func(*Verifier) error

// WithTenants accepts callbacks of these tenants only. Without it, or with no ids, a token
// of any tenant is accepted. That is right for a bot that many tenants install and whose
// handlers check the tenant.
func WithTenants(ids ...string) Option {
	return func(v *Verifier) error {
		if slices.ContainsFunc(ids, func(id string) bool { return strings.TrimSpace(id) == "" }) {
			return errors.New("callbackauth: WithTenants: an id is empty")
		}
		v.tenants = append(v.tenants, ids...)
		return nil
	}
}

// WithAudiences accepts tokens for more applications than the one that the verifier was made
// for, at one address.
func WithAudiences(appIDs ...string) Option {
	return func(v *Verifier) error {
		if slices.ContainsFunc(appIDs, func(id string) bool { return !isID(id) }) {
			return errors.New("callbackauth: WithAudiences: an id is empty or has blanks around it")
		}
		v.appIDs = append(v.appIDs, appIDs...)
		return nil
	}
}

// isID reports whether a text can be an id.
func isID(text string) bool { return text != "" && strings.TrimSpace(text) == text }

// WithAuthorizedParties accepts only tokens that one of these applications asked for: the
// claim azp of tokens of version 2.0, appid of version 1.0. [NewForNotifications] accepts
// [ChangeTrackingAppID] unless this option names others.
func WithAuthorizedParties(appIDs ...string) Option {
	return func(v *Verifier) error {
		if len(appIDs) == 0 || slices.ContainsFunc(appIDs, func(id string) bool { return !isID(id) }) {
			return errors.New("callbackauth: WithAuthorizedParties: name at least one application id, none of them empty")
		}
		v.parties = slices.Clone(appIDs)
		return nil
	}
}

// WithIssuers accepts these issuers instead of the usual ones: [IssuerGraph] and
// [IssuerBotFramework], or for validation tokens [IssuerPlatformV1] and [IssuerPlatformV2]. In
// an issuer {tenantid} stands for the tenant that the token names.
func WithIssuers(issuers ...string) Option {
	return func(v *Verifier) error {
		if len(issuers) == 0 || slices.Contains(issuers, "") {
			return errors.New("callbackauth: WithIssuers: name at least one issuer, none of them empty")
		}
		v.issuers = slices.Clone(issuers)
		return nil
	}
}

// WithMetadataURL takes the keys from another OpenID document than [MetadataURL] or
// [PlatformMetadataURL], such as the one of a national cloud, or of a local issuer in a test.
// The URL must be https, unless its host is this machine (127.0.0.1, ::1, localhost).
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

// WithHTTPClient fetches the keys with the transport of a client, for example through a
// proxy. The client's redirect policy is ignored; its Timeout applies only if it is shorter
// than 10 seconds.
func WithHTTPClient(client *http.Client) Option {
	return func(v *Verifier) error {
		if client == nil {
			return errors.New("callbackauth: WithHTTPClient: the client is nil")
		}
		v.keys.client = client
		return nil
	}
}

// WithClockSkew sets how much the clocks of the service and of this machine may differ. The
// default is 5 minutes, the maximum an hour.
func WithClockSkew(d time.Duration) Option {
	return func(v *Verifier) error {
		if d < 0 || d > limitSkew {
			return fmt.Errorf("callbackauth: WithClockSkew: %v is not between 0 and %v", d, limitSkew)
		}
		v.skew = d
		return nil
	}
}
