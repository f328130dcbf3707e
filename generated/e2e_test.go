//go:build e2e

package generated_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/internal/shared"
)

// These tests drive the generated client against software not ours: a mock server that
// validates requests by the OpenAPI description. "make e2e" installs and runs it.

const description = "../spec/communications.openapi.yaml"

// mock starts the mock server and returns its URL.
func mock(t *testing.T) string {
	t.Helper()
	program, err := filepath.Abs(filepath.Join("e2e", "node_modules", ".bin", "prism"))
	require.NoError(t, err)
	address := freeAddress(t)
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	serve(t, program, "mock", "-h", "127.0.0.1", "-p", port, "--errors", description)
	return "http://" + address
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}

// serve starts a server, which says so when it listens, and ends it with the test.
func serve(t *testing.T, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start(), "run this with make e2e")
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	ready := make(chan bool, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.Contains(lines.Text(), "listening on") {
				ready <- true
			}
		}
		close(ready)
	}()
	select {
	case ok := <-ready:
		require.True(t, ok, "the server has ended")
	case <-time.After(2 * time.Minute):
		t.Fatal("the server does not begin to listen")
	}
}

// qualified puts the namespace before the names of operations, as the description has
// them; the service takes both.
type qualified map[string]bool

func newQualified(t *testing.T) qualified {
	data, err := os.ReadFile(description)
	require.NoError(t, err)
	q := make(qualified)
	for _, m := range regexp.MustCompile(`(?m)^  /.*/microsoft\.graph\.(\w+)`).FindAllSubmatch(data, -1) {
		q[string(m[1])] = true
	}
	require.NotEmpty(t, q)
	return q
}

func (q qualified) RoundTrip(r *http.Request) (*http.Response, error) {
	const namespace = "microsoft.graph."
	_, last := path.Split(r.URL.Path)
	if name, _, _ := strings.Cut(last, "("); q[name] {
		escaped := r.URL.EscapedPath()
		r = r.Clone(r.Context())
		r.URL.Path = strings.TrimSuffix(r.URL.Path, last) + namespace + last
		r.URL.RawPath = strings.TrimSuffix(escaped, last) + namespace + last
	}
	return http.DefaultTransport.RoundTrip(r)
}

func mockClient(t *testing.T) *communications.Client {
	tokens := communications.TokenSourceFunc(func(context.Context, string) (string, error) { return "token", nil })
	return communications.NewClient(tokens, communications.WithBaseURL(mock(t)),
		communications.WithHTTPClient(&http.Client{Transport: newQualified(t)}))
}

// TestCreateCallAgainstTheMock has the requests of the page validated by their schema.
func TestCreateCallAgainstTheMock(t *testing.T) {
	client := mockClient(t)
	for _, d := range seedDocuments(t, "request") {
		call := new(communications.Call)
		require.NoError(t, communications.Unmarshal(d.text, call))
		var response communications.Response
		created, err := client.Communications().Calls().Create(t.Context(), call, communications.ResponseInto(&response))
		require.NoError(t, err, d.name)
		assert.Less(t, response.Status, 300)
		assert.NotEmpty(t, created.ID)
	}

	wrong := new(communications.Call)
	require.NoError(t, communications.Unmarshal([]byte(`{"callbackUri":5}`), wrong))
	_, err := client.Communications().Calls().Create(t.Context(), wrong)
	refused, ok := errors.AsType[*communications.Error](err)
	require.True(t, ok, "the mock server does validate: %v", err)
	assert.Equal(t, http.StatusUnprocessableEntity, refused.Status)
}

// TestEveryOperationAgainstTheMock makes every request that the service is known to
// have. The mock server must know its path and method; bodies without the parameters
// that an action needs are its to refuse.
func TestEveryOperationAgainstTheMock(t *testing.T) {
	data, err := os.ReadFile(shared.Path(t, "reference", "communications-beta.json"))
	require.NoError(t, err)
	var facts struct{ Operations []operation }
	require.NoError(t, json.Unmarshal(data, &facts))
	client := mockClient(t)
	accepted := 0
	for _, o := range facts.Operations {
		method := o.builder(t, client)
		out := method.Call(arguments(t, method.Type()))
		err, _ := out[len(out)-1].Interface().(error)
		if err == nil {
			accepted++
			continue
		}
		refused, ok := errors.AsType[*communications.Error](err)
		require.True(t, ok, "%s %s: %v", o.Method, o.Path, err)
		if o.Operation == "delete-stream" { // which the OpenAPI description does not have
			assert.Equal(t, http.StatusMethodNotAllowed, refused.Status)
			continue
		}
		assert.NotContains(t, []int{http.StatusNotFound, http.StatusMethodNotAllowed}, refused.Status, "%s %s: %v", o.Method, o.Path, err)
		assert.Less(t, refused.Status, 500)
	}
	t.Logf("%d of %d accepted, the others refused for what their bodies lack", accepted, len(facts.Operations))
	assert.Greater(t, accepted, 120)
}
