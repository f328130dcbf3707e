package emulator

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"sync"
	"time"
)

// Issuer signs notifications as the service does, with a key of its own, which its OpenID
// document names. It says that it is the service's issuer, so that the address of the document
// is the one setting that a bot changes.
type Issuer struct {
	key        *rsa.PrivateKey
	id         string
	app, realm string

	mu    sync.Mutex
	token string
	made  time.Time
}

// MetadataPath is the path of the OpenID document.
const MetadataPath = "/issuer/.well-known/openid-configuration"

const (
	keysPath = "/issuer/keys"
	issuer   = "https://graph.microsoft.com"
	lasts    = time.Hour // a token
)

// NewIssuer returns an issuer of tokens for an application, in a tenant.
func NewIssuer(app, tenant string) (*Issuer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(key.N.Bytes())
	return &Issuer{key: key, id: base64.RawURLEncoding.EncodeToString(sum[:12]), app: app, realm: tenant}, nil
}

// Sign adds a token to a notification.
func (i *Issuer) Sign(r *http.Request) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if now := time.Now(); i.token == "" || now.Sub(i.made) > lasts/4 {
		token, err := i.issue(now)
		if err != nil {
			return err
		}
		i.token, i.made = token, now
	}
	r.Header.Set("Authorization", "Bearer "+i.token)
	return nil
}

// issue makes a token. Its times are the computer's, by which bots check them.
func (i *Issuer) issue(now time.Time) (string, error) {
	head, err := part(map[string]any{"alg": "RS256", "typ": "JWT", "kid": i.id})
	if err != nil {
		return "", err
	}
	claims, err := part(map[string]any{
		"iss": issuer, "aud": i.app, "tid": i.realm, "iat": now.Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(lasts).Unix(),
	})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(head + "." + claims))
	signature, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, sum[:])
	if err != nil {
		return "", err
	}
	return head + "." + claims + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// part is a part of a token.
func part(v any) (string, error) {
	data, err := json.Marshal(v)
	return base64.RawURLEncoding.EncodeToString(data), err
}

// register serves the documents of the issuer, whose server has an address.
func (i *Issuer) register(mux *http.ServeMux, address string) {
	mux.HandleFunc("GET "+MetadataPath, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{"issuer": issuer, "jwks_uri": address + keysPath, "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET "+keysPath, func(w http.ResponseWriter, _ *http.Request) {
		encode := base64.RawURLEncoding.EncodeToString
		reply(w, map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": i.id,
			"n": encode(i.key.N.Bytes()), "e": encode(big.NewInt(int64(i.key.E)).Bytes()),
		}}})
	})
}

// reply sends JSON.
func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // who asked may be gone
}
