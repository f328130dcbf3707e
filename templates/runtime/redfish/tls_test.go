package redfish

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCertificatesArePinned(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, `{}`) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what the test is about
	server.StartTLS()
	defer server.Close()
	sum := sha256.Sum256(server.Certificate().Raw)
	colons := strings.ToUpper(strings.ReplaceAll(fmt.Sprintf("% x", sum), " ", ":"))
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	for _, o := range []ControllerOptions{{Fingerprint: fmt.Sprintf("%x", sum)}, {Fingerprint: colons + "\n"}, {RootCAs: roots}} {
		o.URL = server.URL
		c, err := Connect(t.Context(), o)
		require.NoError(t, err)
		require.NoError(t, c.Close(t.Context()))
	}
	_, err := Connect(t.Context(), ControllerOptions{URL: server.URL, Fingerprint: strings.Repeat("ab", 32)})
	assert.ErrorContains(t, err, fmt.Sprintf("the certificate has the fingerprint %x, not the one in ControllerOptions.Fingerprint", sum))
	_, err = Connect(t.Context(), ControllerOptions{URL: server.URL})
	assert.ErrorContains(t, err, "certificate", "an unknown issuer")
}

func TestRequestsGoThroughAProxy(t *testing.T) {
	var proxied atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		proxied.Add(1)
		answer(w, 200, `{"Id":"`+req.Host+`"}`)
	}))
	defer proxy.Close()
	to, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	c, err := Connect(t.Context(), ControllerOptions{URL: "http://127.0.0.7", Proxy: http.ProxyURL(to)})
	require.NoError(t, err)
	v, err := client.Follow[*system](t.Context(), c.Client, "/redfish/v1/Systems/1")
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.7", v.ID)
	assert.EqualValues(t, 2, proxied.Load())
}
