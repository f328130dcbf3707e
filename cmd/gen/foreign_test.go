package main

import (
	"bufio"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/fetch"
)

// TestURLsWithKeys: what is secret in the URL of a description is nowhere but where the user
// wrote it.
func TestURLsWithKeys(t *testing.T) {
	url, text := published(t)
	url += "?sig=s3cret#s3cret"
	inFolder(t, "gen.yaml", "spec: "+url+"\nall: true\nmodels: true\nout: points\n")
	var said strings.Builder
	run := func(want int, args ...string) string {
		code, stdout, stderr := genOutput(t, args...)
		assert.Equal(t, want, code, "%s: %s", args, stderr)
		said.WriteString(stdout + stderr)
		return stdout + stderr
	}
	run(1)
	run(0, "update")
	flags := []string{"--spec", url, "--sha256", fetch.Hash([]byte(*text)), "--all", "--models"}
	run(0, append(flags, "--out", "others")...)
	assert.Contains(t, run(1, append([]string{"check"}, append(flags, "--out", "missing")...)...), "--spec 'http://")
	run(0, "list", "--all")
	run(1, "convert", "--spec", url, "--out", "points.yaml")
	*text = "<none/>"
	run(1, "update")
	run(2, "diff", url+"&s3cret", strings.Replace(url, "http://", "http://me:s3cret@", 1))
	run(1, "--spec", strings.Replace(url, "http://", "https://me:s3cret@", 1), "--all", "--out", "none")
	run(1, "--spec", "https://s3cret:s3cret@\x00/?s3cret", "--all", "--out", "none")
	run(1, "--overlay", url)
	assert.NotContains(t, said.String(), "s3cret")

	files := 0
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == "gen.yaml" {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		assert.NotContains(t, string(data), "s3cret", path)
		return err
	}))
	assert.Greater(t, files, 20)
}

// TestWhatServersSay: a reason phrase is text of others.
func TestWhatServersSay(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if assert.NoError(t, err) {
			answer(conn, buffered.Writer)
		}
	}))
	defer server.Close()
	inFolder(t, "gen.yaml", "spec: "+server.URL+"/x\nall: true\nout: points\n")
	code, _, stderr := genOutput(t, "update")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, `the server answers 403 \x1b[31m\u202eno`)
	assert.Less(t, len(stderr), 400)
}

func answer(conn net.Conn, w *bufio.Writer) {
	_, _ = fmt.Fprintf(w, "HTTP/1.1 403 \x1b[31m\u202eno%s\r\nContent-Length: 0\r\n\r\n", strings.Repeat("x", 3000))
	_ = w.Flush()
	_ = conn.Close()
}

// TestManyFaults: a description can be made to have any number of them.
func TestManyFaults(t *testing.T) {
	faults := strings.Repeat(`<Property Name="" Type="Edm.Int32"/>`+"\n", 5000)
	inFolder(t, "a.xml", strings.Replace(pointDescription, "<Property", faults+"<Property", 1))
	code, _, stderr := genOutput(t, "--strict", "--spec", "a.xml", "--all", "--models", "--out", "points")
	assert.Equal(t, 1, code)
	assert.Less(t, strings.Count(stderr, "\n"), 110)
	assert.Contains(t, stderr, "\n… and 49")
}
