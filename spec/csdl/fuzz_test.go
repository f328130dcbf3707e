package csdl_test

import (
	"io"
	"testing"

	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
)

// FuzzRead reads anything at all. There is a model or an error, never a panic, and
// what names became of it are names.
func FuzzRead(f *testing.F) {
	for _, c := range findings {
		f.Add([]byte(c.text))
	}
	f.Add(fixture(f, "everything.csdl.xml"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			t.Skip("longer than anything of interest")
		}
		m, err := csdl.Read("f.xml", data)
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
	s.Descendants()
}
