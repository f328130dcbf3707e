// Package show draws a type: its base types, its derived types, and the properties that
// hold it.
package show

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// View is what a drawing of a type shows.
type View struct {
	Name string
	Top  *Node // the type at the end of the chain of base types
	Uses []Use // of the type and its base types
}

// Node is a type in a hierarchy.
type Node struct {
	Name    string
	Facts   []string // for example "abstract" and "3 properties"
	Shown   bool     // this type was asked for
	Derived []*Node  // for a base type only the one towards the type that was asked for
}

// Use is a property that holds a type.
type Use struct {
	Owner, Property string
	Of              string // the type that the property declares
	Collection      bool
}

// Of returns the view of a type.
func Of(m *edm.Model, t edm.Type) *View {
	v := &View{Name: t.TypeName().String()}
	s, ok := t.(*edm.StructuredType)
	if !ok {
		v.Top = &Node{Name: v.Name, Facts: facts(t), Shown: true}
		v.Uses = uses(m, map[edm.Type]int{t: 0})
		return v
	}
	v.Top = descend(s)
	v.Top.Shown = true
	distances := map[edm.Type]int{t: 0}
	for i, b := range s.Ancestors() {
		v.Top = &Node{Name: b.Name.String(), Facts: facts(b), Derived: []*Node{v.Top}}
		distances[b] = i + 1
	}
	v.Uses = uses(m, distances)
	return v
}

func descend(t *edm.StructuredType) *Node {
	n := &Node{Name: t.Name.String(), Facts: facts(t)}
	derived := slices.Clone(t.Derived)
	slices.SortFunc(derived, func(a, b *edm.StructuredType) int { return cmp.Compare(a.Name.String(), b.Name.String()) })
	for _, d := range derived {
		n.Derived = append(n.Derived, descend(d))
	}
	return n
}

func facts(t edm.Type) []string {
	var list []string
	switch t := t.(type) {
	case *edm.EnumType:
		list = append(list, "enum type", count(len(t.Members), "member"))
	case *edm.TypeDefinition:
		list = append(list, "type definition of "+t.Underlying.Name.String())
	case *edm.StructuredType:
		if t.Abstract {
			list = append(list, "abstract")
		}
		if t.Open {
			list = append(list, "open")
		}
		if len(t.Properties) > 0 || len(t.Navigation) == 0 {
			list = append(list, count(len(t.Properties), "property"))
		}
		if len(t.Navigation) > 0 {
			list = append(list, count(len(t.Navigation), "navigation property"))
		}
	}
	return list
}

// uses finds the properties that hold types, starting with the nearest type.
func uses(m *edm.Model, distances map[edm.Type]int) []Use {
	type found struct {
		Use
		distance int
	}
	var all []found
	add := func(owner *edm.StructuredType, name string, ref edm.TypeRef) {
		if distance, ok := distances[ref.Type]; ok {
			all = append(all, found{Use{owner.Name.String(), name, ref.Name.String(), ref.Collection}, distance})
		}
	}
	for _, schema := range m.Schemas {
		for _, t := range schema.Types {
			if s, ok := t.(*edm.StructuredType); ok {
				for _, p := range s.Properties {
					add(s, p.Name, p.Type)
				}
				for _, n := range s.Navigation {
					add(s, n.Name, n.Type)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.Owner, b.Owner), cmp.Compare(a.Property, b.Property))
	})
	var list []Use
	for _, f := range all {
		list = append(list, f.Use)
	}
	return list
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if stem, ok := strings.CutSuffix(thing, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
