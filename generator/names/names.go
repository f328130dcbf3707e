// Package names makes the Go names of everything that a description declares. Each name
// passes through the scope that Go gives it, so that none is declared twice, whatever the
// description says: see [Of].
//
// A name is a function of the elements that want it. It depends neither on their order nor
// on what is selected: the names of a whole description are made at once.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package names

import (
	"cmp"
	"slices"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Options say what the names of a description depend on besides.
type Options struct {
	Main      string // the service's own namespace; "" for that of [MainNamespace]
	Overrides Overrides
	Runtime   Runtime
	// Reserved are names that are declared for any description.
	Reserved []string
}

// Runtime is what the runtime declares.
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
	requests  *Scope                         // the names of requests, in all builders
	members   map[*edm.StructuredType]*Scope // of structs
	items     map[*edm.StructuredType]*Scope // of builders
	lists     map[*edm.StructuredType]*Scope // of builders of collections
	many      map[edm.Type]bool              // see oneOrMany
	leads     map[*edm.StructuredType]bool   // complex types from which paths go on
	byName    map[string]*edm.StructuredType // with derived types, by the names of their structs
	overrides *overrides
	clashes   []*Clash
}

// key is what has a name: a thing, and what of it.
type key struct {
	role role
	of   any    // a pointer into the model
	more string // what else tells it apart
}

// role is what is named of a thing.
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
)

// given is a name that was given, and what it was not given because of.
type given struct {
	name  string
	clash *Clash
}

// Of returns the names of a description. The error is a [*diag.Error] with the overrides
// that cannot be.
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
	for _, name := range structMembers() { // a type of the name could not be embedded
		t.pkg.take(name, &Owner{Element: everyStruct})
	}
	t.typeNames()
	t.derivedNames()
	t.enumMembers()
	t.structMembers()
	t.keyStructs()
	t.builderMembers()
	t.parameters()
	t.container()
	t.overrides.unknown()
	return t, findings.Err()
}

// size is about how many names there are, so that the table need not grow.
func size(m *edm.Model) int {
	n := 0
	for s := range structured(m) {
		n += 8 + 3*(len(s.Properties)+len(s.Navigation))
	}
	return n
}

// put gives a name.
func (t *Table) put(role role, of any) func(string, *Clash) { return t.putMore(role, of, "") }

func (t *Table) putMore(role role, of any, more string) func(string, *Clash) {
	return func(name string, clash *Clash) {
		if clash != nil {
			t.clashes = append(t.clashes, clash)
		}
		t.names[key{role, of, more}] = given{name, clash}
	}
}

// get returns a name, and notes that it is used.
func (t *Table) get(role role, of any) string { return t.getMore(role, of, "") }

func (t *Table) getMore(role role, of any, more string) string {
	g := t.names[key{role, of, more}]
	if g.clash != nil {
		g.clash.used = true
	}
	return g.name
}

// Clashes returns the clashes of the names that were asked for, by element.
func (t *Table) Clashes() []*Clash {
	used := slices.DeleteFunc(slices.Clone(t.clashes), func(c *Clash) bool { return !c.used })
	slices.SortFunc(used, func(a, b *Clash) int {
		return cmp.Or(a.Owner.Pos.Compare(b.Owner.Pos), cmp.Compare(a.Owner.Element, b.Owner.Element), cmp.Compare(a.Wanted, b.Wanted))
	})
	return used
}

// Element returns how a property or member is named in overrides and findings.
func Element(of edm.QName, name string) string { return of.String() + "/" + name }

// Known returns those of some overrides that name something of a description.
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
