package callbackauth

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// notifications returns a verifier of validation tokens.
func (i *issuer) notifications(t testing.TB, opts ...Option) *Verifier {
	v, err := NewForNotifications(appID, append([]Option{WithMetadataURL(i.URL + "/v1/.well-known/OpenIdConfiguration")}, opts...)...)
	require.NoError(t, err)
	return v
}

// validation returns the claims of a genuine validation token of version 1.0 or 2.0, with one
// changed, or left out when nil.
func validation(version, name string, value any) map[string]any {
	now := time.Now().Unix()
	c := map[string]any{"aud": appID, "tid": tenant, "iat": now, "nbf": now, "exp": now + 28800, "ver": version}
	if version == "1.0" {
		c["iss"], c["appid"], c["appidacr"] = "https://sts.windows.net/"+tenant+"/", ChangeTrackingAppID, "2"
	} else {
		c["iss"], c["azp"], c["azpacr"] = "https://login.microsoftonline.com/"+tenant+"/v2.0", ChangeTrackingAppID, "2"
	}
	if c[name] = value; value == nil {
		delete(c, name)
	}
	return c
}

func TestValidationTokens(t *testing.T) {
	v := newIssuer(t).notifications(t)
	for _, version := range []string{"1.0", "2.0"} {
		got, err := v.VerifyValidationToken(t.Context(), token(t, validation(version, "x", 1)))
		require.NoError(t, err, version)
		assert.Equal(t, tenant, got, version)
	}
	for name, c := range map[string]struct {
		claims map[string]any
		why    string
	}{
		"v1 of another application": {validation("1.0", "appid", appID), "asked for the token"},
		"v2 of another application": {validation("2.0", "azp", appID), "asked for the token"},
		"of none":                   {validation("2.0", "azp", nil), "does not say which application"},
		"appid beside another azp":  {validation("1.0", "azp", appID), "asked for the token"},
		"party of other kind":       {validation("2.0", "azp", 5), "cannot be read"},
		"for another application":   {validation("2.0", "aud", ChangeTrackingAppID), "audience"},
		"for none":                  {validation("2.0", "aud", nil), "audience"},
		"issuer of another tenant":  {validation("1.0", "iss", "https://sts.windows.net/other/"), "issued by"},
		"tenant of another issuer":  {validation("2.0", "tid", "other"), "issued by"},
		"tenant that escapes":       {map[string]any{"aud": appID, "azp": ChangeTrackingAppID, "tid": "a/v2.0?", "iss": "https://login.microsoftonline.com/a/v2.0?/v2.0", "exp": time.Now().Add(time.Hour).Unix()}, "issued by"},
		"no tenant":                 {validation("1.0", "tid", nil), "issued by"},
		"the place of the tenant":   {validation("2.0", "iss", IssuerPlatformV2), "issued by"},
		"issuer of callbacks":       {validation("2.0", "iss", IssuerGraph), "issued by"},
		"expired":                   {validation("2.0", "exp", time.Now().Add(-time.Hour).Unix()), "expired"},
		"a callback's":              {genuine(), "issued by"},
	} {
		got, err := v.VerifyValidationToken(t.Context(), token(t, c.claims))
		assert.ErrorContains(t, err, c.why, name)
		assert.Empty(t, got, name)
		refusal, ok := errors.AsType[*Error](err)
		require.True(t, ok, name)
		assert.False(t, refusal.Temporary(), name)
	}
	for _, text := range []string{"", "a.b.c", "a", strings.Repeat("a", maxToken+1), "Bearer " + token(t, validation("2.0", "x", 1))} {
		_, err := v.VerifyValidationToken(t.Context(), text)
		assert.Error(t, err, "%.20q", text)
	}
	_, err := v.VerifyValidationToken(t.Context(), sign(t, validation("2.0", "x", 1), jose.RS256, testKeys()[1], kid("k1")))
	assert.ErrorContains(t, err, "not genuine")
}

func TestAudiences(t *testing.T) {
	i := newIssuer(t)
	_, err := i.notifications(t, WithAudiences("second")).VerifyValidationToken(t.Context(), token(t, validation("2.0", "aud", "second")))
	assert.NoError(t, err)
	_, err = i.verifier(t, WithAudiences("second")).VerifyCallback(callback(token(t, but("aud", "second"))))
	assert.NoError(t, err)
	_, err = i.verifier(t, WithAuthorizedParties("sender")).VerifyCallback(callback(token(t, but("appid", "SENDER"))))
	assert.NoError(t, err)
	for _, opt := range []Option{WithAudiences(""), WithAuthorizedParties(), WithAuthorizedParties(" a")} {
		_, err := New(appID, opt)
		assert.Error(t, err)
	}
	_, err = NewForNotifications(" ")
	assert.ErrorContains(t, err, "NewForNotifications")
}

// The interface that the runtime of generated packages declares.
var _ interface {
	VerifyValidationToken(ctx context.Context, token string) (tenantID string, err error)
} = (*Verifier)(nil)
