package simulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// description is what a simulator knows of the API: as much of a CSDL document as it takes to
// tell whether a request conforms.
type description struct {
	types      map[string]*structuredType
	enums      map[string]*enumType
	sets       map[string]*structuredType
	singletons map[string]*structuredType
	bound      map[binding][]*boundOperation
}

// binding is what operations are bound to.
type binding struct {
	t          *structuredType
	collection bool
}

// structuredType is an entity or complex type.
type structuredType struct {
	Name       string
	Base       *structuredType
	Derived    []*structuredType
	Open       bool
	Properties map[string]*property
	Navigation map[string]*navigation
	Keys       []map[string]string // alternate keys: the path of a property by its alias
}

type property struct {
	Name string
	Type typeRef
}

type navigation struct{ Type typeRef }

// typeRef is the type of a value. Type is nil for what is not checked.
type typeRef struct {
	Name       string
	Type       any // *structuredType, *enumType, *typeDefinition or *primitiveType
	Collection bool
	Required   bool // not nullable
}

func (r typeRef) IsNullable() bool { return !r.Required }

type enumType struct {
	Name    string
	Flags   bool
	Members []string
}

type typeDefinition struct {
	Name       string
	Underlying typeRef
}

type primitiveType struct{ Name string } // without "Edm."

// boundOperation is an action or a function.
type boundOperation struct {
	Function   bool
	Name       string // qualified
	Parameters []*parameter
	Return     *typeRef
}

// short is the name without its namespace.
func (o *boundOperation) short() string { return o.Name[strings.LastIndexByte(o.Name, '.')+1:] }

type parameter struct {
	Name     string
	Type     typeRef
	Optional bool
}

func (m *description) Structured(qualified string) *structuredType { return m.types[qualified] }

// BoundTo returns the operations that are bound to a type itself.
func (m *description) BoundTo(t *structuredType, collection bool) []*boundOperation {
	return m.bound[binding{t, collection}]
}

func (t *structuredType) IsOpen() bool {
	for ; t != nil; t = t.Base {
		if t.Open {
			return true
		}
	}
	return false
}

// Property returns a property of the type or its base types, nil for none.
func (t *structuredType) Property(name string) *property {
	for ; t != nil; t = t.Base {
		if p := t.Properties[name]; p != nil {
			return p
		}
	}
	return nil
}

// NavigationProperty returns a navigation property of the type or its base types.
func (t *structuredType) NavigationProperty(name string) *navigation {
	for ; t != nil; t = t.Base {
		if n := t.Navigation[name]; n != nil {
			return n
		}
	}
	return nil
}

// isDerivedFrom reports whether a type is another one or derived from it.
func (t *structuredType) isDerivedFrom(other *structuredType) bool {
	for ; t != nil; t = t.Base {
		if t == other {
			return true
		}
	}
	return false
}

// AlternateKeys returns the alternate keys of the type and its base types.
func (t *structuredType) AlternateKeys() []map[string]string {
	var keys []map[string]string
	for ; t != nil; t = t.Base {
		keys = append(keys, t.Keys...)
	}
	return keys
}

// written is a description as JSON. A type is written "Collection(name)", with "!" behind it
// if it is not nullable.
type written struct {
	Types       map[string]writtenType
	Enums       map[string]writtenEnum
	Definitions map[string]string
	Sets        map[string]string
	Singletons  map[string]string
	Operations  []writtenOperation
}

type writtenType struct {
	Base       string
	Open       bool
	Properties map[string]string
	Navigation map[string]string
	Keys       []map[string]string
}

type writtenEnum struct {
	Flags   bool
	Members []string
}

type writtenOperation struct {
	Name       string
	Function   bool
	Bound      string
	Parameters []writtenParameter
	Returns    string
}

type writtenParameter struct {
	Name, Type string
	Optional   bool
}

// readDescription reads a description from its JSON.
func readDescription(text string) (*description, error) {
	var w written
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		return nil, fmt.Errorf("the description cannot be read: %w", err)
	}
	r := &describing{written: w, m: &description{
		types: make(map[string]*structuredType), enums: make(map[string]*enumType), sets: make(map[string]*structuredType),
		singletons: make(map[string]*structuredType), bound: make(map[binding][]*boundOperation),
	}}
	r.types()
	for name, t := range w.Sets {
		r.m.sets[name] = r.m.types[t]
	}
	for name, t := range w.Singletons {
		r.m.singletons[name] = r.m.types[t]
	}
	for _, o := range w.Operations {
		r.operation(o)
	}
	return r.m, nil
}

// describing is a description that is being read.
type describing struct {
	written
	m *description
}

func (r *describing) types() {
	for name, e := range r.Enums {
		r.m.enums[name] = &enumType{name, e.Flags, e.Members}
	}
	for name := range r.Types {
		r.m.types[name] = &structuredType{Name: name, Properties: make(map[string]*property), Navigation: make(map[string]*navigation)}
	}
	for name, w := range r.Types {
		t := r.m.types[name]
		t.Open, t.Keys = w.Open, w.Keys
		if t.Base = r.m.types[w.Base]; t.Base != nil {
			t.Base.Derived = append(t.Base.Derived, t)
		}
		for name, of := range w.Properties {
			t.Properties[name] = &property{name, r.ref(of)}
		}
		for name, of := range w.Navigation {
			t.Navigation[name] = &navigation{r.ref(of)}
		}
	}
}

func (r *describing) operation(w writtenOperation) {
	op := &boundOperation{Function: w.Function, Name: w.Name}
	for _, p := range w.Parameters {
		op.Parameters = append(op.Parameters, &parameter{p.Name, r.ref(p.Type), p.Optional})
	}
	if w.Returns != "" {
		result := r.ref(w.Returns)
		op.Return = &result
	}
	of := r.ref(w.Bound)
	if t, ok := of.Type.(*structuredType); ok {
		at := binding{t, of.Collection}
		r.m.bound[at] = append(r.m.bound[at], op)
	}
}

// ref returns the type that is written so.
func (r *describing) ref(text string) typeRef {
	name, required := strings.CutSuffix(text, "!")
	ref := typeRef{Required: required}
	if of, ok := strings.CutPrefix(name, "Collection("); ok {
		name, ref.Collection = strings.TrimSuffix(of, ")"), true
	}
	ref.Name = name
	short, primitive := strings.CutPrefix(name, "Edm.")
	switch {
	case primitive:
		ref.Type = &primitiveType{short}
	case r.m.types[name] != nil:
		ref.Type = r.m.types[name]
	case r.m.enums[name] != nil:
		ref.Type = r.m.enums[name]
	case r.Definitions[name] != "":
		ref.Type = &typeDefinition{name, r.ref(r.Definitions[name])}
	}
	return ref
}

// has reports whether the type of calls has a property: v1.0 has fewer than beta.
func (m *description) has(name, property string) bool {
	t := m.types["microsoft.graph."+name]
	return t != nil && (t.Property(property) != nil || t.NavigationProperty(property) != nil)
}

// hasMember reports whether an enumeration has a member.
func (m *description) hasMember(name, member string) bool {
	e := m.enums["microsoft.graph."+name]
	return e != nil && slices.Contains(e.Members, member)
}
