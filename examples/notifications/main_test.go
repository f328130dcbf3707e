package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/examples/notifications/graph"
	"github.com/callgen/callgen/examples/notifications/graphtest"
	"github.com/callgen/callgen/gentest"
)

func TestGenerated(t *testing.T) { gentest.UpToDate(t, "gen.yaml") }

// lines is a writer for several goroutines.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func TestRun(t *testing.T) {
	out := new(lines)
	require.NoError(t, run(t.Context(), out))
	told, _, _ := strings.Cut(out.all.String(), "mail of Anna")
	assert.Equal(t, `message 1 was created: Lunch?
message 1 was updated: Lunch at one?
message 2 was created: Under way
message 3 was created: With the new key
`, told)
}

// TestSubscriptions goes through the requests for subscriptions, as the generated client makes them.
func TestSubscriptions(t *testing.T) {
	service, err := graphtest.NewChanges(graphtest.ForApplication("app", "tenant"))
	require.NoError(t, err)
	defer service.Close()
	var asked []string
	service.Connect(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		graph.NewChangeHandler(graph.ChangeOptions{}).ServeHTTP(w, r)
	}))
	client := service.Client()
	wanted := func() *graph.Subscription {
		return &graph.Subscription{
			Resource: new("/users"), ChangeType: new("updated"), NotificationURL: new("https://bot.contoso.com/changes"),
			LifecycleNotificationURL: new("https://bot.contoso.com/life"), ClientState: new("secret"), ExpirationDateTime: new(time.Now().Add(time.Hour)),
		}
	}
	made, err := client.Subscriptions().Create(t.Context(), wanted())
	require.NoError(t, err)
	assert.Equal(t, []string{"/changes", "/life"}, asked)
	assert.Nil(t, made.ClientState, "it is not told")
	one := client.Subscriptions().ByID(made.ID)
	got, err := one.Get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "app", *got.ApplicationID)
	require.NoError(t, one.Reauthorize(t.Context()))
	later := time.Now().Add(2 * time.Hour).UTC().Truncate(time.Second)
	_, err = one.Update(t.Context(), &graph.Subscription{ExpirationDateTime: &later})
	require.NoError(t, err)
	require.Len(t, service.Subscriptions(), 1)
	assert.Equal(t, later, service.Subscriptions()[0].Expires.UTC())
	require.NoError(t, one.Delete(t.Context()))
	_, err = one.Get(t.Context())
	assert.ErrorContains(t, err, "no such subscription")
	assert.ErrorIs(t, service.Notify(t.Context(), graphtest.Change{SubscriptionID: made.ID}), graphtest.ErrNoSubscription)

	for why, change := range map[string]func(*graph.Subscription){
		"resource is missing":                func(s *graph.Subscription) { s.Resource = nil },
		"missing or past":                    func(s *graph.Subscription) { s.ExpirationDateTime = new(time.Now().Add(-time.Hour)) },
		"more than 128":                      func(s *graph.Subscription) { s.ClientState = new(strings.Repeat("s", 129)) },
		"encryptionCertificateId is missing": func(s *graph.Subscription) { s.IncludeResourceData = new(true) },
		"is not base64": func(s *graph.Subscription) {
			s.IncludeResourceData, s.EncryptionCertificateID, s.EncryptionCertificate = new(true), new("a"), new("%")
		},
	} {
		s := wanted()
		change(s)
		_, err := client.Subscriptions().Create(t.Context(), s)
		assert.ErrorContains(t, err, why)
	}
	service.Connect(http.NotFoundHandler())
	_, err = client.Subscriptions().Create(t.Context(), wanted())
	assert.ErrorContains(t, err, "does not answer 200 with the validation token")
	service.Connect(nil)
	_, err = client.Subscriptions().Create(t.Context(), wanted())
	assert.ErrorContains(t, err, "bot.contoso.com is not on this machine")
}

// TestKeeperWithTheSource: the keeper of a program and the source agree, also when the subscription is
// taken away.
func TestKeeperWithTheSource(t *testing.T) {
	service, err := graphtest.NewChanges()
	require.NoError(t, err)
	defer service.Close()
	resync := make(chan graph.ResyncReason, 10)
	keeper := graph.NewSubscriptionKeeper(service.Client(), graph.KeeperOptions{
		OnResync: func(_ context.Context, _ string, _ *graph.Subscription, why graph.ResyncReason) { resync <- why },
	})
	handler := graph.NewChangeHandler(graph.ChangeOptions{ClientStates: keeper.ClientStates, HandleFirst: true})
	handler.OnLifecycle(keeper.HandleLifecycle)
	ids := make(chan string, 10)
	handler.OnEvent(func(_ context.Context, e *graph.ChangeEvent) error {
		ids <- e.ID
		if e.ID == "fails" {
			return errors.New("no disk")
		}
		return nil
	})
	server := httptest.NewServer(handler)
	defer server.Close()
	require.NoError(t, keeper.Keep(t.Context(), "users", &graph.Subscription{
		Resource: new("/users"), ChangeType: new("updated"), NotificationURL: &server.URL,
	}, time.Hour))
	id := service.Subscriptions()[0].ID
	user := func(id string) graphtest.Change {
		return graphtest.Change{SubscriptionID: service.Subscriptions()[0].ID, ChangeType: "updated", Value: map[string]any{"id": id}}
	}
	require.NoError(t, service.Notify(t.Context(), user("1")))
	assert.Equal(t, "1", <-ids)
	assert.ErrorIs(t, service.Notify(t.Context(), user("fails")), graphtest.ErrChangesRefused)
	assert.Equal(t, "fails", <-ids)

	removed, err := service.Compose(graphtest.Change{SubscriptionID: id, Lifecycle: graph.ChangeSubscriptionRemoved})
	require.NoError(t, err)
	service.Remove(id)
	require.NoError(t, service.Post(t.Context(), server.URL, removed))
	assert.Equal(t, graph.ResyncRemoved, <-resync)
	require.Len(t, service.Subscriptions(), 1)
	assert.NotEqual(t, id, service.Subscriptions()[0].ID)
	require.NoError(t, service.Notify(t.Context(), user("2")))
	assert.Equal(t, "2", <-ids)
	require.NoError(t, keeper.Drop(t.Context(), "users"))
	assert.Empty(t, service.Subscriptions())
	require.NoError(t, keeper.Close(t.Context()))
}

// TestTokensOfTheSource: the source knows its own tokens.
func TestTokensOfTheSource(t *testing.T) {
	service, err := graphtest.NewChanges(graphtest.ForApplication("app", "tenant"))
	require.NoError(t, err)
	defer service.Close()
	other, err := graphtest.NewChanges(graphtest.ForApplication("app", "tenant"))
	require.NoError(t, err)
	defer other.Close()
	token, err := service.ValidationToken()
	require.NoError(t, err)
	tenant, err := service.VerifyValidationToken(t.Context(), token)
	require.NoError(t, err)
	assert.Equal(t, "tenant", tenant)
	foreign, err := other.ValidationToken()
	require.NoError(t, err)
	for _, text := range []string{"", "a.b.c", token + "a", token[:len(token)-2], foreign} {
		_, err := service.VerifyValidationToken(t.Context(), text)
		assert.Error(t, err, text)
	}
	response, err := http.Get(service.MetadataURL())
	require.NoError(t, err)
	defer response.Body.Close()
	var document map[string]any
	require.NoError(t, json.NewDecoder(response.Body).Decode(&document))
	assert.Contains(t, document, "jwks_uri")
}
