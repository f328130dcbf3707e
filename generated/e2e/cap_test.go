//go:build e2e

// Package e2e_test drives a generated client against a server that is not ours: SAP CAP, with
// the service in the folder cap. "make e2e" installs the server, generates the client and runs
// the tests.
package e2e_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/e2e/archive"
)

// TestCAP starts the server once for all its parts. Each part creates what it needs, in
// entity sets that no other part changes.
func TestCAP(t *testing.T) {
	server := start(t)
	count := new(atomic.Int64)
	t.Run("parts", func(t *testing.T) {
		for name, part := range map[string]func(*checks){
			"description": description, "values": values, "literals": literals, "keys": keys, "pages": pages, "queries": queries,
			"etags": etags, "compositions": compositions, "navigation": navigation, "functions": functions, "actions": actions,
			"bound": bound, "streams": streams, "drafts": drafts, "singleton": singleton, "errors": failures,
			"batches": batches, "multipart": multipart, "concurrent": concurrent, "links": links,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				part(&checks{T: t, url: server.url, count: count})
			})
		}
	})
	t.Run("restart", func(t *testing.T) { restart(&checks{T: t, url: server.url, count: count}, server) })
	t.Logf("%d checks", count.Load())
	assert.GreaterOrEqual(t, count.Load(), int64(120))
}

// checks counts what it asserts.
type checks struct {
	*testing.T
	url   string
	count *atomic.Int64
}

// client returns a client of the server that keeps the digits of numbers.
func (c *checks) client(opts ...archive.ClientOption) *archive.Client {
	opts = append([]archive.ClientOption{archive.WithBaseURL(c.url), archive.WithIEEE754Compatible()}, opts...)
	return archive.NewClient(nil, opts...)
}

func (c *checks) equal(want, got any, what string) {
	c.Helper()
	c.count.Add(1)
	assert.Equal(c, want, got, what)
}

// succeeds reports whether there is no error.
func (c *checks) succeeds(err error, what string) bool {
	c.Helper()
	c.count.Add(1)
	return assert.NoError(c, err, what)
}

// refused checks the status of an answer that is an error.
func (c *checks) refused(status int, err error, what string) {
	c.Helper()
	c.count.Add(1)
	var refusal *archive.Error
	if assert.True(c, errors.As(err, &refusal), "%s: %v", what, err) {
		assert.Equal(c, status, refusal.Status, "%s: %v", what, err)
	}
}

// needs ends the part if what the other checks build on fails.
func (c *checks) needs(err error) {
	c.Helper()
	require.NoError(c, err)
}

// server is a process that serves the folder cap.
type server struct {
	node, port, url string
	process         *exec.Cmd
}

func start(t *testing.T) *server {
	t.Helper()
	if _, err := os.Stat(filepath.Join("cap", "node_modules", "@sap", "cds")); err != nil {
		t.Skip("SAP CAP is not installed: run make e2e, which needs npm")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	s := &server{node: node(t), port: port, url: "http://127.0.0.1:" + port + "/archive"}
	s.run(t)
	t.Cleanup(s.stop)
	return s
}

// node returns a program that has node:sqlite: the installed one, or that of a package.
func node(t *testing.T) string {
	t.Helper()
	packaged, err := filepath.Glob("cap/node_modules/node-*/bin/node")
	require.NoError(t, err)
	for _, name := range append([]string{"node"}, packaged...) {
		name, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if name, err = filepath.Abs(name); err == nil && exec.Command(name, "-e", "require('node:sqlite')").Run() == nil {
			return name
		}
	}
	t.Skip("SAP CAP needs Node.js 22 or later")
	return ""
}

// run starts the process and returns when it listens.
func (s *server) run(t *testing.T) {
	t.Helper()
	s.process = exec.Command(s.node, filepath.Join("node_modules", "@sap", "cds", "bin", "serve.js"), "--port", s.port)
	s.process.Dir = "cap"
	s.process.Env = append(os.Environ(), "NODE_ENV=test", "CDS_TELEMETRY=false", "HOST=127.0.0.1")
	out, err := s.process.StdoutPipe()
	require.NoError(t, err)
	s.process.Stderr = s.process.Stdout
	require.NoError(t, s.process.Start())
	ready, said := make(chan bool, 1), new(strings.Builder)
	go func() {
		defer close(ready)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			said.WriteString(lines.Text() + "\n")
			if strings.Contains(lines.Text(), "server listening on") {
				ready <- true
				_, _ = io.Copy(io.Discard, out)
				return
			}
		}
	}()
	select {
	case ok := <-ready:
		require.True(t, ok, "the server has ended: %s", said)
	case <-time.After(2 * time.Minute):
		t.Fatal("the server does not begin to listen")
	}
}

func (s *server) stop() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
}

// description: the client was generated from what the server serves.
func description(c *checks) {
	answer, err := http.Get(c.url + "/$metadata")
	c.needs(err)
	defer answer.Body.Close()
	served, err := io.ReadAll(answer.Body)
	c.needs(err)
	kept, err := os.ReadFile("cap/archive.csdl.xml")
	c.needs(err)
	c.equal(string(kept), string(served), "save the server's $metadata as cap/archive.csdl.xml")
}
