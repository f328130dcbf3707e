package callbackauth

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

const (
	fetchTimeout = 10 * time.Second // for both documents
	maxDocument  = 1 << 20          // bytes
	minModulus   = 256              // bytes: 2,048 bits
	maxRedirects = 3
)

// careful returns a client that follows redirects only on the original host.
func careful(client *http.Client) *http.Client {
	c := *client
	if c.Timeout <= 0 || c.Timeout > fetchTimeout {
		c.Timeout = fetchTimeout
	}
	c.Jar = nil
	c.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		first := via[0].URL
		if r.URL.Scheme != first.Scheme || r.URL.Host != first.Host {
			return fmt.Errorf("it redirects to another host, %s://%s", r.URL.Scheme, r.URL.Host)
		}
		if len(via) > maxRedirects {
			return errors.New("it redirects too often")
		}
		return nil
	}
	return &c
}

// fetchKeys returns the keys that an OpenID document refers to, by key id.
func fetchKeys(ctx context.Context, client *http.Client, document *url.URL) (map[string]*oidc.StaticKeySet, error) {
	var metadata struct {
		KeysURL string `json:"jwks_uri"`
	}
	if err := get(ctx, client, document, &metadata); err != nil {
		return nil, err
	}
	address, err := url.Parse(metadata.KeysURL)
	if err != nil {
		return nil, fmt.Errorf("%s: jwks_uri: %w", document, err)
	}
	// The keys may be on another host, but only where nobody can change them on the way.
	if address.Host == "" || address.Scheme != "https" && (address.Scheme != document.Scheme || address.Host != document.Host) {
		return nil, fmt.Errorf("%s: jwks_uri %q is not an https URL", document, metadata.KeysURL)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := get(ctx, client, address, &set); err != nil {
		return nil, err
	}
	keys := make(map[string]*oidc.StaticKeySet)
	for _, raw := range set.Keys {
		id, key, ok := publicKey(raw)
		if !ok {
			continue
		}
		if keys[id] == nil {
			keys[id] = new(oidc.StaticKeySet)
		}
		keys[id].PublicKeys = append(keys[id].PublicKeys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s: it holds no RSA key for signatures", address)
	}
	return keys, nil
}

// publicKey returns a JSON Web Key that can sign tokens, and its id. Other kinds of keys
// are ignored.
func publicKey(raw json.RawMessage) (id string, key *rsa.PublicKey, ok bool) {
	// Certificates and their thumbprints are left out: they prove nothing here, and a key
	// must not be lost because Go cannot parse its certificate.
	var fields struct {
		Type      string `json:"kty"`
		ID        string `json:"kid"`
		Use       string `json:"use,omitempty"`
		Algorithm string `json:"alg,omitempty"`
		Modulus   string `json:"n"`
		Exponent  string `json:"e"`
	}
	if json.Unmarshal(raw, &fields) != nil || fields.ID == "" || fields.Type != "RSA" ||
		fields.Use != "" && fields.Use != "sig" || fields.Algorithm != "" && fields.Algorithm != string(algorithm) {
		return "", nil, false
	}
	plain, err := json.Marshal(fields)
	if err != nil {
		return "", nil, false
	}
	var jwk jose.JSONWebKey
	if err := jwk.UnmarshalJSON(plain); err != nil || !jwk.Valid() {
		return "", nil, false
	}
	key, ok = jwk.Key.(*rsa.PublicKey)
	return fields.ID, key, ok && key.Size() >= minModulus
}

// get decodes a JSON document into v.
func get(ctx context.Context, client *http.Client, address *url.URL, v any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "application/json")
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, resp.Status)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	if err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	if len(data) > maxDocument {
		return fmt.Errorf("%s: the document has more than %d bytes", address, maxDocument)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	return nil
}
