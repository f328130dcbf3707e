package callback

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOrigin reads the headers that the service sends.
func TestOrigin(t *testing.T) {
	h := NewNotificationHandler(NotificationOptions{Verifier: AllowUnverified(), Logger: slog.New(slog.DiscardHandler)})
	var seen []CallbackOrigin
	h.OnEvent(func(_ context.Context, e *CallbackEvent) error { seen = append(seen, e.Origin); return nil })
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"value":[
		{"changeType":"updated","resourceUrl":"/communications/calls/1","resourceData":{"@odata.type":"#test.call"}},
		{"changeType":"updated","resourceUrl":"/communications/calls/2","resourceData":{"@odata.type":"#test.call"}}]}`))
	for name, value := range map[string]string{
		"Content-Type": "application/json", "X-Microsoft-Skype-Message-ID": "m", "X-Microsoft-Skype-Original-Message-ID": "o",
		"X-Microsoft-Skype-Chain-ID": "c", "Scenario-Id": strings.Repeat("s", 1000), "Client-Request-Id": "r",
	} {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	assert.Equal(t, http.StatusAccepted, w.Code)
	want := CallbackOrigin{MessageID: "m", OriginalMessageID: "o", ChainID: "c", ScenarioID: strings.Repeat("s", 256), RequestID: "r"}
	require.Len(t, seen, 2)
	assert.Equal(t, want, seen[0])
	assert.Equal(t, "o", want.Message())
	want.Index = 1
	assert.Equal(t, want, seen[1])
	assert.Equal(t, "m", CallbackOrigin{MessageID: "m"}.Message())
}

// TestAnswersToErrors: some errors of functions have answers of their own.
func TestAnswersToErrors(t *testing.T) {
	elsewhere := &CallbackRedirect{URL: "https://eu.bot/callback?secret=1"}
	for _, test := range []struct {
		errs   []error // of a function for each of two notifications
		status int
		logged int
	}{
		{[]error{elsewhere, nil}, http.StatusFound, 0},
		{[]error{nil, fmt.Errorf("sent on: %w", elsewhere)}, http.StatusFound, 0},
		{[]error{elsewhere, errors.New("no")}, http.StatusInternalServerError, 1},
		{[]error{elsewhere, fmt.Errorf("%w: full", ErrNotificationBusy)}, http.StatusServiceUnavailable, 1},
		{[]error{ErrNotificationShutdown, nil}, http.StatusServiceUnavailable, 1},
	} {
		logged := 0
		h := NewNotificationHandler(NotificationOptions{
			Verifier: AllowUnverified(), Logger: slog.New(slog.DiscardHandler),
			OnError: func(context.Context, *CallbackError) { logged++ },
		})
		i := 0
		onWhole(h, func(context.Context, *CallbackEvent) error { i++; return test.errs[i-1] })
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"value":[
			{"changeType":"created","resourceUrl":"/communications/calls/1","resourceData":{"@odata.type":"#test.call"}},
			{"changeType":"created","resourceUrl":"/communications/calls/2","resourceData":[]}]}`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, test.status, w.Code, "%v", test.errs)
		assert.Equal(t, test.logged, logged, "%v", test.errs)
		assert.Equal(t, 2, i, "the function takes every notification whole")
		if test.status == http.StatusFound {
			assert.Equal(t, elsewhere.URL, w.Header().Get("Location"))
		}
	}
	assert.Equal(t, "the notification belongs to https://eu.bot", elsewhere.Error())
}
