package changesim

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
)

// Post posts a body to an address, which has to be on this machine unless [AllowChangesTo] names its
// host, or to the handler of [ChangeSource.Connect].
func (s *ChangeSource) Post(ctx context.Context, address string, body []byte) error {
	response, err := s.exchange(ctx, address, "application/json; charset=utf-8", body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusAccepted {
		return fmt.Errorf("%w: %s", ErrChangesRefused, response.Status)
	}
	return nil
}

// validate checks that whoever serves an address wants notifications.
func (s *ChangeSource) validate(ctx context.Context, address, id string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	token := "Validation: Testing client application reachability for subscription Request-Id: " + id
	query := u.Query()
	query.Set("validationToken", token)
	u.RawQuery = query.Encode()
	response, err := s.exchange(ctx, u.String(), "text/plain; charset=utf-8", nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	if err != nil {
		return err
	}
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if response.StatusCode != http.StatusOK || kind != "text/plain" || string(got) != token {
		return fmt.Errorf("%s does not answer 200 with the validation token as text/plain, but %s with %.100q", address, response.Status, got)
	}
	return nil
}

// exchange makes a request.
func (s *ChangeSource) exchange(ctx context.Context, address, contentType string, body []byte) (*http.Response, error) {
	s.mu.Lock()
	handler := s.handler
	s.mu.Unlock()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", contentType)
	if handler != nil {
		w := httptest.NewRecorder()
		r.RequestURI, r.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:1"
		handler.ServeHTTP(w, r)
		return w.Result(), nil
	}
	if err := s.mayPost(r.URL); err != nil {
		return nil, err
	}
	return s.client.Do(r)
}

// mayPost reports an error for addresses that the source must not reach.
func (s *ChangeSource) mayPost(u *url.URL) error {
	host := u.Hostname()
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	if slices.ContainsFunc(s.hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
		return nil
	}
	return fmt.Errorf("%s is not on this machine: name the host in AllowChangesTo, or use Connect", host)
}
