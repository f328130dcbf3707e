package callbackauth

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
)

const (
	appID  = "0efc74f7-41c3-47a4-8775-7259bfef4241"
	tenant = "1fdd12d0-4620-44ed-baec-459b611f84b2"
)

// testKeys are made once: making one takes a while.
var testKeys = sync.OnceValue(func() []*rsa.PrivateKey {
	keys := make([]*rsa.PrivateKey, 3)
	for i := range keys {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys[i] = key
	}
	return keys
})

// issuer is a local service that signs tokens and publishes its keys.
type issuer struct {
	*httptest.Server
	asked atomic.Int32 // for the keys
	mu    sync.Mutex
	keys  []any // of the key document
	// Serve the documents otherwise, if set.
	document, keyDocument http.HandlerFunc
}

func newIssuer(t testing.TB) *issuer {
	i := &issuer{keys: []any{published("k1", testKeys()[0])}}
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/.well-known/OpenIdConfiguration", func(w http.ResponseWriter, r *http.Request) {
		i.serve(w, r, i.override(&i.document), map[string]any{"issuer": IssuerBotFramework, "jwks_uri": i.URL + "/v1/keys"})
	})
	mux.HandleFunc("/v1/keys", func(w http.ResponseWriter, r *http.Request) {
		i.asked.Add(1)
		i.mu.Lock()
		keys := i.keys
		i.mu.Unlock()
		i.serve(w, r, i.override(&i.keyDocument), map[string]any{"keys": keys})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) override(f *http.HandlerFunc) http.HandlerFunc {
	i.mu.Lock()
	defer i.mu.Unlock()
	return *f
}

func (i *issuer) set(f *http.HandlerFunc, to http.HandlerFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	*f = to
}

func (i *issuer) publish(keys ...any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = keys
}

func (i *issuer) serve(w http.ResponseWriter, r *http.Request, f http.HandlerFunc, v any) {
	if f != nil {
		f(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v)
}

// published returns a key as the service publishes it.
func published(id string, key *rsa.PrivateKey) map[string]any {
	data, err := json.Marshal(jose.JSONWebKey{Key: &key.PublicKey, KeyID: id, Use: "sig"})
	if err != nil {
		panic(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil {
		panic(err)
	}
	// As the service's document has them; Go does not read such a certificate.
	fields["x5t"], fields["x5c"] = id, []string{"bm90IGEgY2VydGlmaWNhdGU="}
	fields["endorsements"] = []string{"skype", "msteams"}
	return fields
}

func (i *issuer) verifier(t testing.TB, opts ...Option) *Verifier {
	v, err := New(appID, append([]Option{WithMetadataURL(i.URL + "/v1/.well-known/OpenIdConfiguration")}, opts...)...)
	require.NoError(t, err)
	return v
}

// genuine returns the claims of a genuine token, as the documentation shows them.
func genuine() map[string]any {
	now := time.Now().Unix()
	return map[string]any{
		"aud": appID, "iss": IssuerBotFramework, "tid": tenant, "iat": now, "nbf": now, "exp": now + 3900,
	}
}

// but returns genuine claims with one changed, or left out when nil.
func but(name string, value any) map[string]any {
	c := genuine()
	c[name] = value
	if value == nil {
		delete(c, name)
	}
	return c
}

// sign returns a token with claims and more header fields.
func sign(t testing.TB, claims any, alg jose.SignatureAlgorithm, key any, header map[string]any) string {
	opts := (&jose.SignerOptions{}).WithType("JWT")
	for name, value := range header {
		opts = opts.WithHeader(jose.HeaderKey(name), value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, opts)
	require.NoError(t, err)
	payload, err := json.Marshal(claims)
	require.NoError(t, err)
	jws, err := signer.Sign(payload)
	require.NoError(t, err)
	token, err := jws.CompactSerialize()
	require.NoError(t, err)
	return token
}

func kid(id string) map[string]any { return map[string]any{"kid": id} }

// token returns a token signed with the first key.
func token(t testing.TB, claims any) string {
	return sign(t, claims, jose.RS256, testKeys()[0], kid("k1"))
}

// callback returns a request as the service makes it.
func callback(token string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/api/calls", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}
