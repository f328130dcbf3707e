package names

import (
	"go/build"
	"io"
	"strings"
)

// FilePart returns a namespace as part of a file name: "callrecords"; "" for the main one.
func (t *Table) FilePart(namespace string) string { return strings.ToLower(t.prefix(namespace)) }

// File returns a file name, without extension, that is neither a system nor a test to the
// go command, and is short enough for all file systems.
func File(name string) string {
	const longest = 100
	if len(name) > longest {
		name = strings.ToValidUTF8(name[:longest], "")
	}
	if isConstrained(name) {
		return name + "_go"
	}
	return name
}

// isConstrained reports whether the go command builds a file with a name only on some
// systems, or as a test.
func isConstrained(name string) bool {
	none := build.Context{GOOS: "none", GOARCH: "none", Compiler: "gc", OpenFile: func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("package p")), nil
	}}
	matches, err := none.MatchFile("", name+".go")
	return err != nil || !matches || strings.HasSuffix(name, "_test")
}
