package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/callbackauth"
	changes "github.com/callgen/callgen/examples/notifications/graph"
	"github.com/callgen/callgen/examples/notifications/graphtest"
)

var changesFlag = flag.Int("changes", 150, "how many encrypted notifications TestRichNotifications posts, and how many altered ones")

// told are the messages that a program was told of.
type told struct {
	mu    sync.Mutex
	times map[string]int
	wrong []string
}

func (l *told) message(_ context.Context, e *changes.ChangeEvent, m *changes.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.times[m.ID]++
	if !e.Encrypted || *m.Subject != subjectOf(m.ID) {
		l.wrong = append(l.wrong, m.ID)
	}
	return nil
}

// subjectOf is the subject of a message, from which an altered one would differ.
func subjectOf(id string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(id))) }

func messageOf(id string) *changes.Message {
	m := &changes.Message{Subject: new(subjectOf(id))}
	m.ID = id
	return m
}

// TestRichNotifications posts encrypted notifications to a program that verifies their tokens with
// callbackauth, and exchanges its certificate in the middle; and as many that are altered in what the
// protocol protects. None of the genuine ones is lost, and none of the others delivered.
func TestRichNotifications(t *testing.T) {
	service, err := graphtest.NewChanges(graphtest.ForApplication("2891555a-92ff-42e6-80fa-6e1300c6b5c6", "aa67bd4c-8475-432d-bd41-39f255720e0a"))
	require.NoError(t, err)
	defer service.Close()
	verifier, err := callbackauth.NewForNotifications(service.Application(), callbackauth.WithMetadataURL(service.MetadataURL()))
	require.NoError(t, err)
	keys, list := new(changes.ChangeKeyring), &told{times: make(map[string]int)}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	keeper := changes.NewSubscriptionKeeper(service.Client(), changes.KeeperOptions{Logger: quiet})
	handler := changes.NewChangeHandler(changes.ChangeOptions{ClientStates: keeper.ClientStates, Keys: keys, Verifier: verifier, Logger: quiet})
	changes.OnChange(handler, list.message)
	server := httptest.NewServer(handler)
	defer server.Close()
	keep := func(certificateID string) {
		key, certificate, err := graphtest.NewChangeCertificate()
		require.NoError(t, err)
		require.NoError(t, keys.Add(certificateID, key))
		require.NoError(t, keeper.Keep(t.Context(), "mail", &changes.Subscription{
			Resource: new("/users/anna/messages"), ChangeType: new("created"), NotificationURL: &server.URL,
			IncludeResourceData: new(true), EncryptionCertificate: &certificate, EncryptionCertificateID: &certificateID,
		}, 24*time.Hour))
	}
	keep("first")
	id := service.Subscriptions()[0].ID
	random := rand.New(rand.NewPCG(1, 2))
	var late [][]byte // with the first certificate, posted after the exchange
	for i := range *changesFlag {
		if i == *changesFlag/2 {
			keep("second")
			for _, body := range late {
				postChange(t, server.URL, body)
			}
		}
		genuine, err := service.Compose(graphtest.Change{SubscriptionID: id, ChangeType: "created", Value: messageOf(fmt.Sprint("genuine ", i))})
		require.NoError(t, err)
		if i < *changesFlag/2 && i%10 == 9 {
			late = append(late, genuine)
		} else {
			postChange(t, server.URL, genuine)
		}
		altered, err := service.Compose(graphtest.Change{SubscriptionID: id, ChangeType: "created", Value: messageOf(fmt.Sprint("altered ", i))})
		require.NoError(t, err)
		// A token whose key is unknown is answered 503 for a minute, in which the key may be new.
		if status := postOnce(t, server.URL, alter(t, random, altered, i)); status != http.StatusAccepted {
			require.Equal(t, http.StatusServiceUnavailable, status)
			require.Equal(t, alteredToken, i%alteredPlaces)
		}
	}
	require.NoError(t, handler.Shutdown(t.Context()))
	require.NoError(t, keeper.Close(t.Context()))
	assert.Empty(t, list.wrong)
	assert.Len(t, list.times, *changesFlag)
	for id, times := range list.times {
		assert.True(t, strings.HasPrefix(id, "genuine ") && times == 1, "%s, %d times", id, times)
	}
}

// postChange posts a body until it is taken, as the service does.
func postChange(t *testing.T, url string, body []byte) {
	for {
		status := postOnce(t, url, body)
		if status != http.StatusServiceUnavailable {
			require.Equal(t, http.StatusAccepted, status)
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// postOnce posts a body and returns the status of the answer.
func postOnce(t *testing.T, url string, body []byte) int {
	response, err := http.Post(url, "application/json", bytes.NewReader(body))
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	return response.StatusCode
}

// Places that are altered, by turns.
const (
	alteredData = iota
	alteredSignature
	alteredKey
	alteredToken
	alteredState
	alteredPlaces
)

// alter alters a body in one of the places that the protocol protects, by turns.
func alter(t *testing.T, random *rand.Rand, body []byte, turn int) []byte {
	var v map[string]any
	require.NoError(t, json.Unmarshal(body, &v))
	n := v["value"].([]any)[0].(map[string]any)
	content := n["encryptedContent"].(map[string]any)
	tokens := v["validationTokens"].([]any)
	switch turn % alteredPlaces {
	case alteredData:
		content["data"] = altered(random, content["data"].(string))
	case alteredSignature:
		content["dataSignature"] = altered(random, content["dataSignature"].(string))
	case alteredKey:
		content["dataKey"] = altered(random, content["dataKey"].(string))
	case alteredToken:
		tokens[0] = altered(random, tokens[0].(string))
	case alteredState:
		n["clientState"] = altered(random, n["clientState"].(string))
	}
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return data
}

// altered changes a text in one to three places.
func altered(random *rand.Rand, text string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \n"
	for {
		b := []byte(text)
		for range 1 + random.IntN(3) {
			at := random.IntN(len(b))
			switch c := alphabet[random.IntN(len(alphabet))]; random.IntN(4) {
			case 0, 1:
				b[at] = c
			case 2:
				b = append(b[:at], b[at+1:]...)
			default:
				b = append(b[:at], append([]byte{c}, b[at:]...)...)
			}
		}
		if string(b) != text {
			return string(b)
		}
	}
}
