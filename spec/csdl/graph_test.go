package csdl_test

import (
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
)

const (
	graphV1   = "graph-v1.0.csdl.xml"
	graphBeta = "graph-beta-sovereign.csdl.xml"
)

// graph returns a description of the whole of Graph. These do not come with the
// project: they are looked for in the folder beside it.
func graph(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(shared.Path(t, "metadata", name))
	require.NoError(t, err)
	return data
}

// documents are those that have many features.
func documents(t *testing.T) iter.Seq2[string, func(t *testing.T) []byte] {
	return func(yield func(string, func(t *testing.T) []byte) bool) {
		everything := func(t *testing.T) []byte { return fixture(t, "everything.csdl.xml") }
		v1 := func(t *testing.T) []byte { return graph(t, graphV1) }
		beta := func(t *testing.T) []byte { return graph(t, graphBeta) }
		_ = yield("everything.csdl.xml", everything) && yield(graphV1, v1) && yield(graphBeta, beta)
	}
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", name))
	require.NoError(t, err)
	return data
}

// counts are the numbers of what is in a model.
func counts(m *edm.Model) map[string]int {
	n := map[string]int{
		"schema": len(m.Schemas), "entity set": len(m.Container.EntitySets), "singleton": len(m.Container.Singletons),
		"skipped": len(m.Skipped),
	}
	for _, s := range m.Container.EntitySets {
		n["binding"] += len(s.Bindings)
	}
	for _, s := range m.Container.Singletons {
		n["binding"] += len(s.Bindings)
	}
	for _, s := range m.Schemas {
		n["term"] += len(s.Terms)
		n["action"] += len(s.Actions)
		n["function"] += len(s.Functions)
		n["annotations"] += len(s.External)
		for _, f := range s.Functions {
			n["composable"] += one(f.Composable)
		}
		for _, t := range s.External {
			n["annotations of nothing"] += one(!t.Applied)
		}
		for _, t := range s.Types {
			countType(n, t)
		}
	}
	for o := range m.Operations() {
		n["bound"] += one(o.Binding() != nil)
	}
	return n
}

func countType(n map[string]int, t edm.Type) {
	switch t := t.(type) {
	case *edm.StructuredType:
		n[t.Kind.String()]++
		n["abstract"] += one(t.Abstract)
		n["open"] += one(t.Open)
		n["stream"] += one(t.HasStream)
		n["derived"] += one(t.Base != nil)
		n["with derived types"] += one(len(t.Derived) > 0)
		n["property"] += len(t.Properties)
		n["navigation property"] += len(t.Navigation)
		for _, p := range t.Navigation {
			n["contained"] += one(p.ContainsTarget)
		}
	case *edm.EnumType:
		n["enum type"]++
		n["flags"] += one(t.Flags)
		n["member"] += len(t.Members)
	case *edm.TypeDefinition:
		n["type definition"]++
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestGraphV1(t *testing.T) {
	m, err := csdl.Read(graphV1, graph(t, graphV1))
	require.NoError(t, err)
	assert.Equal(t, map[string]int{
		"schema": 11, "entity type": 1182, "complex type": 1780, "enum type": 861, "flags": 64, "member": 6347,
		"property": 10528, "navigation property": 1432, "contained": 1048, "abstract": 183, "open": 535, "stream": 9,
		"derived": 1152 + 763, "with derived types": 268, "action": 857, "function": 324, "composable": 131,
		"bound": 1181, "entity set": 40, "singleton": 30, "binding": 101, "term": 11, "annotations": 4918,
		"annotations of nothing": 6, "skipped": 0,
	}, counts(m))

	alert := m.Structured("microsoft.graph.security.alert")
	require.NotNil(t, alert, "self is the alias of this namespace in the whole document")
	assert.Equal(t, "microsoft.graph.security.alert", alert.Name.String())
	depths := make(map[int]int)
	for _, s := range m.Schemas {
		for _, typ := range s.Types {
			if typ, ok := typ.(*edm.StructuredType); ok {
				depths[len(typ.Ancestors())]++
			}
		}
	}
	assert.Equal(t, map[int]int{0: 1047, 1: 1459, 2: 390, 3: 51, 4: 15}, depths)
	assert.Len(t, m.Structured("microsoft.graph.entity").Descendants(), 1145)
	assert.Len(t, m.Structured("microsoft.graph.directoryObject").Descendants(), 40)
	assert.Equal(t, "Request Id as tracked internally by the service",
		m.Structured("microsoft.graph.InnerError").Property("request-id").Annotations.Description())
}

func TestGraphV1Revisions(t *testing.T) {
	m, err := csdl.Read(graphV1, graph(t, graphV1))
	require.NoError(t, err)
	total := 0
	for _, s := range m.Schemas {
		for _, target := range s.External {
			for _, r := range edm.Annotations(target.Annotations).Revisions() {
				total++
				assert.Equal(t, "Deprecated", r.Kind)
				assert.NotEmpty(t, r.Date)
				assert.NotEmpty(t, r.Version)
			}
		}
	}
	assert.Equal(t, 55, total)
}

func TestGraphBeta(t *testing.T) {
	m, err := csdl.Read(graphBeta, graph(t, graphBeta))
	require.NoError(t, err)
	assert.Equal(t, map[string]int{
		"schema": 6, "entity type": 732, "complex type": 1091, "enum type": 495, "flags": 59, "member": 2748,
		"property": 6765, "navigation property": 1086, "contained": 804, "abstract": 106, "open": 118, "stream": 6,
		"derived": 706 + 297, "with derived types": 172, "action": 710, "function": 251, "composable": 69,
		"bound": 961, "entity set": 58, "singleton": 23, "binding": 74, "term": 12, "annotations": 285,
		"annotations of nothing": 0, "skipped": 0,
	}, counts(m))
}

func BenchmarkRead(b *testing.B) {
	data := graph(b, graphV1)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := csdl.Read(graphV1, data); err != nil {
			b.Fatal(err)
		}
	}
}
