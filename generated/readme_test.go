package generated_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReadme compiles the Go of the README in a module that depends on this one, and
// runs its program.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it builds a module of its own")
	}
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	require.Len(t, blocks, 5)
	module := t.TempDir()
	files := map[string]string{
		"go.mod":  "module bot\n\ngo 1.26\n\nrequire github.com/callgen/callgen v0.0.0\n\nreplace github.com/callgen/callgen => " + root + "\n",
		"main.go": blocks[0][1],
		"pieces.go": `package main

import (
	"context"
	"fmt"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

func request(ctx context.Context, client *communications.Client, id string) error {
` + blocks[1][1] + `
	return nil
}

func receive(verifier communications.Verifier) *communications.NotificationHandler {
` + blocks[2][1] + `
	return handler
}

func try(ctx context.Context, callback string) error {
` + blocks[3][1] + `
	return err
}

func clear() *communications.Call {
` + blocks[4][1] + `
	return patch
}

var _, _, _, _ = request, receive, try, clear
`,
	}
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(module, name), []byte(text), 0o644))
	}
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "POST /beta/communications/calls Bearer token", r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization"))
		body, _ = io.ReadAll(r.Body)
		answerJSON(w, http.StatusCreated, `{"@odata.type":"#microsoft.graph.call","id":"57dab8b1","state":"establishing"}`)
	}))
	defer server.Close()
	cmd := exec.Command("go", "run", ".")
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off", "GRAPH_URL="+server.URL+"/beta", "GRAPH_TOKEN=token")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Equal(t, "call 57dab8b1 is establishing\n", string(out))
	assert.JSONEq(t, `{
		"@odata.type": "#microsoft.graph.call",
		"callbackUri": "https://bot.contoso.com/callback",
		"requestedModalities": ["audio"],
		"mediaConfig": {"@odata.type": "#microsoft.graph.serviceHostedMediaConfig"},
		"meetingInfo": {"@odata.type": "#microsoft.graph.joinMeetingIdMeetingInfo", "joinMeetingId": "1234567", "passcode": "psw"},
		"tenantId": "86dc81db-c112-4228-9222-63f3esaa1edb"
	}`, string(body))
}
