// Package otherlanguage drives a bot in Node with the emulator.
package otherlanguage

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/callsim"
	"github.com/callgen/callgen/callsim/emulator"
)

// output is what a process has printed, of which a failure tells.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func TestBotInNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node here to run bot.js with")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	e, err := emulator.Start(emulator.Options{Callback: fmt.Sprintf("http://127.0.0.1:%d/callback", port)})
	require.NoError(t, err)
	defer func() { assert.NoError(t, e.Close()) }()

	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var out output
	bot := exec.CommandContext(ctx, node, "bot.js")
	bot.Env = append(os.Environ(), "GRAPH="+e.URL(), "ISSUER="+e.Metadata(), fmt.Sprint("PORT=", port))
	bot.Stdout, bot.Stderr = &out, &out
	require.NoError(t, bot.Start())
	defer func() { cancel(); _ = bot.Wait() }()
	require.NoError(t, e.WaitForBot(ctx))

	story, err := callsim.Load("story.yaml")
	require.NoError(t, err)
	assert.NoError(t, e.Play(ctx, story), &out)
}
