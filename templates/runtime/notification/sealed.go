package notification

import (
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// A ChangeKeySource finds the private keys of certificates that encrypt resource data. A key is an
// RSA key, in memory or behind an interface such as a key vault's; it is called with
// *rsa.OAEPOptions for SHA-1, which the service prescribes.
//
// DecryptionKey is given the encryptionCertificateId and encryptionCertificateThumbprint of a
// notification, which come from its sender. The error wraps [ErrChangeKey] if there is no such key.
// After another error the notification is not delivered, and repeated by the service if
// ChangeOptions.HandleFirst is set. So it is if the key cannot decrypt at the moment, which its error says
// with a method Temporary() bool that returns true, or by being a context error.
type ChangeKeySource interface {
	DecryptionKey(ctx context.Context, certificateID, thumbprint string) (crypto.Decrypter, error)
}

// ChangeKeyring is a [ChangeKeySource] that holds a key for each certificate id. To exchange a
// certificate, add the new key, renew the subscriptions with the new certificate and its id, and
// remove the old key when the service has stopped to use it. The zero value is empty and ready to
// use; its methods are safe for concurrent use.
type ChangeKeyring struct {
	mu   sync.RWMutex
	keys map[string]crypto.Decrypter
}

// Add adds the private key of the certificate that subscriptions name by an encryptionCertificateId,
// in place of an earlier one with the same id. The error says what is wrong with the key.
func (k *ChangeKeyring) Add(certificateID string, key crypto.Decrypter) error {
	if certificateID == "" {
		return errors.New("a certificate needs an id: the encryptionCertificateId of its subscriptions")
	}
	if key == nil {
		return fmt.Errorf("the key of certificate %q is nil", certificateID)
	}
	if _, ok := key.Public().(*rsa.PublicKey); !ok {
		return fmt.Errorf("the key of certificate %q is a %T: the service encrypts for RSA keys only", certificateID, key.Public())
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil {
		k.keys = make(map[string]crypto.Decrypter)
	}
	k.keys[certificateID] = key
	return nil
}

// Remove removes the key of a certificate.
func (k *ChangeKeyring) Remove(certificateID string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.keys, certificateID)
}

// DecryptionKey implements [ChangeKeySource].
func (k *ChangeKeyring) DecryptionKey(_ context.Context, certificateID, _ string) (crypto.Decrypter, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if key, ok := k.keys[certificateID]; ok {
		return key, nil
	}
	return nil, ErrChangeKey
}

// open decrypts the content of an event, if it is encrypted.
func (h *ChangeHandler) open(ctx context.Context, e *ChangeEvent) error {
	if !e.wire.isSealed() {
		return nil
	}
	sealed := e.wire.EncryptedContent
	if sealed == nil {
		return changeRefusal("%w", ErrChangeSealed)
	}
	if h.options.Keys == nil {
		return changeRefusal("it is encrypted, and there are no keys: set ChangeOptions.Keys")
	}
	key, err := h.options.Keys.DecryptionKey(ctx, changeText(sealed.CertificateID), changeText(sealed.Thumbprint))
	if errors.Is(err, ErrChangeKey) {
		return changeRefusal("%w %.100q: add its key, unless the certificate is not yours", ErrChangeKey, changeText(sealed.CertificateID))
	}
	if err != nil {
		return fmt.Errorf("ChangeOptions.Keys: %w", err)
	}
	data, err := sealed.open(key)
	switch {
	case err != nil:
		return fmt.Errorf("the key of ChangeOptions.Keys: %w", err)
	case data == nil:
		return changeRefusal("%w", ErrChangeSealed)
	}
	e.hold(data)
	e.Encrypted = true
	return nil
}

// symmetricKeySize is the size of the keys that the service makes, in bytes.
const symmetricKeySize = 32

// open returns the content. It goes by the page "Set up change notifications that include resource
// data": the key is encrypted with RSA-OAEP and SHA-1, the content with AES-CBC and PKCS #7 padding,
// where the first bytes of the key are the initialization vector; the signature is an HMAC-SHA256
// of the encrypted content. It does as much with a wrong key as with a wrong signature, and nothing
// is decrypted before that. It returns nil for what is wrong, and an error if the key is out of reach.
func (s *sealedChange) open(key crypto.Decrypter) ([]byte, error) {
	data, dataOK := decodeStrictly(changeText(s.Data))
	sealedKey, keyOK := decodeStrictly(changeText(s.DataKey))
	signature, signatureOK := decodeStrictly(changeText(s.DataSignature))
	if !dataOK || !keyOK || !signatureOK {
		return nil, nil
	}
	secret := make([]byte, symmetricKeySize)
	_, _ = rand.Read(secret) // never fails
	opened, err := key.Decrypt(nil, sealedKey, &rsa.OAEPOptions{Hash: crypto.SHA1, MGFHash: crypto.SHA1})
	if err != nil && isTemporaryChange(err) {
		return nil, err
	}
	keyOK = err == nil && len(opened) == symmetricKeySize
	if keyOK {
		secret = opened
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(data)
	if !hmac.Equal(mac.Sum(nil), signature) || !keyOK {
		return nil, nil
	}
	return decryptCBC(secret, data), nil
}

// decryptCBC decrypts data whose signature is right. It returns nil if its padding is wrong.
func decryptCBC(secret, data []byte) []byte {
	block, err := aes.NewCipher(secret)
	if err != nil || len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil
	}
	cipher.NewCBCDecrypter(block, secret[:aes.BlockSize]).CryptBlocks(data, data)
	padding := int(data[len(data)-1])
	if padding == 0 || padding > aes.BlockSize {
		return nil
	}
	for _, b := range data[len(data)-padding:] {
		if int(b) != padding {
			return nil
		}
	}
	return data[:len(data)-padding]
}

// decodeStrictly decodes base64 in its only valid spelling, so that no two texts mean the same.
func decodeStrictly(text string) ([]byte, bool) {
	if text == "" || strings.ContainsAny(text, "\r\n") {
		return nil, false
	}
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	return data, err == nil
}
