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
		strict, err := csdl.Read("f.xml", data)
		if (strict == nil) == (err == nil) {
			t.Fatalf("model %v, error %v", strict, err)
		}
		m, _, err := csdl.ReadAll([]csdl.Document{{Name: "f.xml", Data: data}}, csdl.Options{})
		if (m == nil) == (err == nil) {
			t.Fatalf("model %v, error %v", m, err)
		}
		for _, m := range []*edm.Model{strict, m} {
			if m == nil {
				continue
			}
			checkModel(t, m)
			if err := m.Dump(io.Discard); err != nil {
				t.Error(err)
			}
			if err := m.Link(); err != nil {
				t.Errorf("linking again: %v", err)
			}
		}
	})
}

// checkModel checks what everything after reading relies on.
func checkModel(t *testing.T, m *edm.Model) {
	for _, s := range m.Schemas {
		if !edm.IsNamespace(s.Namespace) {
			t.Errorf("namespace %q", s.Namespace)
		}
		for _, typ := range s.Types {
			checkType(t, m, typ)
		}
	}
	for o := range m.Operations() {
		for _, p := range o.Parameters {
			if !edm.IsIdentifier(p.Name) || p.Type.Type == nil {
				t.Errorf("parameter %q of %v", p.Name, o.Name)
			}
		}
		if o.Return != nil && o.Return.Type.Type == nil {
			t.Errorf("result of %v", o.Name)
		}
	}
	if m.Container == nil {
		return
	}
	for _, s := range m.Container.EntitySets {
		if !edm.IsIdentifier(s.Name) || s.Type == nil {
			t.Errorf("entity set %q", s.Name)
		}
	}
	for _, s := range m.Container.Singletons {
		if !edm.IsIdentifier(s.Name) || s.Type == nil {
			t.Errorf("singleton %q", s.Name)
		}
	}
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
	for _, n := range s.Navigation {
		if !edm.IsIdentifier(n.Name) || n.Type.Type == nil || n.Owner == nil {
			t.Errorf("navigation property %q of %v", n.Name, s.Name)
		}
	}
	if len(s.KeyProperties()) < len(s.Key) {
		t.Errorf("key of %v", s.Name)
	}
	s.Descendants()
}
