package callbackauth

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// algorithm is the one that the service signs with; the token cannot choose another.
const algorithm = jose.RS256

// Verifier verifies the bearer tokens of callbacks to one application. It is safe for
// concurrent use. Create one for each application id and keep it, since it caches the keys.
//
// Keys are fetched when they are first needed and kept for 2 hours. Then they are fetched
// again; meanwhile, and for up to 24 hours if that fails, the old ones stay in use. A token
// with an unknown key id causes a fetch too, at most one a minute, so that new keys are
// noticed at once but strangers cannot make this program flood the service. Until the next
// fetch the error for such a token is temporary.
type Verifier struct {
	appID   string
	issuers []string
	tenants []string // nil = any
	skew    time.Duration
	keys    keySet
}

// New returns a verifier for callbacks to the application with the given id, the client id
// of its registration. It does not use the network.
//
// The error names the invalid argument.
func New(appID string, opts ...Option) (*Verifier, error) {
	if appID == "" || strings.TrimSpace(appID) != appID {
		return nil, fmt.Errorf("callbackauth: New: %q is not an application id", appID)
	}
	document, err := url.Parse(MetadataURL)
	if err != nil {
		return nil, err
	}
	v := &Verifier{
		appID:   appID,
		issuers: []string{IssuerGraph, IssuerBotFramework},
		skew:    defaultSkew,
		keys:    keySet{document: document, client: &http.Client{}, now: time.Now},
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
	// Without a known key nothing else needs checking.
	id, err := keyID(token)
	if err != nil {
		return "", err
	}
	keys, err := v.keys.find(r.Context(), id)
	if err != nil {
		return "", err
	}
	return v.verify(r.Context(), token, keys)
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
}

// seconds is a time in seconds since 1970, possibly with a fraction.
type seconds float64

func (s seconds) time() time.Time { return time.UnixMilli(int64(s * 1000)) }

// verify checks the signature of a token against the keys of its key id, then its claims.
func (v *Verifier) verify(ctx context.Context, token string, keys *oidc.StaticKeySet) (string, error) {
	// The issuer is checked below, as there are several; so are the times, as go-oidc
	// applies a skew to one of them only.
	checked, err := oidc.NewVerifier("", keys, &oidc.Config{
		ClientID:             v.appID,
		SupportedSigningAlgs: []string{string(algorithm)},
		SkipIssuerCheck:      true,
		SkipExpiryCheck:      true,
	}).Verify(ctx, token)
	if err != nil {
		return "", refuse("the token is not genuine", err)
	}
	if !slices.Contains(v.issuers, checked.Issuer) {
		return "", refuse(fmt.Sprintf("the token is issued by %q, not by one of %q", checked.Issuer, v.issuers), nil)
	}
	var c claims
	if err := checked.Claims(&c); err != nil {
		return "", refuse("the claims of the token cannot be read", err)
	}
	if err := v.checkTimes(&c); err != nil {
		return "", err
	}
	return c.TenantID, v.checkTenant(c.TenantID)
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
