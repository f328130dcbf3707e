package callbackauth

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGenuineTokens(t *testing.T) {
	i := newIssuer(t)
	key := testKeys()[0]
	for name, tok := range map[string]string{
		"bot framework":    token(t, genuine()),
		"graph":            token(t, but("iss", IssuerGraph)),
		"more audiences":   token(t, but("aud", []string{"other", appID})),
		"cty JWT":          sign(t, genuine(), jose.RS256, key, map[string]any{"kid": "k1", "cty": "JWT", "x5t": "k1"}),
		"no nbf":           token(t, but("nbf", nil)),
		"expired within":   token(t, but("exp", time.Now().Add(-4*time.Minute).Unix())),
		"not yet, within":  token(t, but("nbf", time.Now().Add(4*time.Minute).Unix())),
		"fraction":         token(t, but("exp", float64(time.Now().Unix())+90.5)),
		"unknown claims":   token(t, but("serviceurl", "https://smba.trafficmanager.net/")),
		"issued in future": token(t, but("iat", time.Now().Add(time.Minute).Unix())),
		"foreign key inside": sign(t, genuine(), jose.RS256, key, map[string]any{
			"kid": "k1", "jku": "https://example.org/keys", "x5u": "https://example.org/x",
		}),
	} {
		got, err := i.verifier(t).VerifyCallback(callback(tok))
		require.NoError(t, err, name)
		assert.Equal(t, tenant, got, name)
	}
}

func TestRefusedTokens(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	key, other := testKeys()[0], testKeys()[1]
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	require.NoError(t, err)
	pemKey := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	good := token(t, genuine())
	parts := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	header := func(s string) string { return encode([]byte(s)) + "." + parts[1] + "." }
	evil, err := json.Marshal(but("tid", "evil"))
	require.NoError(t, err)

	_, err = v.VerifyCallback(callback(good))
	require.NoError(t, err, "the keys are fetched before: an unknown id may belong to a newer one, whatever the order below")
	for name, c := range map[string]struct{ token, why string }{
		"expired":               {token(t, but("exp", time.Now().Add(-6*time.Minute).Unix())), "expired"},
		"no expiry":             {token(t, but("exp", nil)), "does not say when it expires"},
		"null expiry":           {token(t, map[string]any{"aud": appID, "iss": IssuerGraph, "tid": tenant, "exp": nil}), "not genuine"},
		"expiry of other kind":  {token(t, but("exp", "never")), "not genuine"},
		"not yet valid":         {token(t, but("nbf", time.Now().Add(6*time.Minute).Unix())), "not valid before"},
		"wrong audience":        {token(t, but("aud", "another-app")), "audience"},
		"no audience":           {token(t, but("aud", nil)), "audience"},
		"audience of graph":     {token(t, but("aud", "https://graph.microsoft.com")), "audience"},
		"wrong issuer":          {token(t, but("iss", "https://sts.windows.net/x/")), "issued by"},
		"issuer with a slash":   {token(t, but("iss", IssuerGraph+"/")), "issued by"},
		"no issuer":             {token(t, but("iss", nil)), "issued by"},
		"no tenant":             {token(t, but("tid", nil)), "no tenant"},
		"tenant of other kind":  {token(t, but("tid", 5)), "cannot be read"},
		"alg none":              {header(`{"alg":"none","kid":"k1"}`), "not a signed JWT"},
		"alg none, signature":   {header(`{"alg":"none","kid":"k1"}`) + parts[2], "not one that the service makes"},
		"alg None":              {header(`{"alg":"None","kid":"k1"}`) + parts[2], "not one that the service makes"},
		"HS256, PEM key":        {sign(t, genuine(), jose.HS256, pemKey, kid("k1")), "not one that the service makes"},
		"HS256, DER key":        {sign(t, genuine(), jose.HS256, public, kid("k1")), "not one that the service makes"},
		"HS256, modulus":        {sign(t, genuine(), jose.HS256, key.N.Bytes(), kid("k1")), "not one that the service makes"},
		"PS256":                 {sign(t, genuine(), jose.PS256, key, kid("k1")), "not one that the service makes"},
		"unknown kid":           {sign(t, genuine(), jose.RS256, other, kid("k9")), `no key "k9"`},
		"no kid":                {sign(t, genuine(), jose.RS256, key, nil), "names no key"},
		"wrong key":             {sign(t, genuine(), jose.RS256, other, kid("k1")), "not genuine"},
		"own key in the header": {ownKey(t), "not genuine"},
		"unknown crit":          {sign(t, genuine(), jose.RS256, key, map[string]any{"kid": "k1", "crit": []string{"x"}, "x": 1}), "not genuine"},
		"tampered claims":       {parts[0] + "." + encode(evil) + "." + parts[2], "not genuine"},
		"no signature":          {parts[0] + "." + parts[1] + ".", "not a signed JWT"},
		"two parts":             {parts[0] + "." + parts[1], "not a signed JWT"},
		"four parts":            {good + "." + parts[2], "not a signed JWT"},
		"five parts":            {good + "." + parts[1] + "." + parts[2], "not a signed JWT"},
		"JSON serialization":    {`{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`, "not a signed JWT"},
		"padded":                {good + "==", "not a signed JWT"},
		"line break":            {parts[0] + "\n." + parts[1] + "." + parts[2], "not a signed JWT"},
		"huge":                  {strings.Repeat("A", 1<<20) + "." + parts[1] + "." + parts[2], "too long"},
		"payload is not JSON":   {parts[0] + "." + encode([]byte("[]")) + "." + parts[2], "not genuine"},
		"signed, not an object": {token(t, []int{1}), "not genuine"},
		"empty header":          {header(`{}`) + parts[2], "not one that the service makes"},
	} {
		got, err := v.VerifyCallback(callback(c.token))
		require.Error(t, err, name)
		assert.ErrorContains(t, err, c.why, name)
		assert.NotContains(t, err.Error(), parts[2], name)
		assert.Empty(t, got, name)
		refusal, ok := errors.AsType[*Error](err)
		require.True(t, ok, name)
		assert.Equal(t, name == "unknown kid", refusal.Temporary(), "%s: the key may be a new one", name)
		assert.False(t, refusal.Forbidden(), name)
	}
	assert.EqualValues(t, 1, i.asked.Load(), "no token leads to another fetch within a minute")
}

// ownKey returns a token that brings the key it is signed with.
func ownKey(t *testing.T) string {
	signer, err := jose.NewSigner(jose.SigningKey{
		Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: testKeys()[1], KeyID: "k1"},
	}, &jose.SignerOptions{EmbedJWK: true, ExtraHeaders: map[jose.HeaderKey]any{"kid": "k1"}})
	require.NoError(t, err)
	payload, err := json.Marshal(genuine())
	require.NoError(t, err)
	jws, err := signer.Sign(payload)
	require.NoError(t, err)
	tok, err := jws.CompactSerialize()
	require.NoError(t, err)
	return tok
}

func TestHeader(t *testing.T) {
	v := newIssuer(t).verifier(t)
	good := token(t, genuine())
	for name, c := range map[string]struct {
		values []string
		why    string
	}{
		"missing":      {nil, "no Authorization header"},
		"two":          {[]string{"Bearer " + good, "Bearer " + good}, "more than one"},
		"two, one bad": {[]string{"Bearer x", "Bearer " + good}, "more than one"},
		"basic":        {[]string{"Basic " + good}, "no bearer token"},
		"bare":         {[]string{good}, "no bearer token"},
		"empty":        {[]string{""}, "no bearer token"},
		"no token":     {[]string{"Bearer "}, "no bearer token"},
		"list":         {[]string{"Bearer " + good + ", Bearer " + good}, "not a signed JWT"},
	} {
		r := callback("")
		r.Header["Authorization"] = c.values
		_, err := v.VerifyCallback(r)
		assert.ErrorContains(t, err, c.why, name)
	}
	for _, scheme := range []string{"Bearer ", "bearer ", "BEARER  "} {
		r := callback("")
		r.Header.Set("Authorization", scheme+good)
		_, err := v.VerifyCallback(r)
		assert.NoError(t, err, scheme)
	}
}

func TestTenants(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t, WithTenants("other", strings.ToUpper(tenant)))
	got, err := v.VerifyCallback(callback(token(t, genuine())))
	require.NoError(t, err)
	assert.Equal(t, tenant, got, "as the token spells it")

	_, err = v.VerifyCallback(callback(token(t, but("tid", "stranger"))))
	refusal, ok := errors.AsType[*Error](err)
	require.True(t, ok)
	assert.True(t, refusal.Forbidden())
	assert.False(t, refusal.Temporary())
	assert.ErrorContains(t, err, "stranger")
}

func TestOptions(t *testing.T) {
	for name, c := range map[string]struct {
		appID string
		opt   Option
		why   string
	}{
		"no app id":         {"", WithTenants(), "not an application id"},
		"blank in app id":   {" x", WithTenants(), "not an application id"},
		"plain http":        {appID, WithMetadataURL("http://example.org/x"), "not an https URL"},
		"no host":           {appID, WithMetadataURL("/x"), "not an https URL"},
		"no URL":            {appID, WithMetadataURL("https://%"), "WithMetadataURL"},
		"no issuer":         {appID, WithIssuers(), "at least one issuer"},
		"empty issuer":      {appID, WithIssuers(""), "at least one issuer"},
		"empty tenant":      {appID, WithTenants("a", " "), "an id is empty"},
		"nil client":        {appID, WithHTTPClient(nil), "the client is nil"},
		"negative skew":     {appID, WithClockSkew(-1), "WithClockSkew"},
		"skew of two hours": {appID, WithClockSkew(2 * time.Hour), "WithClockSkew"},
	} {
		v, err := New(c.appID, c.opt)
		assert.ErrorContains(t, err, c.why, name)
		assert.Nil(t, v, name)
	}
	i := newIssuer(t)
	v := i.verifier(t, WithIssuers("https://issuer.example"), WithClockSkew(0))
	_, err := v.VerifyCallback(callback(token(t, but("iss", "https://issuer.example"))))
	assert.NoError(t, err)
	_, err = v.VerifyCallback(callback(token(t, genuine())))
	assert.ErrorContains(t, err, "issued by")
	late := but("iss", "https://issuer.example")
	late["exp"] = time.Now().Add(-time.Second).Unix()
	_, err = v.VerifyCallback(callback(token(t, late)))
	assert.ErrorContains(t, err, "expired")
}

// TestMutatedTokens changes a genuine token in one to three places, ten thousand
// times. None of the results is genuine.
func TestMutatedTokens(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	good := token(t, genuine())
	_, err := v.VerifyCallback(callback(good))
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \n\x00é"
	tried := 0
	for tried < 10_000 {
		b := []byte(good)
		for range 1 + random.IntN(3) {
			at := random.IntN(len(b))
			switch c := alphabet[random.IntN(len(alphabet))]; random.IntN(4) {
			case 0, 1:
				b[at] = c
			case 2:
				b = append(b[:at], b[at+1:]...)
			default:
				b = append(b[:at], append([]byte{c}, b[at:]...)...)
			}
		}
		// A blank at the end is the header's, not the token's.
		if strings.Trim(string(b), " ") == good {
			continue
		}
		tried++
		got, err := v.VerifyCallback(callback(string(b)))
		if err == nil {
			t.Fatalf("%q is taken for genuine", b)
		}
		require.Empty(t, got)
	}
	// The last character of each part, in all spellings that decode alike.
	for _, at := range []int{strings.Index(good, ".") - 1, strings.LastIndex(good, ".") - 1, len(good) - 1} {
		for _, c := range alphabet[:64] {
			b := good[:at] + string(c) + good[at+1:]
			_, err := v.VerifyCallback(callback(b))
			assert.Equal(t, b == good, err == nil, "%q", b)
		}
	}
	assert.LessOrEqual(t, i.asked.Load(), int32(2), "one fetch for the keys, one for unknown key ids")
}

// The interface that the runtime of generated packages declares, and the methods that
// it looks for in errors.
var (
	_ interface {
		VerifyCallback(r *http.Request) (tenantID string, err error)
	} = (*Verifier)(nil)
	_ interface {
		error
		Temporary() bool
		Forbidden() bool
	} = (*Error)(nil)
)
