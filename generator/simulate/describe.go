// Package simulate makes the package that simulates the service of a generated package, for
// tests: the simulator in templates, the description that it checks requests against, and the
// typed entry points.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package simulate

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// description is what the simulator knows of an API.
type description struct {
	Types       map[string]*structuredType
	Enums       map[string]*enumType `json:",omitempty"`
	Definitions map[string]string    `json:",omitempty"`
	Sets        map[string]string    `json:",omitempty"`
	Singletons  map[string]string    `json:",omitempty"`
	Operations  []*operation         `json:",omitempty"`
}

type structuredType struct {
	Base       string              `json:",omitempty"`
	Open       bool                `json:",omitempty"`
	Properties map[string]string   `json:",omitempty"`
	Navigation map[string]string   `json:",omitempty"`
	Keys       []map[string]string `json:",omitempty"`
}

type enumType struct {
	Flags   bool `json:",omitempty"`
	Members []string
}

type operation struct {
	Name       string
	Function   bool `json:",omitempty"`
	Bound      string
	Parameters []*parameter `json:",omitempty"`
	Returns    string       `json:",omitempty"`
}

type parameter struct {
	Name, Type string
	Optional   bool `json:",omitempty"`
}

// Description returns the part of a model that is selected as JSON, one element a line.
func Description(m *edm.Model, has func(edm.Type) bool) string {
	d := &description{
		Types: make(map[string]*structuredType), Enums: make(map[string]*enumType), Definitions: make(map[string]string),
		Sets: make(map[string]string), Singletons: make(map[string]string),
	}
	for _, s := range m.Schemas {
		for _, t := range s.Types {
			if has(t) || leads(m, t, has) {
				d.add(t)
			}
		}
	}
	for op := range m.Operations() {
		if op.Bound && selected(op.Parameters[0].Type, has) {
			d.Operations = append(d.Operations, described(op))
		}
	}
	if m.Container != nil {
		for _, s := range m.Container.EntitySets {
			if s.Type != nil && has(s.Type) {
				d.Sets[s.Name] = s.Type.Name.String()
			}
		}
		for _, s := range m.Container.Singletons {
			if s.Type != nil && (has(s.Type) || leads(m, s.Type, has)) {
				d.Singletons[s.Name] = s.Type.Name.String()
			}
		}
	}
	return d.text()
}

// leads reports whether a type is that of a singleton from which paths lead to what is
// selected: it need not be selected itself.
func leads(m *edm.Model, t edm.Type, has func(edm.Type) bool) bool {
	of, ok := t.(*edm.StructuredType)
	return ok && m.Container != nil &&
		slices.ContainsFunc(m.Container.Singletons, func(s *edm.Singleton) bool { return s.Type == of }) &&
		slices.ContainsFunc(of.Navigation, func(n *edm.NavigationProperty) bool { return has(n.Type.Type) })
}

func selected(ref edm.TypeRef, has func(edm.Type) bool) bool {
	_, primitive := ref.Type.(*edm.Primitive)
	return !primitive && has(ref.Type)
}

func (d *description) add(t edm.Type) {
	name := t.TypeName().String()
	switch t := t.(type) {
	case *edm.StructuredType:
		s := &structuredType{Open: t.Open, Properties: make(map[string]string), Navigation: make(map[string]string)}
		if t.Base != nil {
			s.Base = t.Base.Name.String()
		}
		for _, p := range t.Properties {
			s.Properties[p.Name] = written(p.Type)
		}
		for _, n := range t.Navigation {
			s.Navigation[n.Name] = written(n.Type)
		}
		for _, key := range t.OwnAlternateKeys() {
			parts := make(map[string]string)
			for _, part := range key {
				parts[part.Alias] = part.Path
			}
			s.Keys = append(s.Keys, parts)
		}
		d.Types[name] = s
	case *edm.EnumType:
		e := &enumType{Flags: t.Flags}
		for _, m := range t.Members {
			e.Members = append(e.Members, m.Name)
		}
		d.Enums[name] = e
	case *edm.TypeDefinition:
		d.Definitions[name] = written(t.Underlying)
	}
}

func described(op *edm.Operation) *operation {
	o := &operation{Name: op.Name.String(), Function: op.Function, Bound: written(op.Parameters[0].Type)}
	for _, p := range op.Parameters[1:] {
		optional := p.Annotations.Get("Org.OData.Core.V1.OptionalParameter") != nil
		o.Parameters = append(o.Parameters, &parameter{p.Name, written(p.Type), optional})
	}
	if op.Return != nil {
		o.Returns = written(op.Return.Type)
	}
	return o
}

// written is a type as the simulator reads it.
func written(ref edm.TypeRef) string {
	text := ref.Name.String()
	if ref.Collection {
		text = "Collection(" + text + ")"
	}
	if !ref.IsNullable() {
		text += "!"
	}
	return text
}

// text is the description as JSON, one element a line, so that a change is a line of a diff.
func (d *description) text() string {
	var b strings.Builder
	b.WriteString("{\n")
	member(&b, "Types", d.Types)
	member(&b, "Enums", d.Enums)
	member(&b, "Definitions", d.Definitions)
	member(&b, "Sets", d.Sets)
	member(&b, "Singletons", d.Singletons)
	b.WriteString(`"Operations": [`)
	for i, op := range d.Operations {
		comma(&b, i)
		b.Write(compact(op))
	}
	b.WriteString("\n]}")
	return b.String()
}

func member[V any](b *strings.Builder, name string, values map[string]V) {
	b.Write(compact(name))
	b.WriteString(": {")
	for i, key := range slices.Sorted(maps.Keys(values)) {
		comma(b, i)
		b.Write(compact(key))
		b.WriteString(": ")
		b.Write(compact(values[key]))
	}
	b.WriteString("\n},\n")
}

func comma(b *strings.Builder, i int) {
	if i > 0 {
		b.WriteByte(',')
	}
	b.WriteByte('\n')
}

// compact is a value in JSON, which strings, lists and maps of them always have.
func compact(v any) []byte {
	data, _ := json.Marshal(v)
	return data
}
