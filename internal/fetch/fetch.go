// Package fetch fetches descriptions from URLs: over https, within limits of time and size,
// and only with a known hash, unless a new one is wanted.
package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/internal/cache"
	"github.com/callgen/callgen/internal/visible"
)

// Limits of a fetch.
const (
	maxTime      = 5 * time.Minute
	maxRedirects = 5
)

// kind is the kind of descriptions in the cache.
const kind = "descriptions"

// Allowed reports whether a description may be fetched from a URL: over https, or from this
// machine.
func Allowed(address string) bool {
	u, err := url.Parse(address)
	return err == nil && allowed(u)
}

func allowed(u *url.URL) bool {
	if u.User != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	here := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && here
}

// Hash returns the hash of a description, in hexadecimal.
func Hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// ChangedError reports a description with another hash than the wanted one.
type ChangedError struct{ URL, Want, Got string }

// Error returns the text of the error and how to go on.
func (e *ChangedError) Error() string {
	return fmt.Sprintf("the description has changed: its SHA-256 is %s, not %s: run gen update to take the new one", e.Got, e.Want)
}

// Pinned returns the description with a hash, from the cache or its URL.
func Pinned(ctx context.Context, address, hash string) ([]byte, error) {
	if data, ok := Cached(hash); ok {
		return data, nil
	}
	data, err := Newest(ctx, address)
	if err != nil {
		return nil, err
	}
	if got := Hash(data); got != hash {
		return nil, &ChangedError{address, hash, got}
	}
	return data, nil
}

// Cached returns the description with a hash if the cache has it.
func Cached(hash string) ([]byte, bool) {
	data, ok := cache.Get(kind, hash)
	return data, ok && Hash(data) == hash
}

// Newest fetches a description and keeps it in the cache, if there is one.
func Newest(ctx context.Context, address string) ([]byte, error) {
	if !Allowed(address) {
		return nil, fmt.Errorf("%s: descriptions are fetched by https only", visible.URL(address))
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	data, err := get(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be fetched: %w", visible.URL(address), err)
	}
	cache.Put(kind, Hash(data), data)
	return data, nil
}

func get(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/xml, application/json, application/yaml, */*")
	client := &http.Client{CheckRedirect: redirect}
	resp, err := client.Do(req)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // the caller adds the address
		}
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answers %s", visible.Cut(visible.Escape(resp.Status), 100))
	}
	return bounded.ReadAll(resp.Body)
}

// redirect allows redirects to https, and to this machine if the first request was not https.
func redirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("more than %d redirects", maxRedirects)
	}
	if !allowed(req.URL) || via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return fmt.Errorf("a redirect to %s://%s, which is not https", req.URL.Scheme, req.URL.Host)
	}
	return nil
}
