package generator_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/internal/shared"
)

// TestPublishedDescriptions generates from the descriptions that other services publish, each
// of which is wrong somewhere or uses what Graph does not: a package that compiles comes of all
// of them. That the commands of a user give the same is tried with a few in other tests.
func TestPublishedDescriptions(t *testing.T) {
	if raced || testing.Short() {
		t.Skip("left out by -short, and run once more without the race detector: it takes minutes with it")
	}
	base := shared.Path(t, "descriptions")
	export, err := exportData()
	require.NoError(t, err)
	for folder, wanted := range map[string]int{"csdl": 115, "servers": 3, "openapi": 19, "graph": 1} {
		files, err := filepath.Glob(filepath.Join(base, folder, "*"))
		require.NoError(t, err)
		assert.Len(t, files, wanted, folder)
		for _, file := range files {
			cfg := allOf(file, "")
			model, _, err := read.Model(cfg.Source)
			if !assert.NoError(t, err, file) {
				continue
			}
			result, err := generator.Unchecked(cfg, model)
			if !assert.NoError(t, err, file) {
				continue
			}
			_, err = newTypeChecker(export).check(result.Files)
			assert.NoError(t, err, file)
			assert.NoError(t, sameOnAllSystems(result.Files), file)
		}
	}
}
