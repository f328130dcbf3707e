package tasks

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callgen/callgen/examples/graph/graph"
)

// reply is what the service answers to a request. A list of replies is used up to its last one.
type reply struct {
	status int // 200 unless it says otherwise
	header map[string]string
	body   string
}

// service answers requests from a script. Its keys are methods and URIs below /v1.0, or whole URLs
// of other hosts.
type service struct {
	t       *testing.T
	script  map[string][]reply
	sent    []string // method, URI, and body if there is one
	headers []http.Header
}

// RoundTrip implements [http.RoundTripper].
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	own := r.URL.Host == "graph.microsoft.com"
	if got := r.Header.Get("Authorization") != ""; got != own {
		s.t.Errorf("%s: with a token: %v", r.URL, got)
	}
	key := r.Method + " " + strings.TrimPrefix(r.URL.String(), "https://graph.microsoft.com/v1.0")
	s.sent = append(s.sent, strings.TrimSpace(key+" "+string(body)))
	s.headers = append(s.headers, r.Header)
	answer := reply{status: 404, body: `{"error":{"code":"Request_ResourceNotFound","message":"no ` + key + `"}}`}
	if list := s.script[key]; len(list) > 0 {
		answer = list[0]
		s.script[key] = list[min(1, len(list)-1):]
	}
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	for name, value := range answer.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(max(answer.status, 200))
	_, _ = io.WriteString(w, answer.body)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

// client returns a client of the service.
func (s *service) client() *graph.Client {
	tokens := graph.TokenSourceFunc(func(context.Context, string) (string, error) { return "token", nil })
	return graph.NewClient(tokens, graph.WithHTTPClient(&http.Client{Transport: s}), graph.WithRetry(graph.RetryPolicy{Attempts: 3, Base: 1, MaxWait: time.Minute}))
}

// against runs a task in virtual time with a script, and compares the requests that it sends.
func against(t *testing.T, script map[string][]reply, want []string, task func(ctx context.Context, client *graph.Client, s *service)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &service{t: t, script: script}
		task(t.Context(), s.client(), s)
		if want != nil && !slices.Equal(s.sent, want) {
			t.Errorf("sent\n%s\nnot\n%s", strings.Join(s.sent, "\n"), strings.Join(want, "\n"))
		}
	})
}

func ok(bodies ...string) []reply {
	var list []reply
	for _, body := range bodies {
		list = append(list, reply{body: body})
	}
	return list
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// prints runs a task and compares what it prints.
func prints(t *testing.T, want string, task func() error) {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	check(t, err)
	before := os.Stdout
	os.Stdout = file
	err = task()
	os.Stdout = before
	check(t, err)
	check(t, file.Close())
	if got, _ := os.ReadFile(file.Name()); string(got) != want {
		t.Errorf("printed %q, not %q", got, want)
	}
}
