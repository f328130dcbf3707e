package changes

import (
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// facts collects the differences between two models by schema element.
type facts struct {
	prev, next Side
	of         map[string]*Change
	leads      map[string][]string // changed elements that refer, or referred, to a type
}

// at is the element that a fact is about.
type at struct {
	kind, element string
	pos           diag.Pos
}

// schemaFacts compares two models as far as the packages include them.
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

// differs adds a fact if two values differ.
func (f *facts) differs(a at, what, prev, next string) {
	if prev != next {
		f.note(a, Fact{what, prev, next})
	}
}

func (f *facts) differsBool(a at, what string, prev, next bool) {
	f.differs(a, what, strconv.FormatBool(prev), strconv.FormatBool(next))
}

// lead records that a changed element refers, or referred, to types.
func (f *facts) lead(element string, typeRefs ...edm.TypeRef) {
	for _, ref := range typeRefs {
		name := ref.Name.String()
		if f.of[element] != nil && !slices.Contains(f.leads[name], element) {
			f.leads[name] = append(f.leads[name], element)
		}
	}
}

// changes returns all changes, sorted by element.
func (f *facts) changes() []*Change {
	list := []*Change{}
	for _, element := range keys(f.of) {
		c := f.of[element]
		if c.Go == nil {
			c.Go = []Effect{} // encoded as an empty list
		}
		list = append(list, c)
	}
	return list
}

// isStructural reports whether anything but texts changed.
func (c *Change) isStructural() bool {
	return c != nil && slices.ContainsFunc(c.Schema, func(f Fact) bool {
		return f.What != factDescription && f.What != factDeprecation && f.What != factIndirect
	})
}

// has reports whether any of the given facts is part of the change.
func (c *Change) has(what ...string) bool {
	return c != nil && slices.ContainsFunc(c.Schema, func(f Fact) bool { return slices.Contains(what, f.What) })
}

// Names of facts used elsewhere.
const (
	factAdded       = "added"
	factRemoved     = "removed"
	factKey         = "key"
	factIndirect    = "unchanged itself: what it refers to, or what leads to it, is not"
	factDescription = "description"
	factDeprecation = "deprecation"
)

// typeRef compares two type references.
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

// useOf returns a type reference as text: Collection(Edm.String), possibly "not nullable".
func useOf(t edm.TypeRef) string {
	if t.IsNullable() {
		return t.String()
	}
	return t.String() + ", not nullable"
}
