package generator_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/spec/diag"
)

// TestLibraryDocuments generates from the test data of the library that reads
// OpenAPI: descriptions that have nothing to do with OData. Each gives a package,
// which generating type-checks, or says with a position why not.
func TestLibraryDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it generates dozens of packages")
	}
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/getkin/kin-openapi").Output()
	require.NoError(t, err)
	dir := filepath.Join(strings.TrimSpace(string(out)), "openapi3", "testdata")
	packages, refused := 0, 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		ext := filepath.Ext(path)
		if err != nil || d.IsDir() || ext != ".yml" && ext != ".yaml" && ext != ".json" {
			return err
		}
		result, err := generator.Generate(&config.Config{
			Source:  config.Source{Spec: path, Refs: dir},
			Choice:  config.Choice{All: true},
			Package: config.Package{Models: true, Name: "p"},
		}, nil)
		name, _ := filepath.Rel(dir, path)
		if err == nil {
			packages++
			require.NotEmpty(t, result.Notes, "%s is no OData, and nothing says what that means", name)
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
			assert.NotEmpty(t, f.Pos.File, "%s: %v", name, f)
		}
		return nil
	})
	require.NoError(t, err)
	assert.Greater(t, packages, 20)
	t.Logf("%d packages, %d refused", packages, refused)
}

// TestRealOpenAPI generates from the real descriptions that lie beside the project.
// Each repair made is noted with its position, and what comes of it is vetted.
func TestRealOpenAPI(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it generates and vets large packages")
	}
	prefer := "the parameter Prefer in header is listed twice: this one is ignored"
	for name, want := range map[string]struct {
		types int
		notes []string
	}{
		"communications-v1.0.openapi.json": {97, []string{
			"13:3: /communications: no schema says what is here: the entity type microsoft.graph.communications is made for the paths below",
			"259:3: /callback: GET does not return an entity, so it is not an entity set or singleton: it is ignored, along with everything below",
		}},
		"graph-v1.0-2019.openapi.json": {697, []string{
			"11329:13: GET /groups/{group-id}/calendarView/delta(): " + prefer + " (and 5 more like this)",
			"32892:5: /security/alerts: it is a property and no entity: no request is for it alone",
			"38389:13: GET /sites/{site-id}/sites/{site-id}: the parameter site-id in path is listed twice: this one is ignored",
			`53765:21: microsoft.graph.educationUser/assignments: the reference "#/components/schemas/microsoft.graph.educationAssignment" leads nowhere: it is read as any value`,
			`97332:7: "Delegated (work or school account)": OpenAPI does not allow the name of this security scheme: it is kept as it is`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			file := shared.Path(t, "metadata", name)
			result, err := generator.Generate(&config.Config{
				Source:  config.Source{Spec: file},
				Choice:  config.Choice{All: true},
				Package: config.Package{Models: true, Name: "graph"},
			}, nil)
			require.NoError(t, err)
			assert.Equal(t, want.types, result.Types)
			var notes []string
			for _, n := range result.Notes {
				notes = append(notes, strings.TrimPrefix(n.String(), file+":"))
			}
			assert.Equal(t, want.notes, notes)

			module := t.TempDir()
			_, err = output.Write(filepath.Join(module, "graph"), result.Files, output.Options{})
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(module, "go.mod"), []byte("module graph\n\ngo 1.26\n"), 0o644))
			cmd := exec.Command("go", "vet", "./...")
			cmd.Dir = module
			cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off")
			out, err := cmd.CombinedOutput()
			assert.NoError(t, err, "%s", out)
		})
	}
}

// BenchmarkOpenAPI generates from the largest real description.
func BenchmarkOpenAPI(b *testing.B) {
	file := shared.Path(b, "metadata", "graph-v1.0-2019.openapi.json")
	for b.Loop() {
		_, err := generator.Generate(&config.Config{
			Source:  config.Source{Spec: file},
			Choice:  config.Choice{All: true},
			Package: config.Package{Models: true, Name: "graph"},
		}, nil)
		require.NoError(b, err)
	}
}
