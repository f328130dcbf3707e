//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// timeline is what a demonstration prints.
type timeline struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *timeline) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *timeline) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// TestDemo: the command shows how the calls of an instance that another command kills are taken
// over.
func TestDemo(t *testing.T) {
	t.Parallel()
	ports, err := freePorts(1)
	require.NoError(t, err)
	control := fmt.Sprint("-control=127.0.0.1:", ports[0])
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out timeline
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, []string{control, "-calls=12", "-servers=1", "-bots=2"}, strings.NewReader(""), &out)
	}()
	shows := func(what string) {
		t.Helper()
		require.Eventually(t, func() bool { return strings.Contains(out.String(), what) }, 2*long, 50*time.Millisecond, what)
	}
	order := func(words ...string) (string, error) {
		var answer bytes.Buffer
		err := run(ctx, append([]string{control}, words...), nil, &answer)
		return answer.String(), err
	}
	shows("12 calls, bot-1")
	answer, err := order("kill", "bot", "2")
	require.NoError(t, err)
	assert.Regexp(t, `^bot-2-\w+ is killed\n$`, answer)
	shows("calls of bot-2-")
	assert.Regexp(t, `bot-1-\w+ takes over \d+ calls of bot-2-\w+`, out.String())
	_, err = order("start", "bot", "2")
	require.NoError(t, err)
	_, err = order("drain", "bot", "1")
	require.NoError(t, err)
	shows("hands")
	for _, wrong := range [][]string{{"kill", "bot", "9"}, {"kill", "bot", "x"}, {"drain", "server", "1"}, {"kill"}} {
		_, err := order(wrong...)
		assert.Error(t, err)
	}
	stop()
	require.NoError(t, <-done)
	assert.Contains(t, out.String(), " 0 did not")
	assert.ErrorContains(t, run(t.Context(), []string{control, "kill", "bot", "1"}, nil, io.Discard), `start it with "go run ." first`)
	assert.ErrorContains(t, run(t.Context(), []string{"-control=0.0.0.0:0", "-servers=1", "-bots=1"}, nil, io.Discard), "not an address of this machine only")
}
