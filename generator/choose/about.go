package choose

import (
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// About returns the notes about a description that matter to the selection, and the number
// of others: notes about types that were not selected, about operations bound to them, and
// about entity sets and singletons that are left out.
func (s *Selection) About(notes []diag.Finding) (about []diag.Finding, others int) {
	for _, n := range notes {
		if s.concerns(n.Element) {
			about = append(about, n)
		} else {
			others++
		}
	}
	return about, others
}

// concerns reports whether a schema element, such as "ns.type/property", belongs to the
// selection. An element that is missing from the description may have belonged to it, and
// counts.
func (s *Selection) concerns(element string) bool {
	if strings.HasPrefix(element, "/") {
		return true // a path of OpenAPI
	}
	element, _, _ = strings.Cut(element, "@")
	owner, part, _ := strings.Cut(element, "/")
	name := edm.ParseQName(owner)
	if c := s.Model.Container; c != nil && c.Name == name {
		return s.serves(c, part)
	}
	switch t := s.Model.Type(name).(type) {
	case *edm.StructuredType, *edm.EnumType:
		return s.Has(t)
	}
	operations := s.Model.Overloads(name)
	for _, o := range operations {
		binding := o.Binding()
		if binding == nil || s.Has(binding.Type.Type) || s.Operations[o] {
			return true
		}
	}
	return len(operations) == 0
}

// serves reports whether an element of the container belongs to the selection.
func (s *Selection) serves(c *edm.EntityContainer, part string) bool {
	for _, set := range c.EntitySets {
		if set.Name == part {
			return s.Has(set.Type) && !s.Cut[set]
		}
	}
	for _, single := range c.Singletons {
		if single.Name == part {
			return s.Has(single.Type) && !s.Cut[single]
		}
	}
	return s.Paths == nil // irrelevant if only some paths are wanted
}
