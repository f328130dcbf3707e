package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCall answers as a server does that asks for its configuration first, and says something.
func TestCall(t *testing.T) {
	toServer, in := io.Pipe()
	out, fromServer := io.Pipe()
	asked := make(chan json.RawMessage, 1)
	go func() {
		defer fromServer.Close()
		peer := &server{in: fromServer, out: bufio.NewReader(toServer)}
		if _, err := peer.receive(); err != nil { // the request
			return
		}
		for _, text := range []string{
			`{"method":"window/logMessage","params":{"message":"loading"}}`,
			`{"id":"c1","method":"workspace/configuration","params":{"items":[{"section":"gopls"}]}}`,
		} {
			fmt.Fprintf(fromServer, "Content-Length: %d\r\n\r\n%s", len(text), text)
		}
		answer, _ := peer.receive()
		asked <- answer
		_ = peer.send(map[string]any{"id": 1, "result": map[string]any{"items": []any{1, 2}}})
	}()
	s := &server{in: in, out: bufio.NewReader(out)}
	result, err := s.call("textDocument/completion", nil)
	require.NoError(t, err)
	assert.JSONEq(t, `{"items":[1,2]}`, string(result))
	assert.JSONEq(t, `{"jsonrpc":"2.0","id":"c1","result":[null]}`, string(<-asked))
}
