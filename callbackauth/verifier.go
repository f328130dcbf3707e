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

// algorithm is the one that the service signs with. The token has no say in it.
const algorithm = jose.RS256

// Verifier verifies the bearer tokens of callbacks to one application. It is safe for
// concurrent use; a program needs one for each application id, and should keep it,
// since it holds the keys.
//
// Keys are fetched when they are first needed, kept for 2 hours, and then fetched anew
// while the old ones go on being used, for up to 24 hours if that fails. A token with a
// key id that is not known leads to a fetch too, at most one a minute, so that new keys
// are noticed at once and strangers cannot make this program flood the service. Until the
// next fetch such a token is refused for the moment, not for good.
type Verifier struct {
	appID   string
	issuers []string
	tenants []string // nil = any
	skew    time.Duration
	keys    keySet
}

// New returns a verifier for callbacks to the application with an id, the client id of
// its registration. It does not touch the network.
//
// The error says which argument cannot be used.
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

// VerifyCallback checks that a request carries a genuine token of the calling service
// for this application, and returns the id of the tenant that the token names. It looks
// at the header only.
//
// The error is an [*Error]. Its method Temporary tells the case that the keys cannot be
// had at the moment, that the key is not known and may be a new one, or that the request's
// context has ended, from that of a token that is not genuine.
func (v *Verifier) VerifyCallback(r *http.Request) (tenantID string, err error) {
	token, err := bearer(r)
	if err != nil {
		return "", err
	}
	// Without a known key there is no reason to look at anything else.
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

// keyID returns the key id in a token's header, whose algorithm must be the right one.
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

// claims are those that go-oidc does not check, or not with a skew.
type claims struct {
	TenantID  string   `json:"tid"`
	Expiry    *seconds `json:"exp"`
	NotBefore *seconds `json:"nbf"`
}

// seconds is a time in seconds since 1970, maybe with a fraction.
type seconds float64

func (s seconds) time() time.Time { return time.UnixMilli(int64(s * 1000)) }

// verify checks the signature of a token against the keys of its key id, then its claims.
func (v *Verifier) verify(ctx context.Context, token string, keys *oidc.StaticKeySet) (string, error) {
	// The issuer is checked below, as there are several; the times too, as go-oidc
	// knows a skew for one of them only.
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
		return &Error{fmt.Sprintf("tenant %q is not among those of WithTenants", id), nil, forbidden}
	}
	return nil
}
