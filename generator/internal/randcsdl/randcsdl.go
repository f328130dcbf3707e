// Package randcsdl makes random OData descriptions for tests: legal ones, whose names do
// their worst to a code generator, and ones that are broken in one known way.
//
// A description depends only on its seed and options. Names are those that CSDL allows (see
// edm.IsIdentifier): 5qi, +1 or the empty name occur only as enum values in OpenAPI, and
// are not made here.
package randcsdl

import (
	"math/rand/v2"

	"github.com/callgen/callgen/spec/edm"
)

// Options say which descriptions to make.
type Options struct {
	// Plain leaves out everything hostile: all names differ clearly and none has a meaning
	// elsewhere.
	Plain bool
	// Reserved lists identifiers that generated packages declare themselves, to be used as
	// names.
	Reserved []string
}

// Description is a description as a modifiable tree.
type Description struct {
	Root   *Element
	Broken *Broken // its fault; nil if it is legal
}

// Broken describes the fault of a description.
type Broken struct {
	What    string
	Element string // as findings name it, such as "shop.order/total"; "" for the document
}

// New returns a legal description.
func New(seed uint64, options Options) *Description {
	g := newMaker(seed, options)
	g.declareSchemas()
	g.declareTypes()
	for _, t := range g.structured {
		g.members(t)
	}
	g.operations()
	g.container()
	return &Description{Root: g.document()}
}

// Text returns the description as CSDL XML.
func (d *Description) Text() []byte { return d.Root.text() }

// maker makes one description.
type maker struct {
	*rand.Rand
	names      *namer
	plain      bool
	schemas    []*schema
	structured []*structured
	enums      []*named
	definition []*named // type definitions
	actions    []*operation
	functions  []*operation
}

func newMaker(seed uint64, options Options) *maker {
	r := rand.New(rand.NewPCG(seed, 0x0da7a))
	return &maker{Rand: r, names: newNamer(r, options), plain: options.Plain}
}

// schema is a schema while it is made.
type schema struct {
	namespace string
	alias     string
	element   *Element
	taken     map[string]bool // names of its children
}

// named is a declared type.
type named struct {
	of      *schema
	name    string
	element *Element
}

// refer returns the qualified name of a type, sometimes by the alias of its schema.
func (g *maker) refer(t *named) string {
	if t.of.alias != "" && g.chance(30) {
		return t.of.alias + "." + t.name
	}
	return t.qualified()
}

func (t *named) qualified() string { return t.of.namespace + "." + t.name }

// chance returns true in the given percentage of cases.
func (g *maker) chance(percent int) bool { return g.IntN(100) < percent }

// between returns a number from low to high.
func (g *maker) between(low, high int) int { return low + g.IntN(high-low+1) }

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func (g *maker) declareSchemas() {
	for range g.between(1, 4) {
		namespace := g.names.namespace()
		s := &schema{namespace: namespace, taken: make(map[string]bool)}
		s.element = elem("Schema", "Namespace", namespace, "xmlns", "http://docs.oasis-open.org/odata/ns/edm")
		if g.chance(30) {
			s.alias = g.names.alias()
			s.element.set("Alias", s.alias)
		}
		g.schemas = append(g.schemas, s)
	}
}

func (g *maker) document() *Element {
	services := elem("edmx:DataServices")
	for _, s := range g.schemas {
		services.add(s.element)
	}
	root := elem("edmx:Edmx", "Version", pick(g.Rand, []string{"4.0", "4.01"}), "xmlns:edmx", "http://docs.oasis-open.org/odata/ns/edmx")
	return root.add(services)
}

// declare gives a new child of some schema a unique name.
func (g *maker) declare(tag string) *named {
	s := pick(g.Rand, g.schemas)
	name := g.names.name(s.taken)
	return &named{of: s, name: name, element: s.element.child(tag, "Name", name)}
}

func legal(name string) bool { return edm.IsIdentifier(name) }
