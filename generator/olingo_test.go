package generator_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/spec/edm"
)

// TestEverythingOfOlingoHasARequest holds that each set, import and bound operation of Olingo's
// test service has a request, or a note that says why not.
func TestEverythingOfOlingoHasARequest(t *testing.T) {
	t.Parallel()
	file := shared.Path(t, "descriptions", "servers", "olingo-techsvc.csdl.xml")
	model, _, err := read.Model(config.Source{Spec: file})
	require.NoError(t, err)
	requests, notes := requestsOf(t, model)
	sets, imports, bound := 0, 0, 0
	for _, s := range model.Container.EntitySets {
		sets++
		assert.Contains(t, requests, "/"+s.Name)
	}
	for _, i := range slices.Concat(model.Container.ActionImports, model.Container.FunctionImports) {
		imports++
		assert.Contains(t, requests, "/"+i.Name)
	}
	for op := range model.Operations() {
		if !op.Bound {
			continue
		}
		bound++
		if !requests[op.Element()] {
			assert.Contains(t, notes, op.Element())
		}
	}
	assert.Equal(t, []int{34, 37, 59}, []int{sets, imports, bound}, "the type of the 35th set is not in the description")
	assert.Len(t, notes, 6, "operations bound to primitive values and to collections of complex types: %v", notes)
}

// requestsOf plans all of a description, and returns the elements that have requests and the
// reasons for which others have none.
func requestsOf(t *testing.T, model *edm.Model) (requests map[string]bool, notes map[string]string) {
	t.Helper()
	selection, err := generator.Select(config.Choice{All: true}, model)
	require.NoError(t, err)
	pkg, err := generator.Plan(config.Package{Name: "service"}, "service.xml", selection)
	require.NoError(t, err)
	requests, notes = make(map[string]bool), make(map[string]string)
	for _, f := range pkg.Files {
		for _, d := range f.Decls {
			var methods []*goir.Method
			switch d := d.(type) {
			case *goir.Client:
				methods = d.Methods
			case *goir.Builder:
				methods = d.Methods
			}
			for _, m := range methods {
				requests[m.Element] = true
			}
		}
	}
	for _, m := range pkg.Missing {
		notes[m.Element] = m.Why
	}
	return requests, notes
}
