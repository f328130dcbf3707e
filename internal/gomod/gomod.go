// Package gomod finds the import path of a folder.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package gomod

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// ErrNone is the error of a folder that has no go.mod above it.
var ErrNone = errors.New("run go mod init")

// ImportPath returns the import path of the package in a folder, by the go.mod above it.
func ImportPath(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at := abs; ; at = filepath.Dir(at) {
		data, err := os.ReadFile(filepath.Join(at, "go.mod"))
		switch {
		case err == nil:
			module := modulePath(string(data))
			below, err := filepath.Rel(at, abs)
			if module == "" || err != nil {
				return "", fmt.Errorf("%s names no module", filepath.ToSlash(filepath.Join(at, "go.mod")))
			}
			return path.Join(module, filepath.ToSlash(below)), nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		case filepath.Dir(at) == at:
			return "", fmt.Errorf("there is no go.mod above %s: %w", filepath.ToSlash(dir), ErrNone)
		}
	}
}

// modulePath returns the path in the module line of a go.mod.
func modulePath(text string) string {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//")
		if fields := strings.Fields(line); len(fields) == 2 && fields[0] == "module" {
			if unquoted, err := strconv.Unquote(fields[1]); err == nil {
				return unquoted
			}
			return fields[1]
		}
	}
	return ""
}
