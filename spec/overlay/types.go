package overlay

import (
	"slices"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// typ adds a type or reopens one.
func (a *applier) typ(into *edm.Schema, t edm.Type) {
	pos, element := t.Position(), t.TypeName().String()
	annotations := annotationsOf(t)
	old, isNew := a.model.Type(t.TypeName()), annotations.Bool(edm.TermNew)
	switch {
	case old != nil && isNew:
		a.notNeeded(pos, element)
	case old != nil:
		a.reopen(old, t)
	case !isNew:
		a.findings.Add(pos, element, `the description has no type of this name: correct it, or add <Annotation Term="%s" Bool="true"/>`, edm.TermNew)
	case a.reasoned(pos, element, annotations, nil):
		into.Types = append(into.Types, t)
	}
}

func annotationsOf(t edm.Type) *edm.Annotations {
	switch t := t.(type) {
	case *edm.StructuredType:
		return &t.Annotations
	case *edm.EnumType:
		return &t.Annotations
	case *edm.TypeDefinition:
		return &t.Annotations
	}
	return new(edm.Annotations)
}

func (a *applier) reopen(old, t edm.Type) {
	switch t := t.(type) {
	case *edm.StructuredType:
		if old, ok := old.(*edm.StructuredType); ok && old.Kind == t.Kind {
			a.structured(old, t)
			return
		}
	case *edm.EnumType:
		if old, ok := old.(*edm.EnumType); ok {
			a.enum(old, t)
			return
		}
	}
	a.findings.Add(t.Position(), t.TypeName().String(), "an overlay cannot change the kind of a type, or a type definition: the description has it at %v", old.Position())
}

// structured extends an entity or complex type.
func (a *applier) structured(old, t *edm.StructuredType) {
	element, reason := t.Name.String(), t.Annotations.Get(edm.TermReason)
	if t.BaseName != "" || t.Abstract || t.HasStream || len(t.Key) > 0 {
		a.findings.Add(t.Pos, element, "an overlay cannot change BaseType, Abstract, HasStream or Key of a type: remove them")
	}
	if t.Open && old.IsOpen() {
		a.notNeeded(t.Pos, element)
	} else if t.Open && a.reasoned(t.Pos, element, &t.Annotations, nil) {
		old.Open = true
	}
	for _, p := range t.Properties {
		if a.member(old, p.Name, p.Pos, &p.Annotations, reason) {
			a.hoist(old, p)
			old.Properties = append(old.Properties, p)
		}
	}
	for _, n := range t.Navigation {
		if a.member(old, n.Name, n.Pos, &n.Annotations, reason) {
			old.Navigation = append(old.Navigation, n)
		}
	}
	annotations := a.inline(&old.Annotations, t.Annotations, element)
	if !t.Open && len(t.Properties)+len(t.Navigation)+annotations == 0 {
		a.nothing(t.Pos, element)
	}
}

func (a *applier) nothing(pos diag.Pos, element string) {
	a.findings.Add(pos, element, "the overlay adds nothing to this type: remove it")
}

// member reports whether a property should be added to a type.
func (a *applier) member(old *edm.StructuredType, name string, pos diag.Pos, own *edm.Annotations, around *edm.Annotation) bool {
	element := old.Name.String() + "/" + name
	if old.Property(name) != nil || old.NavigationProperty(name) != nil {
		a.notNeeded(pos, element)
		return false
	}
	return a.reasoned(pos, element, own, around)
}

// hoist removes a property that an annotated overlay adds to a type from the derived types
// that declare it.
func (a *applier) hoist(old *edm.StructuredType, p *edm.Property) {
	if !p.Annotations.Bool(edm.TermHoist) {
		return
	}
	element, found := old.Name.String()+"/"+p.Name, false
	for _, d := range old.Descendants() {
		i := slices.IndexFunc(d.Properties, func(o *edm.Property) bool { return o.Name == p.Name })
		if i < 0 {
			continue
		}
		found = true
		if other := d.Properties[i].Type; other.String() != p.Type.String() {
			a.findings.Add(p.Pos, element, "%s declares it as %s at %v: a property that is hoisted has one type", d.Name, other, d.Properties[i].Pos)
		}
		d.Properties = slices.Delete(d.Properties, i, i+1)
	}
	if !found {
		a.findings.Add(p.Pos, element, "no derived type declares it: remove %s", edm.TermHoist)
	}
}

// enum extends an enum type.
func (a *applier) enum(old, t *edm.EnumType) {
	element, reason := t.Name.String(), t.Annotations.Get(edm.TermReason)
	if t.Underlying != "Edm.Int32" && t.Underlying != old.Underlying {
		a.findings.Add(t.Pos, element, "an overlay cannot change UnderlyingType of a type: remove it")
	}
	if t.Flags && old.Flags {
		a.notNeeded(t.Pos, element)
	} else if t.Flags && a.reasoned(t.Pos, element, &t.Annotations, nil) {
		old.Flags = true
	}
	for _, m := range t.Members {
		name := element + "/" + m.Name
		if slices.ContainsFunc(old.Members, func(o *edm.Member) bool { return o.Name == m.Name }) {
			a.notNeeded(m.Pos, name)
		} else if a.reasoned(m.Pos, name, &m.Annotations, reason) {
			old.Members = append(old.Members, m)
		}
	}
	annotations := a.inline(&old.Annotations, t.Annotations, element)
	if !t.Flags && len(t.Members)+annotations == 0 {
		a.nothing(t.Pos, element)
	}
}
