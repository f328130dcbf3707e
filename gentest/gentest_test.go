package gentest_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/gentest"
)

// TestOurs is the check as users write it, of our own package.
func TestOurs(t *testing.T) { gentest.UpToDate(t, "../gen.yaml") }

// recorder is a test that notes how it fails.
type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) { r.said += fmt.Sprintf(format, args...) }

func (r *recorder) Fatalf(format string, args ...any) {
	r.said += fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func failure(t *testing.T, file string) string {
	r := &recorder{TB: t}
	done := make(chan bool)
	go func() {
		defer close(done)
		gentest.UpToDate(r, file)
	}()
	<-done
	return r.said
}

func TestFailures(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("d.xml", []byte(`<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm"><ComplexType Name="c"/></Schema></edmx:DataServices></edmx:Edmx>`), 0o644))
	assert.Contains(t, failure(t, "gen.yaml"), "gen.yaml cannot be used:\n")
	require.NoError(t, os.WriteFile("gen.yaml", []byte("spec: d.xml\nall: true\nmodels: true\nout: c\n"), 0o644))
	said := failure(t, "gen.yaml")
	assert.Contains(t, said, "c is out of date with gen.yaml: run gen --config gen.yaml\n")
	assert.True(t, strings.Contains(said, "+type C struct {\n"))
	assert.NoDirExists(t, "c", "nothing is written")
	require.NoError(t, os.WriteFile("d.xml", nil, 0o644))
	assert.Contains(t, failure(t, "gen.yaml"), "gen.yaml: nothing can be generated:\nd.xml:1:1: empty file")
}
