package openapi_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/openapi"
)

var update = flag.Bool("update", false, "rewrite the dumps that are wanted")

// dump is everything that a model says, and the notes about its description.
func dump(t testing.TB, m *edm.Model, notes []diag.Finding) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, m.Dump(&b))
	for _, n := range notes {
		b.WriteString(n.String() + "\n")
	}
	return b.String()
}

// TestRead reads descriptions with every feature, and compares with the dumps beside
// them: a service of OData in the shape of Microsoft Graph, and one that is no OData.
func TestRead(t *testing.T) {
	for _, name := range []string{"service.yaml", "general.yaml"} {
		file := filepath.Join("testdata", name)
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		m, notes, err := openapi.Read(name, data, openapi.Options{})
		require.NoError(t, err)
		got := dump(t, m, notes)
		wanted := strings.TrimSuffix(file, ".yaml") + ".txt"
		if *update {
			require.NoError(t, os.WriteFile(wanted, []byte(got), 0o644))
		}
		want, err := os.ReadFile(wanted)
		require.NoError(t, err)
		assert.Equal(t, string(want), got, name)
	}
}
