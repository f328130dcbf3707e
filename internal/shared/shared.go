// Package shared finds third-party files that tests compare with and the project does not
// contain, in a folder "shared" beside the project.
package shared

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Variable is the environment variable that, if set to "required", makes tests fail instead
// of skipping.
const Variable = "CALLGEN_SHARED"

// Reason is the start of the reason of every test that is skipped without the folder.
const Reason = "needs ../shared: "

// Path returns the path of a file or folder below shared, relative to the current folder.
// It skips the test if there is no such file.
func Path(t testing.TB, elements ...string) string {
	t.Helper()
	name := filepath.Join(elements...)
	path, err := find(name)
	switch {
	case err == nil:
	case !errors.Is(err, fs.ErrNotExist) || os.Getenv(Variable) == "required":
		t.Fatalf("%s%s is unavailable: %v", Reason, filepath.ToSlash(name), err)
	default:
		t.Skipf("%s%s is not there", Reason, filepath.ToSlash(name))
	}
	return path
}

// find looks for shared beside the nearest enclosing module.
func find(name string) (string, error) {
	folder := "."
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			break
		}
		absolute, err := filepath.Abs(folder)
		if err != nil {
			return "", err
		}
		if absolute == filepath.Dir(absolute) {
			return "", fs.ErrNotExist
		}
		folder = filepath.Join(folder, "..")
	}
	path := filepath.Join(folder, "..", "shared", name)
	_, err := os.Stat(path)
	return path, err
}
