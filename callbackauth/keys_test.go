package callbackauth

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// clock is a clock that a test sets.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time           { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) advance(by time.Duration) { c.ahead.Add(int64(by)) }

func withClock(v *Verifier) *clock {
	c := new(clock)
	v.keys.now = c.now
	return c
}

// later returns claims that stay valid for days.
func later() map[string]any { return but("exp", time.Now().Add(100*time.Hour).Unix()) }

func temporary(t *testing.T, err error) bool {
	t.Helper()
	refusal, ok := errors.AsType[*Error](err)
	require.True(t, ok, "%v", err)
	return refusal.Temporary()
}

func down(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "secret details", http.StatusServiceUnavailable)
}

func TestConstructionDoesNotTouchTheNetwork(t *testing.T) {
	i := newIssuer(t)
	i.Close()
	v := i.verifier(t)
	_, err := v.VerifyCallback(callback(token(t, genuine())))
	assert.True(t, temporary(t, err), "the keys are unavailable")
	assert.ErrorContains(t, err, "are unavailable at the moment")
}

func TestOneFetchForManyRequests(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	tok := token(t, genuine())
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 20 {
				got, err := v.VerifyCallback(callback(tok))
				if err != nil || got != tenant {
					t.Errorf("%q, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 1, i.asked.Load())
}

func TestRotatedKey(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	c := withClock(v)
	_, err := v.VerifyCallback(callback(token(t, later())))
	require.NoError(t, err)

	i.publish(published("k1", testKeys()[0]), published("k2", testKeys()[1]))
	second := sign(t, later(), jose.RS256, testKeys()[1], kid("k2"))
	c.advance(unknown)
	_, err = v.VerifyCallback(callback(second))
	require.NoError(t, err, "a new key is noticed by its id")
	assert.EqualValues(t, 2, i.asked.Load())

	i.publish(published("k2", testKeys()[1]))
	c.advance(freshFor)
	_, err = v.VerifyCallback(callback(second))
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, err := v.VerifyCallback(callback(token(t, later())))
		return err != nil
	}, 10*time.Second, time.Millisecond, "a key that is withdrawn is used no more")
	_, err = v.VerifyCallback(callback(token(t, later())))
	assert.True(t, temporary(t, err), "it may have been published again since")
	assert.EqualValues(t, 3, i.asked.Load())
	c.advance(unknown)
	_, err = v.VerifyCallback(callback(token(t, later())))
	assert.False(t, temporary(t, err), "it was not")
	assert.EqualValues(t, 4, i.asked.Load())
}

// TestKeysMayBeStale: while an unknown key id leads to no fetch because another one did a
// moment ago, it may belong to a new key: the service should send the notification again.
func TestKeysMayBeStale(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	c := withClock(v)
	_, err := v.VerifyCallback(callback(sign(t, later(), jose.RS256, testKeys()[2], kid("stranger"))))
	assert.False(t, temporary(t, err), "the keys were asked for, and it is not among them")

	i.publish(published("k1", testKeys()[0]), published("k2", testKeys()[1]))
	second := callback(sign(t, later(), jose.RS256, testKeys()[1], kid("k2")))
	c.advance(unknown / 2)
	_, err = v.VerifyCallback(second)
	assert.True(t, temporary(t, err), "a genuine token is not refused for good")
	assert.ErrorContains(t, err, `no key "k2"`)
	_, err = v.VerifyCallback(callback(token(t, later())))
	require.NoError(t, err, "keys that are known are")
	c.advance(unknown / 2)
	_, err = v.VerifyCallback(second)
	require.NoError(t, err)
	assert.EqualValues(t, 2, i.asked.Load())
}

// panicking is a transport of a program.
type panicking struct{}

func (panicking) RoundTrip(*http.Request) (*http.Response, error) { panic("transport") }

func TestTransportsAreContained(t *testing.T) {
	v := newIssuer(t).verifier(t, WithHTTPClient(&http.Client{Transport: panicking{}}))
	_, err := v.VerifyCallback(callback(token(t, genuine())))
	assert.True(t, temporary(t, err))
	assert.ErrorContains(t, err, "panicked")
}

func TestKeysAreReplacedUnderTheSameID(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	c := withClock(v)
	_, err := v.VerifyCallback(callback(token(t, later())))
	require.NoError(t, err)
	i.publish(published("k1", testKeys()[1]))
	fresh := sign(t, later(), jose.RS256, testKeys()[1], kid("k1"))
	_, err = v.VerifyCallback(callback(fresh))
	assert.False(t, temporary(t, err), "the old key is still the one")
	c.advance(freshFor)
	require.Eventually(t, func() bool {
		_, err := v.VerifyCallback(callback(fresh))
		return err == nil
	}, 10*time.Second, time.Millisecond)
}

func TestUnknownKeysDoNotFloodTheService(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	c := withClock(v)
	flood := func() {
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				for n := range 50 {
					tok := sign(t, genuine(), jose.RS256, testKeys()[2], kid(fmt.Sprintf("g%d-%d", g, n)))
					if _, err := v.VerifyCallback(callback(tok)); err == nil {
						t.Error("a stranger's token is accepted")
					}
				}
			})
		}
		wg.Wait()
	}
	flood()
	assert.EqualValues(t, 1, i.asked.Load())
	c.advance(unknown)
	flood()
	assert.EqualValues(t, 2, i.asked.Load())
	_, err := v.VerifyCallback(callback(token(t, genuine())))
	assert.NoError(t, err)

	// Wrong signatures with a known id lead to no fetch at all.
	c.advance(unknown)
	for range 20 {
		_, err := v.VerifyCallback(callback(sign(t, genuine(), jose.RS256, testKeys()[2], kid("k1"))))
		assert.False(t, temporary(t, err))
	}
	assert.EqualValues(t, 2, i.asked.Load())
}

func TestOutage(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	c := withClock(v)
	i.set(&i.keyDocument, down)
	for range 100 {
		_, err := v.VerifyCallback(callback(token(t, later())))
		assert.True(t, temporary(t, err))
		assert.ErrorContains(t, err, "503")
		assert.NotContains(t, err.Error(), "secret")
	}
	assert.EqualValues(t, 1, i.asked.Load(), "a service that is down is not asked for every request")

	i.set(&i.keyDocument, nil)
	c.advance(retry)
	_, err := v.VerifyCallback(callback(token(t, later())))
	require.NoError(t, err, "the outage is over")

	i.set(&i.keyDocument, down)
	c.advance(freshFor + time.Minute)
	for range 20 {
		_, err = v.VerifyCallback(callback(token(t, later())))
		require.NoError(t, err, "the keys there are stay in use")
	}
	_, err = v.VerifyCallback(callback(sign(t, later(), jose.RS256, testKeys()[1], kid("k2"))))
	assert.True(t, temporary(t, err), "whether the key is new cannot be known")

	c.advance(usedFor)
	_, err = v.VerifyCallback(callback(token(t, later())))
	assert.True(t, temporary(t, err), "keys that are too old are not used")
}

func TestSlowService(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	let := make(chan struct{})
	i.set(&i.document, func(w http.ResponseWriter, _ *http.Request) {
		<-let
		fmt.Fprintf(w, `{"jwks_uri":%q}`, i.URL+"/v1/keys")
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		time.Sleep(10 * time.Millisecond)
		cancel()
	}()
	_, err := v.VerifyCallback(callback(token(t, genuine())).WithContext(ctx))
	assert.True(t, temporary(t, err))
	require.ErrorIs(t, err, context.Canceled)

	close(let)
	_, err = v.VerifyCallback(callback(token(t, genuine())))
	require.NoError(t, err, "one request's end is not the end of the fetch")
	assert.EqualValues(t, 1, i.asked.Load())

	// A service that never answers is given up.
	client := &http.Client{Timeout: 20 * time.Millisecond}
	v = i.verifier(t, WithHTTPClient(client))
	i.set(&i.document, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	_, err = v.VerifyCallback(callback(token(t, genuine())))
	assert.True(t, temporary(t, err))
}

func TestHostileDocuments(t *testing.T) {
	elsewhere := newIssuer(t)
	elsewhere.publish(published("k1", testKeys()[2]))
	forged := sign(t, genuine(), jose.RS256, testKeys()[2], kid("k1"))
	write := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) }
	}
	huge := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"keys":[{"x":"`)
		block := make([]byte, 1<<16)
		for n := range block {
			block[n] = 'a'
		}
		for r.Context().Err() == nil {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	for name, c := range map[string]struct {
		document, keys http.HandlerFunc
		why            string
	}{
		"huge document":         {huge, nil, "more than"},
		"huge keys":             {nil, huge, "more than"},
		"HTML":                  {write("<html>"), nil, "invalid character"},
		"HTML for keys":         {nil, write("<html>"), "invalid character"},
		"empty":                 {write(""), nil, "unexpected end"},
		"no keys URL":           {write("{}"), nil, "jwks_uri"},
		"keys elsewhere":        {write(`{"jwks_uri":"` + elsewhere.URL + `/v1/keys"}`), nil, "not an https URL"},
		"keys in a file":        {write(`{"jwks_uri":"file:///etc/passwd"}`), nil, "not an https URL"},
		"keys of other kind":    {write(`{"jwks_uri":5}`), nil, "cannot unmarshal"},
		"redirected":            {http.RedirectHandler(elsewhere.URL+"/v1/.well-known/OpenIdConfiguration", http.StatusFound).ServeHTTP, nil, "another host"},
		"keys redirected":       {nil, http.RedirectHandler(elsewhere.URL+"/v1/keys", http.StatusTemporaryRedirect).ServeHTTP, "another host"},
		"redirected in circles": {nil, http.RedirectHandler("/v1/keys", http.StatusFound).ServeHTTP, "too often"},
		"no keys":               {nil, write(`{}`), "no RSA key"},
		"null":                  {nil, write(`null`), "no RSA key"},
		"no usable keys": {nil, write(`{"keys":[null,5,"x",{},{"kty":"oct","kid":"k1","k":"AAAA"},{"kty":"RSA","kid":"k1"},
			{"kty":"RSA","kid":"k1","n":"AQAB","e":"AQAB"},{"kty":"RSA","kid":"k1","n":"!","e":"!"}]}`), "no RSA key"},
		"not found": {nil, http.NotFound, "404"},
	} {
		i := newIssuer(t)
		i.set(&i.document, c.document)
		i.set(&i.keyDocument, c.keys)
		v := i.verifier(t)
		_, err := v.VerifyCallback(callback(forged))
		assert.True(t, temporary(t, err), name)
		assert.ErrorContains(t, err, c.why, name)
	}
	assert.Zero(t, elsewhere.asked.Load())
}

func TestRedirectOnTheSameHost(t *testing.T) {
	i := newIssuer(t)
	i.set(&i.keyDocument, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "" {
			http.Redirect(w, r, "/v1/keys?again", http.StatusFound)
			return
		}
		i.serve(w, r, nil, map[string]any{"keys": []any{published("k1", testKeys()[0])}})
	})
	_, err := i.verifier(t).VerifyCallback(callback(token(t, genuine())))
	assert.NoError(t, err)
}

func TestKeysThatAreNotForSignatures(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	encryption := published("enc", testKeys()[1])
	encryption["use"] = "enc"
	other := published("ps", testKeys()[1])
	other["alg"] = "PS256"
	named := published("k1", testKeys()[0])
	named["alg"] = "RS256"
	i := newIssuer(t)
	i.publish(published("weak", weak), encryption, other, published("k1", testKeys()[2]), named, "junk")
	v := i.verifier(t)
	for id, key := range map[string]*rsa.PrivateKey{"weak": weak, "enc": testKeys()[1], "ps": testKeys()[1]} {
		_, err := v.VerifyCallback(callback(sign(t, genuine(), jose.RS256, key, kid(id))))
		assert.ErrorContains(t, err, "no key", id)
	}
	for _, key := range []*rsa.PrivateKey{testKeys()[0], testKeys()[2]} {
		_, err := v.VerifyCallback(callback(sign(t, genuine(), jose.RS256, key, kid("k1"))))
		assert.NoError(t, err, "two keys can have one id")
	}
}

// TestHTTPS fetches over TLS, with a client that knows the certificate.
func TestHTTPS(t *testing.T) {
	i := newIssuer(t)
	tls := httptest.NewUnstartedServer(i.Config.Handler)
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	defer tls.Close()
	i.URL = tls.URL
	_, err := i.verifier(t, WithHTTPClient(tls.Client())).VerifyCallback(callback(token(t, genuine())))
	assert.NoError(t, err)
	_, err = i.verifier(t).VerifyCallback(callback(token(t, genuine())))
	assert.True(t, temporary(t, err), "a stranger's certificate")
}

func BenchmarkVerifyCallback(b *testing.B) {
	v := newIssuer(b).verifier(b)
	r := callback(token(b, genuine()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.VerifyCallback(r); err != nil {
			b.Fatal(err)
		}
	}
}
