package callbackauth

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// algorithm is the one that the service signs with; the token cannot choose another.
const algorithm = jose.RS256

// Verifier verifies the bearer tokens of callbacks to one application, or the validation
// tokens of its change notifications. It is safe for concurrent use. Create one for each
// application id and keep it, since it caches the keys.
//
// Keys are fetched when they are first needed and kept for 2 hours. Then they are fetched
// again; meanwhile, and for up to 24 hours if that fails, the old ones stay in use. A token
// with an unknown key id causes a fetch too, at most one a minute, so that new keys are
// noticed at once but strangers cannot make this program flood the service. Until the next
// fetch the error for such a token is temporary.
type Verifier struct {
	appIDs  []string // audiences
	issuers []string // with tenantPlace for the tenant in the token
	parties []string // applications that may have asked for a token; nil = any
	tenants []string // nil = any
	skew    time.Duration
	keys    keySet
}

// New returns a verifier for callbacks to the application with the given id, the client id
// of its registration. It does not use the network.
//
// The error names the invalid argument.
func New(appID string, opts ...Option) (*Verifier, error) {
	return newVerifier("New", appID, append([]Option{
		WithMetadataURL(MetadataURL), WithIssuers(IssuerGraph, IssuerBotFramework),
	}, opts...))
}

// NewForNotifications returns a verifier for the validation tokens of change notifications to
// the application with the given id, which owns the subscriptions. The tokens are signed by
// the identity platform for the service that sends change notifications, whose application
// is [ChangeTrackingAppID]. It does not use the network.
//
// The error names the invalid argument.
func NewForNotifications(appID string, opts ...Option) (*Verifier, error) {
	return newVerifier("NewForNotifications", appID, append([]Option{
		WithMetadataURL(PlatformMetadataURL), WithIssuers(IssuerPlatformV1, IssuerPlatformV2), WithAuthorizedParties(ChangeTrackingAppID),
	}, opts...))
}

func newVerifier(function, appID string, opts []Option) (*Verifier, error) {
	if !isID(appID) {
		return nil, fmt.Errorf("callbackauth: %s: %q is not an application id", function, appID)
	}
	v := &Verifier{
		appIDs: []string{appID},
		skew:   defaultSkew,
		keys:   keySet{client: &http.Client{}, now: time.Now},
	}
	for _, opt := range opts {
		if err := opt(v); err != nil {
			return nil, err
		}
	}
	v.keys.client = careful(v.keys.client)
	return v, nil
}

// VerifyCallback checks that a request carries a genuine token of the calling service for
// this application, and returns the id of the tenant named by the token. It reads only the
// header.
//
// The error is an [*Error]. Its method Temporary reports whether the keys are unavailable,
// the key is unknown and may be new, or the request's context has ended; otherwise the
// token is not genuine.
func (v *Verifier) VerifyCallback(r *http.Request) (tenantID string, err error) {
	token, err := bearer(r)
	if err != nil {
		return "", err
	}
	return v.check(r.Context(), token)
}

// VerifyValidationToken checks one of the validationTokens of change notifications, and
// returns the id of the tenant named by the token. It is for a verifier that was made by
// [NewForNotifications]; a generated package's ChangeHandler calls it.
//
// The error is an [*Error], as that of [Verifier.VerifyCallback].
func (v *Verifier) VerifyValidationToken(ctx context.Context, token string) (tenantID string, err error) {
	if len(token) > maxToken {
		return "", refuse("the token is too long", nil)
	}
	if err := compact(token); err != nil {
		return "", err
	}
	return v.check(ctx, token)
}

// check checks a token in compact serialization.
func (v *Verifier) check(ctx context.Context, token string) (tenantID string, err error) {
	// Without a known key nothing else needs checking.
	id, err := keyID(token)
	if err != nil {
		return "", err
	}
	keys, err := v.keys.find(ctx, id)
	if err != nil {
		return "", err
	}
	return v.verify(ctx, token, keys)
}

// keyID returns the key id from a token's header, whose algorithm must be the expected one.
func keyID(token string) (string, error) {
	jws, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{algorithm})
	if err != nil {
		return "", refuse("the token is not one that the service makes", err)
	}
	if id := jws.Signatures[0].Header.KeyID; id != "" {
		return id, nil
	}
	return "", refuse("the token names no key", nil)
}

// claims are the claims that go-oidc does not check, or checks without a skew.
type claims struct {
	TenantID  string   `json:"tid"`
	Expiry    *seconds `json:"exp"`
	NotBefore *seconds `json:"nbf"`
	Party     string   `json:"azp"`   // who asked for the token, in version 2.0
	AppID     string   `json:"appid"` // the same in version 1.0
}

// seconds is a time in seconds since 1970, possibly with a fraction.
type seconds float64

func (s seconds) time() time.Time { return time.UnixMilli(int64(s * 1000)) }

// verify checks the signature of a token against the keys of its key id, then its claims.
func (v *Verifier) verify(ctx context.Context, token string, keys *oidc.StaticKeySet) (string, error) {
	// The issuer and the audience are checked below, as there are several; so are the times,
	// as go-oidc applies a skew to one of them only.
	checked, err := oidc.NewVerifier("", keys, &oidc.Config{
		SupportedSigningAlgs: []string{string(algorithm)},
		SkipClientIDCheck:    true,
		SkipIssuerCheck:      true,
		SkipExpiryCheck:      true,
	}).Verify(ctx, token)
	if err != nil {
		return "", refuse("the token is not genuine", err)
	}
	if !slices.ContainsFunc(checked.Audience, func(id string) bool { return slices.Contains(v.appIDs, id) }) {
		return "", refuse(fmt.Sprintf("the token is for the audience %.200q, not for %q", checked.Audience, v.appIDs), nil)
	}
	var c claims
	if err := checked.Claims(&c); err != nil {
		return "", refuse("the claims of the token cannot be read", err)
	}
	if !v.isIssuer(checked.Issuer, c.TenantID) {
		return "", refuse(fmt.Sprintf("the token is issued by %.200q, not by one of %q", checked.Issuer, v.issuers), nil)
	}
	if err := v.checkParty(&c); err != nil {
		return "", err
	}
	if err := v.checkTimes(&c); err != nil {
		return "", err
	}
	return c.TenantID, v.checkTenant(c.TenantID)
}

// isIssuer reports whether an issuer is one of those that are accepted for a tenant.
func (v *Verifier) isIssuer(issuer, tenant string) bool {
	return slices.ContainsFunc(v.issuers, func(accepted string) bool {
		if !strings.Contains(accepted, tenantPlace) {
			return issuer == accepted
		}
		return isID(tenant) && !strings.ContainsAny(tenant, "/?#") && issuer == strings.ReplaceAll(accepted, tenantPlace, tenant)
	})
}

// checkParty checks for which application the token was made, if that matters.
func (v *Verifier) checkParty(c *claims) error {
	if v.parties == nil {
		return nil
	}
	if c.Party == "" && c.AppID == "" {
		return refuse("the token does not say which application asked for it", nil)
	}
	for _, id := range []string{c.Party, c.AppID} {
		if id != "" && !slices.ContainsFunc(v.parties, func(p string) bool { return strings.EqualFold(p, id) }) {
			return refuse(fmt.Sprintf("the application %.100q asked for the token, not one of %q", id, v.parties), nil)
		}
	}
	return nil
}

func (v *Verifier) checkTimes(c *claims) error {
	now := v.keys.now()
	if c.Expiry == nil {
		return refuse("the token does not say when it expires", nil)
	}
	if !now.Add(-v.skew).Before(c.Expiry.time()) {
		return refuse("the token expired at "+c.Expiry.time().UTC().Format(time.RFC3339), nil)
	}
	if c.NotBefore != nil && now.Add(v.skew).Before(c.NotBefore.time()) {
		return refuse("the token is not valid before "+c.NotBefore.time().UTC().Format(time.RFC3339), nil)
	}
	return nil
}

func (v *Verifier) checkTenant(id string) error {
	if id == "" {
		return refuse("the token names no tenant", nil)
	}
	if v.tenants != nil && !slices.ContainsFunc(v.tenants, func(t string) bool { return strings.EqualFold(t, id) }) {
		return &Error{fmt.Sprintf("tenant %q is not one of those given to WithTenants", id), nil, forbidden}
	}
	return nil
}
