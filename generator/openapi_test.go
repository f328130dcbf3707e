package generator_test

import (
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/spec/diag"
)

// TestLibraryDocuments generates from the test data of the library that reads
// OpenAPI: descriptions that have nothing to do with OData. Each gives a package,
// which generating type-checks, or says with a position why not.
func TestLibraryDocuments(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/getkin/kin-openapi").Output()
	require.NoError(t, err)
	dir := filepath.Join(strings.TrimSpace(string(out)), "openapi3", "testdata")
	packages, refused := 0, 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		ext := filepath.Ext(path)
		if err != nil || d.IsDir() || ext != ".yml" && ext != ".yaml" && ext != ".json" {
			return err
		}
		result, err := generator.Generate(&config.Config{Spec: path, All: true, Models: true, Package: "p"})
		name, _ := filepath.Rel(dir, path)
		if err == nil {
			packages++
			for _, n := range result.Notes {
				t.Logf("%s: %v", name, n)
				assert.Positive(t, n.Pos.Line, "%s: %v", name, n)
			}
			return nil
		}
		refused++
		var found *diag.Error
		require.ErrorAs(t, err, &found, name)
		for _, f := range found.Findings {
			t.Logf("%s: error: %v", name, f)
			assert.Equal(t, path, f.Pos.File, "%s: %v", name, f)
		}
		return nil
	})
	require.NoError(t, err)
	t.Logf("%d packages, %d refused", packages, refused)
}
