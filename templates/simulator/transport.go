package simulator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
)

// Transport reaches the service without a socket. Requests to other addresses fail.
func (s *Simulator) Transport() http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if !strings.HasPrefix(r.URL.String(), s.URL[:strings.LastIndexByte(s.URL, '/')]+"/") {
			return nil, fmt.Errorf("%s is not the simulator's %s", r.URL, s.URL)
		}
		if !sleep(r.Context(), s.clock, s.latency) {
			return nil, r.Context().Err()
		}
		return exchange(s, r)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// exchange has a handler answer a request as a server would, in a goroutine of its own.
func exchange(h http.Handler, r *http.Request) (*http.Response, error) {
	body := []byte{}
	if r.Body != nil {
		var err error
		body, err = io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithCancel(r.Context())
	served := r.Clone(ctx)
	served.Body, served.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	served.RequestURI, served.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:1"
	if served.Host == "" {
		served.Host = r.URL.Host
	}
	answered := make(chan *http.Response, 1)
	go func() {
		defer cancel()
		answered <- serveOne(h, served)
	}()
	select {
	case response := <-answered:
		if response == nil {
			return nil, io.ErrUnexpectedEOF
		}
		response.Request = r
		return response, nil
	case <-r.Context().Done():
		cancel()
		return nil, r.Context().Err()
	}
}

// serveOne returns the answer of a handler, nil if it breaks the connection off before. One
// that is broken off within has a body that ends too early.
func serveOne(h http.Handler, r *http.Request) (response *http.Response) {
	w := httptest.NewRecorder()
	defer func() {
		if recover() != nil { // as a server does, the connection ends
			response = nil
			if w.Flushed {
				response = w.Result()
				response.Body = io.NopCloser(io.MultiReader(response.Body, brokenOff{}))
			}
		}
	}()
	h.ServeHTTP(w, r)
	return w.Result()
}

type brokenOff struct{}

func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
