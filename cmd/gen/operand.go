package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/callgen/callgen/spec/fetch"
)

// maxDescription bounds what is read of one description, far above that of Graph.
const maxDescription = 256 << 20

// operand reads a description that is named as an argument: a file, an URL, or REV:PATH
// for what a file was in a revision of the git repository here.
func operand(name string) ([]byte, error) {
	_, missing := os.Stat(name)
	switch {
	case missing != nil && strings.Contains(name, "://"):
		return fetch.Newest(context.Background(), name)
	case missing != nil && strings.Contains(name, ":"):
		return committed(name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return bounded(f, name)
}

// committed reads a file of a revision. Git is not asked for anything that could be an
// option, and fetches nothing.
func committed(name string) ([]byte, error) {
	if strings.HasPrefix(name, "-") {
		return nil, fmt.Errorf("%s: a revision does not begin with -", name)
	}
	revision, path, _ := strings.Cut(name, ":")
	cmd := exec.Command("git", "--no-pager", "cat-file", "blob", revision+":"+filepath.ToSlash(path))
	cmd.Env = append(os.Environ(), "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: there is no such file, and git cannot be asked for a revision: %w", name, err)
	}
	data, err := bounded(stdout, name)
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		return nil, err
	}
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("%s: there is no such file here, nor as REV:PATH in git: %s", name,
			cmp.Or(strings.TrimPrefix(strings.TrimSpace(stderr.String()), "fatal: "), err.Error()))
	}
	return data, nil
}

// bounded reads all of a description, unless it is far too long.
func bounded(r io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxDescription+1))
	if err == nil && len(data) > maxDescription {
		err = fmt.Errorf("%s has more than %d bytes, which no description needs", name, maxDescription)
	}
	return data, err
}
