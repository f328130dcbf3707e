// Package wanted compares the errors of a test with what is wanted of them.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package wanted

import (
	"strings"
	"testing"
)

// Findings compares an error with the beginnings of its lines: the position, the element, and
// what is wrong with it. The rest of a line, which says what to do, can be put into other words without
// breaking a test.
func Findings(t testing.TB, err error, lines string) {
	t.Helper()
	if err == nil {
		t.Errorf("there is no error; wanted:\n%s", lines)
		return
	}
	got, want := strings.Split(err.Error(), "\n"), strings.Split(lines, "\n")
	same := len(got) == len(want)
	for i := 0; same && i < len(want); i++ {
		same = begins(got[i], want[i])
	}
	if !same {
		t.Errorf("the error is\n%s\nwanted is one with lines that begin with\n%s", err, lines)
	}
}

// begins reports whether a line begins with a whole part of a finding.
func begins(line, part string) bool {
	rest, ok := strings.CutPrefix(line, part)
	return ok && (rest == "" || strings.HasPrefix(rest, ": ") || strings.HasPrefix(rest, "; "))
}
