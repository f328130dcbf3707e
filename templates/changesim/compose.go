package changesim

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"
)

// changeNotice is a notification as it is sent.
type changeNotice struct {
	SubscriptionID string           `json:"subscriptionId"`
	Expires        time.Time        `json:"subscriptionExpirationDateTime"`
	TenantID       string           `json:"tenantId"`
	ClientState    string           `json:"clientState,omitempty"`
	ChangeType     string           `json:"changeType,omitempty"`
	Lifecycle      string           `json:"lifecycleEvent,omitempty"`
	Resource       string           `json:"resource,omitempty"`
	ResourceData   map[string]any   `json:"resourceData,omitempty"`
	Encrypted      *changeEncrypted `json:"encryptedContent,omitempty"`
}

// changeEncrypted is encrypted content.
type changeEncrypted struct {
	Data          string `json:"data"`
	DataKey       string `json:"dataKey"`
	DataSignature string `json:"dataSignature"`
	CertificateID string `json:"encryptionCertificateId"`
	Thumbprint    string `json:"encryptionCertificateThumbprint"`
}

// Compose returns the body of a request with some notifications, which a test may alter before it
// posts it.
func (s *ChangeSource) Compose(changes ...Change) ([]byte, error) {
	body := struct {
		Value  []*changeNotice `json:"value"`
		Tokens []string        `json:"validationTokens,omitempty"`
	}{Value: []*changeNotice{}}
	rich := false
	for _, c := range changes {
		n, err := s.notice(c)
		if err != nil {
			return nil, err
		}
		body.Value = append(body.Value, n)
		rich = rich || n.Encrypted != nil
	}
	if rich {
		token, err := s.ValidationToken()
		if err != nil {
			return nil, err
		}
		body.Tokens = []string{token}
	}
	return json.Marshal(body)
}

// notice returns the notification of a change.
func (s *ChangeSource) notice(c Change) (*changeNotice, error) {
	sub, err := s.subscription(c.SubscriptionID)
	if err != nil {
		return nil, err
	}
	n := &changeNotice{
		SubscriptionID: sub.ID, Expires: sub.Expires.UTC(), TenantID: s.tenant, ClientState: sub.ClientState, Lifecycle: c.Lifecycle,
	}
	if c.Lifecycle != "" {
		return n, nil
	}
	data, err := json.Marshal(c.Value)
	if err != nil {
		return nil, err
	}
	var resource struct {
		Type string `json:"@odata.type"`
		ID   string `json:"id"`
	}
	if err := json.Unmarshal(data, &resource); err != nil || !bytes.HasPrefix(data, []byte("{")) {
		return nil, fmt.Errorf("the value of a change has to be a JSON object, not %.100s", data)
	}
	n.ChangeType, n.Resource = c.ChangeType, c.Resource
	if n.Resource == "" {
		n.Resource = strings.Trim(sub.Resource, "/") + "('" + resource.ID + "')"
	}
	n.ResourceData = map[string]any{"@odata.id": n.Resource, "id": resource.ID}
	if resource.Type != "" {
		n.ResourceData["@odata.type"] = resource.Type
	}
	if sub.IncludeResourceData {
		n.Encrypted, err = encryptChange(sub, data)
	}
	return n, err
}

// encryptChange encrypts a resource for the certificate of a subscription: the content with AES-CBC,
// and its key with RSA-OAEP.
func encryptChange(sub ChangeSubscription, data []byte) (*changeEncrypted, error) {
	certificate, err := readChangeCertificate(sub.EncryptionCertificate)
	if err != nil {
		return nil, err
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	sealed, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, certificate.PublicKey.(*rsa.PublicKey), secret, nil)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	padding := aes.BlockSize - len(data)%aes.BlockSize
	data = append(bytes.Clone(data), bytes.Repeat([]byte{byte(padding)}, padding)...)
	cipher.NewCBCEncrypter(block, secret[:aes.BlockSize]).CryptBlocks(data, data)
	mac := hmac.New(sha256.New, secret)
	mac.Write(data)
	encode := base64.StdEncoding.EncodeToString
	return &changeEncrypted{
		Data: encode(data), DataKey: encode(sealed), DataSignature: encode(mac.Sum(nil)),
		CertificateID: sub.EncryptionCertificateID, Thumbprint: fmt.Sprintf("%X", sha1.Sum(certificate.Raw)),
	}, nil
}

// readChangeCertificate reads the certificate of a subscription: base64 of DER, or of PEM.
func readChangeCertificate(text string) (*x509.Certificate, error) {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("encryptionCertificate is not base64: %w", err)
	}
	if block, _ := pem.Decode(data); block != nil {
		data = block.Bytes
	}
	certificate, err := x509.ParseCertificate(data)
	if err != nil {
		return nil, fmt.Errorf("encryptionCertificate: %w", err)
	}
	if _, ok := certificate.PublicKey.(*rsa.PublicKey); !ok {
		return nil, errors.New("encryptionCertificate has no RSA key")
	}
	return certificate, nil
}
