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
	"path/filepath"
	"reflect"
	"slices"
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

// mockClient calls operations by the names that the description has; the service takes shorter
// ones, too.
func mockClient(t *testing.T) *communications.Client {
	tokens := communications.TokenSourceFunc(func(context.Context, string) (string, error) { return "token", nil })
	return communications.NewClient(tokens, communications.WithBaseURL(mock(t)), communications.WithQualifiedOperations(true))
}

func TestAgainstTheMock(t *testing.T) {
	client := mockClient(t)
	t.Run("create call", func(t *testing.T) { createCall(t, client) })
	t.Run("every operation", func(t *testing.T) { everyOperation(t, client) })
	t.Run("every method", func(t *testing.T) { everyMethod(t, client) })
}

// createCall has the requests of the page validated by their schema.
func createCall(t *testing.T, client *communications.Client) {
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

// everyOperation makes every request that the service is known to
// have. The mock server must know its path and method; bodies without the parameters
// that an action needs are its to refuse.
func everyOperation(t *testing.T, client *communications.Client) {
	data, err := os.ReadFile(shared.Path(t, "reference", "communications-beta.json"))
	require.NoError(t, err)
	var facts struct{ Operations []operation }
	require.NoError(t, json.Unmarshal(data, &facts))
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
		assert.NotContains(t, []int{http.StatusNotFound, http.StatusMethodNotAllowed}, refused.Status, "%s %s: %v", o.Method, o.Path, err)
		assert.Less(t, refused.Status, 500)
	}
	t.Logf("%d of %d accepted, the others refused for what their bodies lack", accepted, len(facts.Operations))
	assert.Greater(t, accepted, 120)
}

// everyMethod makes the request of each method that the client has, on the
// first path that leads to it.
func everyMethod(t *testing.T, client *communications.Client) {
	known, unknown := 0, []string(nil)
	for name, method := range methodsFrom(t, reflect.ValueOf(client)) {
		out := method.Call(arguments(t, method.Type()))
		err, _ := out[len(out)-1].Interface().(error)
		if sequence := out[len(out)-1]; sequence.Kind() == reflect.Func { // All, which is asked for the first item
			for _, item := range sequence.Seq2() {
				err, _ = item.Interface().(error)
				break
			}
		}
		refused, ok := errors.AsType[*communications.Error](err)
		switch {
		case ok && (refused.Status == http.StatusNotFound || refused.Status == http.StatusMethodNotAllowed):
			unknown = append(unknown, name+": "+refused.Method+" "+refused.Path)
		case err == nil || ok:
			known++
		default:
			t.Error(name, err)
		}
	}
	slices.Sort(unknown)
	t.Logf("%d of %d methods known", known, known+len(unknown))
	assert.Empty(t, unknown)
}

// methodsFrom walks from builder to builder, and returns the methods that make requests.
func methodsFrom(t *testing.T, client reflect.Value) map[string]reflect.Value {
	methods, seen := make(map[string]reflect.Value), make(map[reflect.Type]bool)
	for builders := []reflect.Value{client}; len(builders) > 0; builders = builders[1:] {
		b := builders[0]
		if seen[b.Type()] {
			continue
		}
		seen[b.Type()] = true
		for i := range b.NumMethod() {
			m, name := b.Method(i), b.Type().Method(i).Name
			switch {
			case m.Type().NumIn() > 0 && m.Type().In(0) == reflect.TypeFor[context.Context]():
				methods[b.Type().Elem().Name()+"."+name] = m
			case m.Type().NumOut() == 1 && strings.HasSuffix(m.Type().Out(0).String(), "RequestBuilder"):
				builders = append(builders, m.Call(keysOf(m.Type()))[0])
			}
		}
	}
	return methods
}

// keysOf are values for the keys that lead to a builder.
func keysOf(method reflect.Type) []reflect.Value {
	var keys []reflect.Value
	for i := range method.NumIn() {
		key := reflect.New(method.In(i)).Elem()
		if key.Kind() == reflect.String {
			key.SetString("1")
		}
		keys = append(keys, key)
	}
	return keys
}
