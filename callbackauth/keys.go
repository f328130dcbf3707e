package callbackauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/sync/singleflight"
)

const (
	freshFor = 2 * time.Hour   // keys are not fetched again
	usedFor  = 24 * time.Hour  // keys are used while newer ones are unavailable
	unknown  = time.Minute     // between fetches caused by unknown key ids
	retry    = 5 * time.Second // between attempts after a failed fetch
)

// keySet caches the keys of the service.
type keySet struct {
	document *url.URL
	client   *http.Client
	now      func() time.Time

	fetches singleflight.Group

	mu      sync.Mutex
	keys    map[string]*oidc.StaticKeySet // by key id
	fetched time.Time                     // when keys was
	asOf    time.Time                     // when the fetch of keys began: what was published later is not in it
	tried   time.Time                     // when the last fetch ended
	err     error                         // of the last fetch
}

// find returns the keys with an id. It fetches the keys if the id is unknown or they are
// old, unless they were fetched a moment ago. The fetch does not end with ctx: other
// requests may wait for it.
func (s *keySet) find(ctx context.Context, id string) (*oidc.StaticKeySet, error) {
	arrived := s.now()
	keys, age := s.cached(id)
	if keys != nil && age < freshFor {
		return keys, nil
	}
	fetch := s.fetches.DoChan("", func() (any, error) {
		if s.due() {
			s.fetch()
		}
		return nil, nil
	})
	if keys != nil && age < usedFor {
		return keys, nil
	}
	select {
	case <-ctx.Done():
		return nil, unavailableBecause(ctx.Err())
	case <-fetch:
		return s.known(id, arrived)
	}
}

// known returns the cached keys with an id, for a request that arrived at the given time.
// It can rule out an unknown key only if the keys have been fetched since then.
func (s *keySet) known(id string, arrived time.Time) (*oidc.StaticKeySet, error) {
	if keys, age := s.cached(id); keys != nil && age < usedFor {
		return keys, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, unavailableBecause(s.err)
	}
	if s.asOf.Before(arrived) {
		return nil, &Error{fmt.Sprintf("the service had no key %.100q when it was last asked, and may have it now", id), nil, unavailable}
	}
	return nil, refuse(fmt.Sprintf("the service has no key %.100q", id), nil)
}

// cached returns the keys with an id, or nil, and their age.
func (s *keySet) cached(id string) (*oidc.StaticKeySet, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys[id], s.now().Sub(s.fetched)
}

// due reports whether the keys may be fetched again.
func (s *keySet) due() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	wait := unknown
	if s.err != nil {
		wait = retry
	}
	return s.tried.IsZero() || s.now().Sub(s.tried) >= wait
}

// fetch fetches the keys. If that fails, the old ones stay.
func (s *keySet) fetch() {
	began := s.now()
	keys, err := s.fetchContained()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tried, s.err = s.now(), err
	if err == nil {
		s.keys, s.fetched, s.asOf = keys, s.tried, began
	}
}

// fetchContained fetches the keys and recovers from panics: the fetch runs in a goroutine
// of its own, where a panic in the program's transport would end the process.
func (s *keySet) fetchContained() (keys map[string]*oidc.StaticKeySet, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the HTTP client panicked")
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	return fetchKeys(ctx, s.client, s.document)
}
