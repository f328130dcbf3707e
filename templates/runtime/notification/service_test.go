package notification

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// Message is a resource, in the shape that the generator emits.
type Message struct {
	AdditionalData codec.AdditionalData `json:"-"`
	ID             string               `json:"id,omitempty"`
	Subject        *string              `json:"subject,omitempty"`
}

func (*Message) ODataType() string                 { return "microsoft.graph.message" }
func (v *Message) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v Message) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

const (
	secret = "a secret of the program"
	tenant = "84bd8158-6d4d-4958-8b9f-9d6445542f95"
	sub    = "5522bd62-7c96-4530-85b0-00b916f6151a"
)

// testKeys are made once: making one takes a while.
var testKeys = sync.OnceValue(func() []*rsa.PrivateKey {
	keys := make([]*rsa.PrivateKey, 2)
	for i := range keys {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys[i] = key
	}
	return keys
})

type object = map[string]any

// sealed encrypts a resource as the service does.
func sealed(t testing.TB, key *rsa.PublicKey, certificate string, plain []byte) object {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	return sealedWith(t, key, certificate, plain, secret)
}

func sealedWith(t testing.TB, key *rsa.PublicKey, certificate string, plain, secret []byte) object {
	sealedKey, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, key, secret, nil)
	require.NoError(t, err)
	padding := aes.BlockSize - len(plain)%aes.BlockSize
	data := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(padding)}, padding)...)
	return sealedBlocks(t, sealedKey, certificate, data, secret)
}

// sealedBlocks encrypts data that is padded already.
func sealedBlocks(t testing.TB, sealedKey []byte, certificate string, data, secret []byte) object {
	block, err := aes.NewCipher(secret)
	require.NoError(t, err)
	data = bytes.Clone(data)
	cipher.NewCBCEncrypter(block, secret[:aes.BlockSize]).CryptBlocks(data, data)
	mac := hmac.New(sha256.New, secret)
	mac.Write(data)
	encode := base64.StdEncoding.EncodeToString
	return object{
		"data": encode(data), "dataKey": encode(sealedKey), "dataSignature": encode(mac.Sum(nil)),
		"encryptionCertificateId": certificate, "encryptionCertificateThumbprint": "07293748CC064953A3052FB978C735FB89E61C3D",
	}
}

// change is a notification, with some members changed, or left out where they are nil.
func change(members object) object {
	n := object{
		"subscriptionId": sub, "tenantId": tenant, "clientState": secret, "changeType": "created",
		"subscriptionExpirationDateTime": "2026-12-01T10:00:00Z", "resource": "Users('1')/Messages('m')",
		"resourceData": object{"@odata.type": "#Microsoft.Graph.Message", "@odata.id": "Users('1')/Messages('m')", "id": "m"},
	}
	for name, v := range members {
		if n[name] = v; v == nil {
			delete(n, name)
		}
	}
	return n
}

func body(t testing.TB, tokens []string, notifications ...any) []byte {
	b := object{"value": notifications}
	if tokens != nil {
		b["validationTokens"] = tokens
	}
	data, err := json.Marshal(b)
	require.NoError(t, err)
	return data
}

// post posts a body and returns the answer.
func post(h http.Handler, data []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/changes", bytes.NewReader(data))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// tokens is a verifier that knows some tokens and their tenants.
type tokens map[string]string

func (t tokens) VerifyValidationToken(_ context.Context, token string) (string, error) {
	if token == "later" {
		return "", unavailable{}
	}
	if tenant, ok := t[token]; ok {
		return tenant, nil
	}
	return "", errors.New("not one of ours")
}

type unavailable struct{}

func (unavailable) Error() string   { return "no keys at the moment" }
func (unavailable) Temporary() bool { return true }

// service is a handler that knows the tests' secrets, and what it reported.
type service struct {
	*ChangeHandler
	mu     sync.Mutex
	errors []*ChangeError
	got    []*ChangeEvent
	log    bytes.Buffer
}

// newService returns a handler that records what it delivers and reports.
func newService(t testing.TB, change func(*ChangeOptions)) *service {
	s := new(service)
	keys := new(ChangeKeyring)
	require.NoError(t, keys.Add("cert", testKeys()[0]))
	options := ChangeOptions{
		ClientStates: FixedClientStates(secret), Keys: keys, Verifier: tokens{"genuine": tenant, "foreign": "another"}, HandleFirst: true,
		Logger: slog.New(slog.NewTextHandler(&s.log, nil)),
		OnError: func(_ context.Context, err *ChangeError) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.errors = append(s.errors, err)
		},
	}
	if change != nil {
		change(&options)
	}
	s.ChangeHandler = NewChangeHandler(options)
	s.OnEvent(func(_ context.Context, e *ChangeEvent) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.got = append(s.got, e)
		return nil
	})
	return s
}

// failures returns the texts of the reports since the last call, and forgets them.
func (s *service) failures() (texts []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, err := range s.errors {
		texts = append(texts, err.Error())
	}
	s.errors = nil
	return texts
}

// delivered returns the events since the last call, and forgets them.
func (s *service) delivered() []*ChangeEvent {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.got
	s.got = nil
	return list
}
