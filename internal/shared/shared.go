// Package shared finds what tests compare with and the project does not contain: files of
// others, in a folder "shared" beside the project.
package shared

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Variable is the environment variable that, with the value "required", makes a test fail
// where it would be skipped.
const Variable = "CALLGEN_SHARED"

// Reason begins the reason of every test that is skipped for want of the folder.
const Reason = "needs ../shared: "

// Path returns the path of a file or folder below shared, relative to the current folder.
// The test is skipped if it is not there.
func Path(t testing.TB, elements ...string) string {
	t.Helper()
	name := filepath.Join(elements...)
	path, err := find(name)
	switch {
	case err == nil:
	case !errors.Is(err, fs.ErrNotExist) || os.Getenv(Variable) == "required":
		t.Fatalf("%s%s cannot be had: %v", Reason, filepath.ToSlash(name), err)
	default:
		t.Skipf("%s%s is not there", Reason, filepath.ToSlash(name))
	}
	return path
}

// find looks for shared beside the nearest folder above that is a module.
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
