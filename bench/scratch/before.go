package scratch

import (
	"os/exec"
	"path/filepath"
	"strings"
)

// FirstBefore is what to compare with as long as there is no release.
const FirstBefore = "bfae144"

// LastRelease returns the last tag of a release of the repository in root, or [FirstBefore].
func LastRelease(root string) string {
	out, err := exec.Command("git", "-C", root, "describe", "--tags", "--match", "v*", "--abbrev=0").Output()
	if tag := strings.TrimSpace(string(out)); err == nil && tag != "" {
		return tag
	}
	return FirstBefore
}

// Checkout puts a commit of the repository in root into a new folder below parent.
func Checkout(root, commit, parent string) (string, error) {
	dir := filepath.Join(parent, "before")
	m := Module{Dir: parent}
	if _, _, err := m.Run("git", "clone", "-q", "--shared", "--no-checkout", root, dir); err != nil {
		return "", err
	}
	m.Dir = dir
	_, _, err := m.Run("git", "checkout", "-q", commit)
	return dir, err
}

// Toolchain returns the environment that makes the go command another version, and what that
// is called.
func Toolchain(version string) (env, name string, err error) {
	env = "GOTOOLCHAIN=" + version
	m := Module{Dir: ".", Env: []string{env}}
	name, err = m.Go("env", "GOVERSION")
	return env, strings.TrimSpace(name), err
}
