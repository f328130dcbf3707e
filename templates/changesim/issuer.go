package changesim

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"strings"
	"time"
)

// changeIssuer signs validation tokens, in the place of the identity platform.
type changeIssuer struct {
	key *rsa.PrivateKey
	id  string
}

// Of the tokens. The application is the one that sends change notifications of the real service.
const (
	changeMetadataPath  = "/issuer/.well-known/openid-configuration"
	changeKeysPath      = "/issuer/keys"
	changeTokenLifetime = time.Hour
	changeTracking      = "0bf30f3b-4a52-48df-9a82-234910c4a086"
)

func newChangeIssuer() (*changeIssuer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(key.N.Bytes())
	return &changeIssuer{key, base64.RawURLEncoding.EncodeToString(sum[:12])}, nil
}

// changeClaims are the claims of a validation token.
type changeClaims struct {
	Issuer    string `json:"iss"`
	Audience  string `json:"aud"`
	Tenant    string `json:"tid"`
	Party     string `json:"azp"`
	Issued    int64  `json:"iat"`
	NotBefore int64  `json:"nbf"`
	Expires   int64  `json:"exp"`
	Version   string `json:"ver"`
}

// ValidationToken returns a genuine validation token, as stands beside encrypted notifications.
func (s *ChangeSource) ValidationToken() (string, error) {
	now := time.Now()
	return s.issuer.sign(changeClaims{
		Issuer: "https://login.microsoftonline.com/" + s.tenant + "/v2.0", Audience: s.app, Tenant: s.tenant, Party: changeTracking,
		Issued: now.Unix(), NotBefore: now.Add(-time.Minute).Unix(), Expires: now.Add(changeTokenLifetime).Unix(), Version: "2.0",
	})
}

func (i *changeIssuer) sign(claims changeClaims) (string, error) {
	head, err := changeTokenPart(map[string]string{"alg": "RS256", "typ": "JWT", "kid": i.id})
	if err != nil {
		return "", err
	}
	body, err := changeTokenPart(claims)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(head + "." + body))
	signature, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, sum[:])
	if err != nil {
		return "", err
	}
	return head + "." + body + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func changeTokenPart(v any) (string, error) {
	data, err := json.Marshal(v)
	return base64.RawURLEncoding.EncodeToString(data), err
}

// VerifyValidationToken makes the source a verifier of its own tokens, for tests that do without the
// module callbackauth.
func (s *ChangeSource) VerifyValidationToken(_ context.Context, token string) (tenantID string, err error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", errors.New("the token is not a signed JWT")
	}
	signature, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil || strings.ContainsAny(token, "\r\n") {
		return "", errors.New("the token is not a signed JWT")
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if rsa.VerifyPKCS1v15(&s.issuer.key.PublicKey, crypto.SHA256, sum[:], signature) != nil {
		return "", errors.New("the token is not the simulator's")
	}
	var claims changeClaims
	data, err := base64.RawURLEncoding.Strict().DecodeString(parts[1])
	if err != nil {
		return "", err
	}
	if err := json.Unmarshal(data, &claims); err != nil {
		return "", err
	}
	if claims.Audience != s.app || time.Now().Unix() >= claims.Expires {
		return "", errors.New("the token is for another application, or has expired")
	}
	return claims.Tenant, nil
}

// serve registers the documents of the issuer, whose server has an address.
func (i *changeIssuer) serve(mux *http.ServeMux, address string) {
	mux.HandleFunc("GET "+changeMetadataPath, func(w http.ResponseWriter, _ *http.Request) {
		replyChange(w, http.StatusOK, map[string]any{
			"issuer": "https://login.microsoftonline.com/{tenantid}/v2.0", "jwks_uri": address + changeKeysPath, "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET "+changeKeysPath, func(w http.ResponseWriter, _ *http.Request) {
		encode := base64.RawURLEncoding.EncodeToString
		replyChange(w, http.StatusOK, map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "use": "sig", "kid": i.id, "n": encode(i.key.N.Bytes()), "e": encode(big.NewInt(int64(i.key.E)).Bytes()),
		}}})
	})
}
