package callbackauth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/callgen/callgen/callbackauth"
	"github.com/go-jose/go-jose/v4"
)

// A generated package's notification handler does this for its Verifier; this is
// what to do without one.
func ExampleVerifier_VerifyCallback() {
	verifier, err := callbackauth.New("0efc74f7-41c3-47a4-8775-7259bfef4241",
		callbackauth.WithTenants("1fdd12d0-4620-44ed-baec-459b611f84b2"))
	if err != nil {
		fmt.Println(err)
		return
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := verifier.VerifyCallback(r)
		if refusal, ok := errors.AsType[*callbackauth.Error](err); ok {
			status := http.StatusUnauthorized
			switch {
			case refusal.Temporary():
				status = http.StatusServiceUnavailable // the service sends it again
			case refusal.Forbidden():
				status = http.StatusForbidden
			}
			fmt.Println(status, err)
			w.WriteHeader(status)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})

	stranger := httptest.NewRequest(http.MethodPost, "/api/calls", http.NoBody)
	handler.ServeHTTP(httptest.NewRecorder(), stranger)
	// Output:
	// 401 callbackauth: the request has no Authorization header
}

// A test of a bot plays the service: it publishes a key and signs with it.
func ExampleWithMetadataURL() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	service := httptest.NewServer(mux)
	defer service.Close()
	mux.HandleFunc("/openid", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{"jwks_uri": service.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k1"}}})
	})
	verifier, err := callbackauth.New("my-app", callbackauth.WithMetadataURL(service.URL+"/openid"))
	if err != nil {
		fmt.Println(err)
		return
	}

	signer, err := jose.NewSigner(jose.SigningKey{
		Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "k1"},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	claims, _ := json.Marshal(map[string]any{
		"aud": "my-app", "iss": callbackauth.IssuerGraph, "tid": "contoso", "exp": time.Now().Add(time.Hour).Unix(),
	})
	jws, err := signer.Sign(claims)
	if err != nil {
		fmt.Println(err)
		return
	}
	token, _ := jws.CompactSerialize()

	r := httptest.NewRequest(http.MethodPost, "/api/calls", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+token)
	fmt.Println(verifier.VerifyCallback(r))
	// Output:
	// contoso <nil>
}
