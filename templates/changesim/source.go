// Package changesim simulates what posts change notifications, and the resource /subscriptions. It
// is emitted as it stands, for tests of programs that use a generated package.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package changesim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"
)

// ChangeSource simulates the service as far as it has subscriptions and posts change notifications
// for them. It listens on this machine. Its methods are safe for concurrent use.
//
// As the real service does, it checks the address of a subscription before it creates it, encrypts
// resources for the certificate of the subscription, and puts signed validation tokens beside them.
type ChangeSource struct {
	// URL is the address of the service with its version, without a slash at the end.
	URL string

	server *httptest.Server
	issuer *changeIssuer
	app    string
	tenant string
	hosts  []string
	client http.Client

	mu       sync.Mutex
	all      map[string]*ChangeSubscription
	handler  http.Handler
	requests []string
	made     int
}

// ChangeSourceOption changes how a [ChangeSource] works.
type ChangeSourceOption func(*ChangeSource)

// ForApplication says whose subscriptions the source has: the id of the program's application and
// of its tenant, which validation tokens name.
func ForApplication(id, tenantID string) ChangeSourceOption {
	return func(s *ChangeSource) { s.app, s.tenant = id, tenantID }
}

// AllowChangesTo lets the source post to hosts other than this machine, such as "bot.contoso.com".
func AllowChangesTo(hosts ...string) ChangeSourceOption {
	return func(s *ChangeSource) { s.hosts = append(s.hosts, hosts...) }
}

// ChangeSubscription is a subscription of a [ChangeSource].
type ChangeSubscription struct {
	ID                       string     `json:"id"`
	Resource                 string     `json:"resource"`
	ChangeType               string     `json:"changeType"`
	ClientState              string     `json:"clientState,omitempty"`
	NotificationURL          string     `json:"notificationUrl"`
	LifecycleNotificationURL string     `json:"lifecycleNotificationUrl,omitempty"`
	IncludeResourceData      bool       `json:"includeResourceData,omitempty"`
	EncryptionCertificate    string     `json:"encryptionCertificate,omitempty"`
	EncryptionCertificateID  string     `json:"encryptionCertificateId,omitempty"`
	ApplicationID            string     `json:"applicationId"`
	Expires                  *time.Time `json:"expirationDateTime"`
}

// NewChangeSource starts a source under a version of the service such as "v1.0". It must be closed.
func NewChangeSource(version string, opts ...ChangeSourceOption) (*ChangeSource, error) {
	issuer, err := newChangeIssuer()
	if err != nil {
		return nil, err
	}
	s := &ChangeSource{
		issuer: issuer, app: "2891555a-92ff-42e6-80fa-6e1300c6b5c6", tenant: "aa67bd4c-8475-432d-bd41-39f255720e0a",
		all: make(map[string]*ChangeSubscription),
	}
	for _, opt := range opts {
		opt(s)
	}
	s.client = http.Client{
		Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	mux := http.NewServeMux()
	s.server = httptest.NewServer(mux)
	s.URL = s.server.URL + "/" + version
	s.serve(mux, "/"+version)
	issuer.serve(mux, s.server.URL)
	return s, nil
}

// Close ends the source.
func (s *ChangeSource) Close() {
	s.client.CloseIdleConnections()
	s.server.Close()
}

// HTTPClient returns a client that reaches the source.
func (s *ChangeSource) HTTPClient() *http.Client { return s.server.Client() }

// MetadataURL returns the address of the OpenID document that names the key of the validation tokens,
// for callbackauth.WithMetadataURL.
func (s *ChangeSource) MetadataURL() string { return s.server.URL + changeMetadataPath }

// Application returns the id of the program's application.
func (s *ChangeSource) Application() string { return s.app }

// Connect delivers notifications to a handler in memory, whatever the address of a subscription.
func (s *ChangeSource) Connect(h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handler = h
}

// Requests returns the requests that came, in order, such as "POST /subscriptions".
func (s *ChangeSource) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Subscriptions returns the subscriptions that have not expired, by their ids.
func (s *ChangeSource) Subscriptions() []ChangeSubscription {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []ChangeSubscription
	for _, sub := range s.all {
		if sub.Expires.After(time.Now()) {
			list = append(list, *sub)
		}
	}
	slices.SortFunc(list, func(a, b ChangeSubscription) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// Remove ends a subscription without a word, as the real service does sometimes.
func (s *ChangeSource) Remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, id)
}

// subscription returns a subscription that has not expired.
func (s *ChangeSource) subscription(id string) (ChangeSubscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub := s.all[id]
	if sub == nil || !sub.Expires.After(time.Now()) {
		return ChangeSubscription{}, fmt.Errorf("there is no subscription %q, or it has expired: %w", id, ErrNoSubscription)
	}
	return *sub, nil
}

// Errors of a [ChangeSource].
var (
	// ErrNoSubscription means that a subscription is not there, or has expired.
	ErrNoSubscription = errors.New("no such subscription")
	// ErrChangesRefused means that notifications were answered with another status than 202.
	ErrChangesRefused = errors.New("the notifications were not accepted")
)

// Change is what a notification is about.
type Change struct {
	SubscriptionID string
	ChangeType     string // "created", "updated" or "deleted"
	Resource       string // the path of the resource; by default that of the subscription with the id behind it
	// Value is the resource, a value of the generated package or anything else that encodes to a JSON
	// object. If the subscription includes resource data, all of it is encrypted; otherwise its id and
	// type are sent.
	Value any
	// Lifecycle is an event in the life of the subscription, such as "missed", instead of a change.
	Lifecycle string
}

// Notify posts notifications, those of subscriptions with the same address in one request, and
// returns when they are answered. After an [ErrChangesRefused] the caller may post them again, as
// the real service does.
func (s *ChangeSource) Notify(ctx context.Context, changes ...Change) error {
	byURL := make(map[string][]Change)
	var order []string
	for _, c := range changes {
		sub, err := s.subscription(c.SubscriptionID)
		if err != nil {
			return err
		}
		url := sub.NotificationURL
		if c.Lifecycle != "" {
			url = cmp.Or(sub.LifecycleNotificationURL, url)
		}
		if byURL[url] == nil {
			order = append(order, url)
		}
		byURL[url] = append(byURL[url], c)
	}
	for _, url := range order {
		body, err := s.Compose(byURL[url]...)
		if err != nil {
			return err
		}
		if err := s.Post(ctx, url, body); err != nil {
			return err
		}
	}
	return nil
}
