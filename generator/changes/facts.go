package changes

import (
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// facts collects what differs between two models, by schema element.
type facts struct {
	prev, next Side
	of         map[string]*Change
	leads      map[string][]string // elements that refer to a type, or did, and changed
}

// at is the element that facts are noted for.
type at struct {
	kind, element string
	pos           diag.Pos
}

// schemaFacts compares two models, so far as they are in the packages.
func schemaFacts(prev, next Side) *facts {
	f := &facts{prev: prev, next: next, of: make(map[string]*Change), leads: make(map[string][]string)}
	f.types()
	f.operations()
	f.container()
	return f
}

// note adds a fact about an element.
func (f *facts) note(a at, fact Fact) {
	c := f.of[a.element]
	if c == nil {
		c = &Change{Kind: a.kind, Element: a.element, Position: a.pos.String()}
		f.of[a.element] = c
	}
	c.Schema = append(c.Schema, fact)
}

// differs notes a fact if two values differ.
func (f *facts) differs(a at, what, prev, next string) {
	if prev != next {
		f.note(a, Fact{what, prev, next})
	}
}

func (f *facts) differsBool(a at, what string, prev, next bool) {
	f.differs(a, what, strconv.FormatBool(prev), strconv.FormatBool(next))
}

// lead remembers that a changed element refers, or referred, to types.
func (f *facts) lead(element string, typeRefs ...edm.TypeRef) {
	for _, ref := range typeRefs {
		name := ref.Name.String()
		if f.of[element] != nil && !slices.Contains(f.leads[name], element) {
			f.leads[name] = append(f.leads[name], element)
		}
	}
}

// changes returns everything noted, sorted by element.
func (f *facts) changes() []*Change {
	list := []*Change{}
	for _, element := range keys(f.of) {
		c := f.of[element]
		if c.Go == nil {
			c.Go = []Effect{} // an empty list in JSON
		}
		list = append(list, c)
	}
	return list
}

// isStructural reports whether more than texts about an element changed.
func (c *Change) isStructural() bool {
	return c != nil && slices.ContainsFunc(c.Schema, func(f Fact) bool {
		return f.What != factDescription && f.What != factDeprecation && f.What != factIndirect
	})
}

// has reports whether something is among what changed.
func (c *Change) has(what ...string) bool {
	return c != nil && slices.ContainsFunc(c.Schema, func(f Fact) bool { return slices.Contains(what, f.What) })
}

// Facts that are looked for.
const (
	factAdded       = "added"
	factRemoved     = "removed"
	factKey         = "key"
	factIndirect    = "unchanged itself: what it refers to, or what leads to it, is not"
	factDescription = "description"
	factDeprecation = "deprecation"
)

// typeRef compares two uses of types.
func (f *facts) typeRef(a at, prev, next edm.TypeRef) {
	f.differs(a, "type", prev.Name.String(), next.Name.String())
	f.differsBool(a, "collection", prev.Collection, next.Collection)
	f.differsBool(a, "nullable", prev.IsNullable(), next.IsNullable())
	f.differs(a, "facets", facets(prev), facets(next))
}

func facets(t edm.TypeRef) string {
	var list []string
	for _, facet := range []struct{ name, value string }{
		{"MaxLength", t.MaxLength}, {"Precision", t.Precision}, {"Scale", t.Scale}, {"SRID", t.SRID},
	} {
		if facet.value != "" {
			list = append(list, facet.name+" "+facet.value)
		}
	}
	if t.Unicode != nil {
		list = append(list, "Unicode "+strconv.FormatBool(*t.Unicode))
	}
	return strings.Join(list, ", ")
}

// useOf is how a type is used: Collection(Edm.String), maybe not nullable.
func useOf(t edm.TypeRef) string {
	if t.IsNullable() {
		return t.String()
	}
	return t.String() + ", not nullable"
}
