package openapi_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/openapi"
)

// FuzzRead reads anything at all. There is a model or an error, never a panic, and
// what names became of it are names.
func FuzzRead(f *testing.F) {
	for _, e := range errors {
		f.Add([]byte(e.text))
	}
	for _, n := range notes {
		f.Add([]byte(n.text))
	}
	files, _ := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			t.Skip("longer than anything of interest")
		}
		m, _, err := openapi.Read("f.yaml", data, openapi.Options{})
		if (m == nil) == (err == nil) {
			t.Fatalf("model %v, error %v", m, err)
		}
		if m == nil {
			return
		}
		for _, s := range m.Schemas {
			if !edm.IsNamespace(s.Namespace) {
				t.Errorf("namespace %q", s.Namespace)
			}
			for _, typ := range s.Types {
				checkType(t, m, typ)
			}
		}
		for o := range m.Operations() {
			if !edm.IsIdentifier(o.Name.Name) || !edm.IsNamespace(o.Name.Namespace) {
				t.Errorf("operation %q", o.Name)
			}
		}
		if err := m.Dump(io.Discard); err != nil {
			t.Error(err)
		}
		if err := m.Link(); err != nil {
			t.Errorf("linking again: %v", err)
		}
	})
}

func checkType(t *testing.T, m *edm.Model, typ edm.Type) {
	if !edm.IsIdentifier(typ.TypeName().Name) || m.Type(typ.TypeName()) != typ {
		t.Errorf("type %q", typ.TypeName())
	}
	s, ok := typ.(*edm.StructuredType)
	if !ok {
		return
	}
	for _, p := range s.AllProperties() {
		if !edm.IsIdentifier(p.Name) || p.Type.Type == nil || p.Owner == nil {
			t.Errorf("property %q of %v", p.Name, s.Name)
		}
	}
	if len(s.KeyProperties()) < len(s.Key) {
		t.Errorf("key of %v", s.Name)
	}
}
