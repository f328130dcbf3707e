package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/internal/fetch"
)

// operand reads a description named as an argument: a file, a URL, or REV:PATH for a file
// in a revision of the current git repository.
func operand(name string) ([]byte, error) {
	_, missing := os.Stat(name)
	switch {
	case missing != nil && strings.Contains(name, "://"):
		return fetch.Newest(context.Background(), name)
	case missing != nil && strings.Contains(name, ":"):
		return committed(name)
	}
	data, err := bounded.ReadFile(name)
	if errors.Is(err, bounded.ErrTooLarge) {
		err = fmt.Errorf("%w, more than any description needs", err)
	}
	return data, err
}

// committed reads a file of a revision. Git gets no argument that could be an option, and
// fetches nothing.
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
	data, err := bounded.ReadAll(stdout)
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("%s: there is no such file here, nor as REV:PATH in git: %s", name,
			cmp.Or(strings.TrimPrefix(strings.TrimSpace(stderr.String()), "fatal: "), err.Error()))
	}
	return data, nil
}
