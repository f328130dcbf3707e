package csdl_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// published returns the descriptions in a folder of those that others publish. They do
// not come with the project: they are looked for beside it.
func published(t *testing.T, folder string) []csdl.Document {
	t.Helper()
	folder = shared.Path(t, "descriptions", folder)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var documents []csdl.Document
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		require.NoError(t, err)
		documents = append(documents, csdl.Document{Name: e.Name(), Data: data})
	}
	return documents
}

// TestPublished reads what others publish, each file alone: none is refused.
func TestPublished(t *testing.T) {
	for folder, want := range map[string]struct{ files, causes int }{"csdl": {115, 48}, "servers": {3, 4}, "graph": {1, 1}} {
		t.Run(folder, func(t *testing.T) {
			documents, causes := published(t, folder), 0
			require.Len(t, documents, want.files)
			for _, d := range documents {
				m, notes, err := csdl.ReadAll([]csdl.Document{d}, csdl.Options{})
				if !assert.NoError(t, err) {
					continue
				}
				assert.NoError(t, m.Link(), d.Name)
				checkModel(t, m)
				causes += len(diag.ByCause(notes))
			}
			assert.Equal(t, want.causes, causes, "notes, one for each cause")
		})
	}
}

// TestRedfish reads the 277 files of Redfish as one description.
func TestRedfish(t *testing.T) {
	m, notes, err := csdl.ReadAll(published(t, "redfish"), csdl.Options{})
	require.NoError(t, err)
	types := 0
	for _, s := range m.Schemas {
		for _, typ := range s.Types {
			_, definition := typ.(*edm.TypeDefinition)
			types += one(!definition)
		}
	}
	assert.Equal(t, 8705, types)
	untyped := 0
	for _, n := range notes {
		assert.Contains(t, n.Msg, "/swordfish/", "of another standard")
		untyped += one(strings.HasSuffix(n.Msg, "(Edm.Untyped)"))
	}
	assert.Equal(t, 32, untyped)
	require.NotNil(t, m.Container)
	assert.Equal(t, 30, len(m.Container.Singletons), "those of the containers that each version extends")
	chassis := m.Structured("Chassis.v1_28_0.Chassis")
	require.NotNil(t, chassis)
	assert.Equal(t, 53, len(chassis.Ancestors()))
	assert.Equal(t, "Resource.ItemOrCollection", chassis.Root().Name.String())
	assert.Equal(t, edm.Entity, chassis.Kind)
}
