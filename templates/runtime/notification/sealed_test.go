package notification

import (
	"bytes"
	"context"
	"crypto"
	"crypto/aes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	mathrand "math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var resource = []byte(`{"@odata.context":"https://graph.microsoft.com/$metadata#users('1')/messages/$entity","id":"m","subject":"Größe 漢字","odd":1.50}`)

func rich(t testing.TB, certificate string, key *rsa.PublicKey) object {
	return change(object{"encryptedContent": sealed(t, key, certificate, resource)})
}

func TestEncryptedContent(t *testing.T) {
	s := newService(t, nil)
	var subject string
	OnChange(s.ChangeHandler, func(_ context.Context, e *ChangeEvent, m *Message) error {
		subject = *m.Subject
		return nil
	})
	assert.Equal(t, 202, post(s, body(t, []string{"genuine", "genuine"}, rich(t, "cert", &testKeys()[0].PublicKey))).Code)
	got := s.delivered()
	require.Len(t, got, 1)
	assert.Equal(t, string(resource), string(got[0].Data), "byte for byte")
	assert.True(t, got[0].Encrypted)
	assert.Equal(t, "Microsoft.Graph.Message", got[0].Type, "the open part says it")
	assert.Equal(t, "Größe 漢字", subject)
	assert.Empty(t, s.failures())
}

// TestLengths: contents of any length, whose last block may be all padding.
func TestLengths(t *testing.T) {
	s := newService(t, nil)
	for n := range 40 {
		plain := []byte(`{"id":"` + strings.Repeat("x", n) + `"}`)
		post(s, body(t, []string{"genuine"}, change(object{"encryptedContent": sealed(t, &testKeys()[0].PublicKey, "cert", plain)})))
		got := s.delivered()
		require.Len(t, got, 1)
		assert.Equal(t, string(plain), string(got[0].Data))
	}
}

func TestTokensOfEncryptedContent(t *testing.T) {
	key := &testKeys()[0].PublicKey
	for name, c := range map[string]struct {
		tokens []string
		more   object
		status int
		why    string
	}{
		"none":              {nil, nil, 202, "no validation token of the request is of its tenant"},
		"of another tenant": {[]string{"foreign"}, nil, 202, "no validation token of the request is of its tenant"},
		"forged":            {[]string{"forged"}, nil, 202, "a validation token is not genuine: not one of ours"},
		"one of them is":    {[]string{"genuine", "forged"}, nil, 202, "a validation token is not genuine"},
		"not now":           {[]string{"later"}, nil, 503, "no keys at the moment"},
		"both":              {[]string{"genuine", "foreign"}, nil, 202, ""},
		"no tenant":         {[]string{"genuine"}, object{"tenantId": nil}, 202, "no validation token of the request is of its tenant"},
		"capital letters":   {[]string{"genuine"}, object{"tenantId": strings.ToUpper(tenant)}, 202, ""},
	} {
		s := newService(t, nil)
		n := rich(t, "cert", key)
		for k, v := range c.more {
			n[k] = v
		}
		assert.Equal(t, c.status, post(s, body(t, c.tokens, n)).Code, name)
		if c.why == "" {
			assert.Len(t, s.delivered(), 1, name)
			assert.Empty(t, s.failures(), name)
			continue
		}
		assert.Empty(t, s.delivered(), name)
		failures := s.failures()
		require.Len(t, failures, 1, name)
		assert.Contains(t, failures[0], c.why, name)
	}
}

// TestStrangersCauseNoWork: tokens and keys are looked at only behind the right client state.
func TestStrangersCauseNoWork(t *testing.T) {
	s := newService(t, func(o *ChangeOptions) { o.Verifier, o.Keys = untouchable{t}, untouchable{t} })
	n := rich(t, "cert", &testKeys()[0].PublicKey)
	n["clientState"] = "a guess"
	assert.Equal(t, 202, post(s, body(t, []string{"genuine", "forged"}, n)).Code)
	assert.Len(t, s.failures(), 1)
}

type untouchable struct{ t *testing.T }

func (u untouchable) VerifyValidationToken(context.Context, string) (string, error) {
	u.t.Error("a token is verified")
	return "", nil
}

func (u untouchable) DecryptionKey(context.Context, string, string) (crypto.Decrypter, error) {
	u.t.Error("a key is asked for")
	return nil, ErrChangeKey
}

func TestWhatEncryptedContentNeeds(t *testing.T) {
	data := body(t, []string{"genuine"}, rich(t, "cert", &testKeys()[0].PublicKey))
	for why, change := range map[string]func(*ChangeOptions){
		"set ChangeOptions.Verifier": func(o *ChangeOptions) { o.Verifier = nil },
		"set ChangeOptions.Keys":     func(o *ChangeOptions) { o.Keys = nil },
		`the certificate "cert"`:     func(o *ChangeOptions) { o.Keys = new(ChangeKeyring) },
	} {
		s := newService(t, change)
		assert.Equal(t, 202, post(s, data).Code)
		assert.Empty(t, s.delivered())
		failures := s.failures()
		require.Len(t, failures, 1, why)
		assert.Contains(t, failures[0], why)
	}
	trusting := newService(t, func(o *ChangeOptions) { o.Verifier = AllowUnverifiedChanges() })
	post(trusting, body(t, nil, rich(t, "cert", &testKeys()[0].PublicKey)))
	assert.Len(t, trusting.delivered(), 1)
	assert.Contains(t, trusting.log.String(), "AllowUnverifiedChanges", "it is said once, at the beginning")

	vault := newService(t, func(o *ChangeOptions) { o.Keys = brokenVault{} })
	assert.Equal(t, 503, post(vault, data).Code)
	assert.Empty(t, vault.delivered())
}

type brokenVault struct{}

func (brokenVault) DecryptionKey(context.Context, string, string) (crypto.Decrypter, error) {
	return nil, errors.New("the vault does not answer")
}

func TestKeyring(t *testing.T) {
	k := new(ChangeKeyring)
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	assert.ErrorContains(t, k.Add("", testKeys()[0]), "needs an id")
	assert.ErrorContains(t, k.Add("a", nil), "is nil")
	assert.ErrorContains(t, k.Add("a", ecKey{ec}), "RSA keys only")
	require.NoError(t, k.Add("a", testKeys()[0]))
	k.Remove("a")
	_, err = k.DecryptionKey(t.Context(), "a", "")
	assert.ErrorIs(t, err, ErrChangeKey)
}

type ecKey struct{ *ecdsa.PrivateKey }

func (ecKey) Decrypt(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) { return nil, nil }

// TestRotation: while a certificate is exchanged, notifications of both are delivered.
func TestRotation(t *testing.T) {
	keys := new(ChangeKeyring)
	require.NoError(t, keys.Add("cert", testKeys()[0]))
	s := newService(t, func(o *ChangeOptions) { o.Keys = keys })
	send := func(certificate string, i int) int {
		post(s, body(t, []string{"genuine"}, rich(t, certificate, &testKeys()[i].PublicKey)))
		return len(s.delivered())
	}
	assert.Equal(t, 1, send("cert", 0))
	assert.Equal(t, 0, send("next", 1))
	require.NoError(t, keys.Add("next", testKeys()[1]))
	assert.Equal(t, 1, send("next", 1))
	assert.Equal(t, 1, send("cert", 0), "what was under way")
	keys.Remove("cert")
	assert.Equal(t, 0, send("cert", 0))
	assert.Equal(t, 0, send("next", 0), "the key of another certificate")
}

// TestNoOracle: a wrong key, signature or padding give the same answer and the same report.
func TestNoOracle(t *testing.T) {
	key := &testKeys()[0].PublicKey
	secret := bytes.Repeat([]byte{7}, 32)
	sealedKey, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, key, secret, nil)
	require.NoError(t, err)
	with := func(name, value string) object {
		content := sealed(t, key, "cert", resource)
		content[name] = value
		return content
	}
	block := bytes.Repeat([]byte{'a'}, aes.BlockSize)
	var answers []string
	for name, content := range map[string]any{
		"key of another certificate": sealed(t, &testKeys()[1].PublicKey, "cert", resource),
		"key of zeros":               with("dataKey", base64.StdEncoding.EncodeToString(make([]byte, 256))),
		"short key":                  with("dataKey", "AAAA"),
		"no key":                     with("dataKey", ""),
		"short secret":               sealedWith(t, key, "cert", resource, secret[:16]),
		"wrong signature":            with("dataSignature", base64.StdEncoding.EncodeToString(make([]byte, 32))),
		"short signature":            with("dataSignature", "AAAA"),
		"no signature":               with("dataSignature", ""),
		"wrong data":                 with("data", base64.StdEncoding.EncodeToString(make([]byte, 64))),
		"half a block":               with("data", "AAAA"),
		"no data":                    with("data", ""),
		"padding of 0":               sealedBlocks(t, sealedKey, "cert", append(bytes.Clone(block), make([]byte, 16)...), secret),
		"padding of 17":              sealedBlocks(t, sealedKey, "cert", append(bytes.Clone(block), bytes.Repeat([]byte{17}, 16)...), secret),
		"uneven padding":             sealedBlocks(t, sealedKey, "cert", append(bytes.Clone(block[:14]), 3, 2), secret),
		"not base64":                 with("data", "%%%"),
		"line break":                 with("dataSignature", with("x", "")["dataSignature"].(string)[:4]+"\n"),
		"no object":                  5,
	} {
		s := newService(t, nil)
		w := post(s, body(t, []string{"genuine"}, change(object{"encryptedContent": content})))
		assert.Empty(t, s.delivered(), name)
		head, err := json.Marshal(w.Header())
		require.NoError(t, err)
		answers = append(answers, string(head)+w.Body.String()+strings.Join(s.failures(), "\n"))
		assert.Equal(t, 202, w.Code, name)
	}
	for _, answer := range answers {
		assert.Equal(t, answers[0], answer)
	}
	good := post(newService(t, nil), body(t, []string{"genuine"}, rich(t, "cert", key)))
	assert.Equal(t, 202, good.Code, "and the genuine one the same")
}

// TestMutated changes what the protocol protects in a genuine request. Nothing of that is
// delivered.
func TestMutated(t *testing.T) {
	s := newService(t, nil)
	key := &testKeys()[0].PublicKey
	content := sealed(t, key, "cert", resource)
	genuine := body(t, []string{"genuine"}, change(object{"encryptedContent": content}))
	random := mathrand.New(mathrand.NewPCG(1, 2))
	for range 300 {
		n := change(nil)
		altered := object{}
		for k, v := range content {
			altered[k] = v
		}
		n["encryptedContent"] = altered
		list := []string{"genuine"}
		switch random.IntN(6) {
		case 0:
			altered["data"] = mutated(random, altered["data"].(string))
		case 1:
			altered["dataKey"] = mutated(random, altered["dataKey"].(string))
		case 2:
			altered["dataSignature"] = mutated(random, altered["dataSignature"].(string))
		case 3:
			n["clientState"] = mutated(random, secret)
		case 4:
			list[0] = mutated(random, list[0])
		case 5:
			altered["encryptionCertificateId"] = mutated(random, "cert")
		}
		require.Equal(t, 202, post(s, body(t, list, n)).Code)
		require.Empty(t, s.delivered(), "%v %v", list, n)
		require.Len(t, s.failures(), 1)
	}
	post(s, genuine)
	assert.Len(t, s.delivered(), 1, "none of them stands in the way of the genuine one")
}

// mutated changes a text in one place.
func mutated(random *mathrand.Rand, text string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \n"
	for {
		b := []byte(text)
		at := random.IntN(len(b))
		switch c := alphabet[random.IntN(len(alphabet))]; random.IntN(3) {
		case 0:
			b[at] = c
		case 1:
			b = append(b[:at], b[at+1:]...)
		default:
			b = append(b[:at], append([]byte{c}, b[at:]...)...)
		}
		if string(b) != text {
			return string(b)
		}
	}
}

// FuzzChangeBody posts anything: the handler answers, and delivers nothing without its secret.
func FuzzChangeBody(f *testing.F) {
	f.Add(body(f, nil, change(nil)))
	f.Add(body(f, []string{"genuine"}, rich(f, "cert", &testKeys()[0].PublicKey)))
	f.Add([]byte(`{"value":[{"lifecycleEvent":"missed","encryptedContent":{}}]}`))
	s := newService(f, nil)
	f.Fuzz(func(t *testing.T, data []byte) {
		code := post(s, data).Code
		if code != 202 && code != 400 && code != 413 {
			t.Fatalf("%d for %q", code, data)
		}
		if len(s.delivered()) > 0 && !bytes.Contains(data, []byte("secret")) && !bytes.Contains(data, []byte(`\u`)) {
			t.Fatalf("delivered without its secret: %q", data)
		}
	})
}

// FuzzSealed opens anything: nothing is opened that has no signature of its own.
func FuzzSealed(f *testing.F) {
	key := testKeys()[0]
	c := sealed(f, &key.PublicKey, "cert", resource)
	f.Add(c["data"].(string), c["dataKey"].(string), c["dataSignature"].(string))
	f.Add("", "", "")
	f.Fuzz(func(t *testing.T, data, sealedKey, signature string) {
		s := &sealedChange{Data: &data, DataKey: &sealedKey, DataSignature: &signature}
		opened, err := s.open(key)
		if err != nil {
			t.Fatal(err)
		}
		if opened != nil && !(data == c["data"] && signature == c["dataSignature"]) {
			t.Fatalf("%q is opened as %q", data, opened)
		}
	})
}

// BenchmarkNotifications measures requests of a hundred notifications, in the open and encrypted.
// Divide by a hundred.
func BenchmarkNotifications(b *testing.B) {
	for _, name := range []string{"open", "encrypted"} {
		b.Run(name, func(b *testing.B) {
			s := newService(b, nil)
			hundred := make([]any, 100)
			for i := range hundred {
				hundred[i] = change(nil)
				if name == "encrypted" {
					hundred[i] = rich(b, "cert", &testKeys()[0].PublicKey)
				}
			}
			data := body(b, []string{"genuine"}, hundred...)
			b.ReportAllocs()
			for b.Loop() {
				s.seen = changeMemory{most: 100}
				post(s, data)
				s.delivered()
			}
		})
	}
}
