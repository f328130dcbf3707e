//go:build race

package communicationstest_test

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestRacyBotIsReported runs a bot that does not guard what it keeps, and one that does. It
// is built with the race detector only: then all that it needs is built already.
func TestRacyBotIsReported(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it builds another test")
	}
	run := func(name string) (string, error) {
		out, err := exec.Command("go", "test", "-race", "-count=10", "-failfast", "-run", "^"+name+"$", "./testdata/racy").CombinedOutput()
		return string(out), err
	}
	out, err := run("TestRacy")
	assert.Error(t, err)
	assert.Contains(t, out, "WARNING: DATA RACE")
	out, err = run("TestGuarded")
	assert.NoError(t, err, out)
}
