package redfish

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// httpClient returns the HTTP client for a controller, and what closes its idle connections.
func (o ControllerOptions) httpClient() (*http.Client, func(), error) {
	h := o.HTTPClient
	if h == nil {
		config, err := controllerTLS(o.Fingerprint, o.RootCAs)
		if err != nil {
			return nil, nil, err
		}
		proxy := o.Proxy
		if proxy == nil {
			proxy = http.ProxyFromEnvironment
		}
		h = &http.Client{Transport: &http.Transport{
			Proxy: proxy, TLSClientConfig: config, TLSHandshakeTimeout: 30 * time.Second, IdleConnTimeout: 90 * time.Second, MaxIdleConnsPerHost: 4,
		}}
	}
	if !o.Serial && o.Pace <= 0 {
		return h, h.CloseIdleConnections, nil
	}
	slow := *h
	if slow.Transport == nil {
		slow.Transport = http.DefaultTransport
	}
	slow.Transport = newSlowTransport(slow.Transport, o.Serial, o.Pace)
	return &slow, h.CloseIdleConnections, nil
}

// controllerTLS returns how the certificate of a controller is checked.
func controllerTLS(fingerprint string, roots *x509.CertPool) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
	if fingerprint == "" {
		return config, nil
	}
	pinned, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(fingerprint), ":", ""))
	if err != nil || len(pinned) != sha256.Size {
		return nil, errors.New("the fingerprint of a certificate is its SHA-256 in 64 hexadecimal digits: " +
			"`openssl x509 -noout -fingerprint -sha256` prints it")
	}
	config.InsecureSkipVerify = true // replaced by what follows
	config.VerifyConnection = func(state tls.ConnectionState) error {
		if len(state.PeerCertificates) > 0 {
			got := sha256.Sum256(state.PeerCertificates[0].Raw)
			if string(got[:]) == string(pinned) {
				return nil
			}
			err = fmt.Errorf("the certificate has the fingerprint %x, not the one in ControllerOptions.Fingerprint", got)
		} else {
			err = errors.New("the controller has no certificate")
		}
		return &tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: err}
	}
	return config, nil
}

// slowTransport spares a controller that cannot do much at a time.
type slowTransport struct {
	next http.RoundTripper
	turn chan struct{} // full while a request is under way; nil for no limit
	pace time.Duration

	mu    sync.Mutex
	after time.Time // when the next request may begin
}

func newSlowTransport(next http.RoundTripper, serial bool, pace time.Duration) *slowTransport {
	t := &slowTransport{next: next, pace: pace}
	if serial {
		t.turn = make(chan struct{}, 1)
	}
	return t
}

// RoundTrip implements [http.RoundTripper]. A request has its turn until its answer is read; a
// stream of events, which never ends, does not keep others from theirs.
func (t *slowTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	turn := t.turn
	if req.Header.Get("Accept") == eventStreamType {
		turn = nil
	}
	if turn != nil {
		select {
		case turn <- struct{}{}:
		case <-ctx.Done():
			return nil, closedBody(req, ctx.Err())
		}
	}
	free := sync.OnceFunc(func() {
		if turn != nil {
			<-turn
		}
	})
	if err := t.wait(ctx); err != nil {
		free()
		return nil, closedBody(req, err)
	}
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		free()
		return nil, err
	}
	resp.Body = &turnBody{resp.Body, free}
	return resp, nil
}

// closedBody closes the body of a request that is not sent, as a RoundTripper has to.
func closedBody(req *http.Request, err error) error {
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return err
}

// wait waits until a request may begin.
func (t *slowTransport) wait(ctx context.Context) error {
	if t.pace <= 0 {
		return nil
	}
	t.mu.Lock()
	now := time.Now()
	at := now
	if t.after.After(now) {
		at = t.after
	}
	t.after = at.Add(t.pace)
	t.mu.Unlock()
	timer := time.NewTimer(at.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// turnBody ends the turn of a request when its answer is read or closed.
type turnBody struct {
	io.ReadCloser
	free func()
}

// Read implements [io.Reader].
func (b *turnBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.free()
	}
	return n, err
}

// Close implements [io.Closer].
func (b *turnBody) Close() error {
	defer b.free()
	return b.ReadCloser.Close()
}
