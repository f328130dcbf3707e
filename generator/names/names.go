// Package names makes the Go names of everything that a description declares. Each name
// passes through its Go scope, so that no name is declared twice, whatever the description
// says: see [Of].
//
// A name is a function of the elements that want it. It depends neither on their order nor
// on the selection: all names of a description are made at once.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package names

import (
	"cmp"
	"slices"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Options are the inputs of names besides the description.
type Options struct {
	Main      string // the service's own namespace; "" to use [MainNamespace]
	Overrides Overrides
	Runtime   Runtime
	// Reserved lists names that are declared for every description.
	Reserved []string
}

// Runtime lists the names that the runtime declares.
type Runtime struct {
	Names   []string            // in the scope of the package
	Members map[string][]string // fields and methods, by type
}

// Table holds the Go names of a description.
type Table struct {
	model *edm.Model
	main  string
	in    Options

	names     map[key]given
	pkg       *Scope
	requests  *Scope                         // names of requests, in all builders
	members   map[*edm.StructuredType]*Scope // of structs
	items     map[*edm.StructuredType]*Scope // of builders
	lists     map[*edm.StructuredType]*Scope // of builders of collections
	many      map[edm.Type]bool              // see oneOrMany
	leads     map[*edm.StructuredType]bool   // complex types that paths continue from
	byName    map[string]*edm.StructuredType // with derived types, by the names of their structs
	overrides *overrides
	clashes   []*Clash
}

// key identifies a name: an element, and the role of the name.
type key struct {
	role role
	of   any    // a pointer into the model
	more string // what else distinguishes it
}

// role says which name of an element is meant.
type role int

const (
	typeName role = iota
	unionName
	unmarshalName
	listName
	asName
	fieldName
	propertyName
	memberName
	itemBuilder
	collectionBuilder
	alongName
	setName
	deleteName
	keyName
	alternateName
	castName
	collectionCast
	operationName
	resourceName
	parametersName
	parameterName
	containerName
	importName
	importResource
	importParameters
	itemPart
	collectionPart
	keyStruct
	keyField
	queryOption
)

// given is a chosen name, with the clash that prevented the wanted one.
type given struct {
	name  string
	clash *Clash
}

// Of returns the names of a description. The error is a [*diag.Error] with the invalid
// overrides.
func Of(m *edm.Model, in Options) (*Table, error) {
	var findings diag.List
	t := &Table{
		model: m, in: in, main: cmp.Or(in.Main, MainNamespace(m)), names: make(map[key]given, size(m)),
		members: make(map[*edm.StructuredType]*Scope), items: make(map[*edm.StructuredType]*Scope), lists: make(map[*edm.StructuredType]*Scope),
		many: oneOrMany(m), leads: GoingOn(m, func(any) bool { return true }), byName: make(map[string]*edm.StructuredType),
		overrides: &overrides{user: in.Overrides, declared: make(map[string]bool), findings: &findings},
	}
	t.requests = NewScope("a request", requestNames(IsGraph(m))...)
	t.pkg = NewScope("the runtime", slices.Concat(in.Runtime.Names, in.Reserved)...)
	for _, name := range structMembers() { // a type with this name could not be embedded
		t.pkg.take(name, &Owner{Element: everyStruct})
	}
	t.typeNames()
	t.derivedNames()
	t.enumMembers()
	t.structMembers()
	t.keyStructs()
	t.queryOptions()
	t.builderMembers()
	t.parameters()
	t.container()
	t.overrides.unknown()
	return t, findings.Err()
}

// size estimates the number of names, so that the table need not grow.
func size(m *edm.Model) int {
	n := 0
	for s := range structured(m) {
		n += 8 + 3*(len(s.Properties)+len(s.Navigation))
	}
	return n
}

// put returns a function that sets a name.
func (t *Table) put(role role, of any) func(string, *Clash) { return t.putMore(role, of, "") }

func (t *Table) putMore(role role, of any, more string) func(string, *Clash) {
	return func(name string, clash *Clash) {
		if clash != nil {
			t.clashes = append(t.clashes, clash)
		}
		t.names[key{role, of, more}] = given{name, clash}
	}
}

// get returns a name and marks it as used.
func (t *Table) get(role role, of any) string { return t.getMore(role, of, "") }

func (t *Table) getMore(role role, of any, more string) string {
	g := t.names[key{role, of, more}]
	if g.clash != nil {
		g.clash.used = true
	}
	return g.name
}

// Clashes returns the clashes of the names that were used, by element.
func (t *Table) Clashes() []*Clash {
	used := slices.DeleteFunc(slices.Clone(t.clashes), func(c *Clash) bool { return !c.used })
	slices.SortFunc(used, func(a, b *Clash) int {
		return cmp.Or(a.Owner.Pos.Compare(b.Owner.Pos), cmp.Compare(a.Owner.Element, b.Owner.Element), cmp.Compare(a.Wanted, b.Wanted))
	})
	return used
}

// Element returns the name of a property or member in overrides and findings.
func Element(of edm.QName, name string) string { return of.String() + "/" + name }

// Known returns the overrides that name an element of a description.
func Known(m *edm.Model, overrides Overrides) Overrides {
	t, _ := Of(m, Options{Overrides: overrides})
	known := make(Overrides)
	for element, o := range overrides {
		if t.overrides.declared[element] {
			known[element] = o
		}
	}
	return known
}
