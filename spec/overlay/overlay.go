// Package overlay merges into a description what documentation and real payloads
// show beyond it. An overlay is a small CSDL document that opens types of the
// description again, to add properties, members and annotations to them.
//
// Each entry says why it is there, by the annotation Callgen.Reason on itself or on
// the type around it. An entry that the description has come to declare itself is a
// finding, so that no entry outlives its reason.
package overlay

import (
	"slices"

	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Terms of the annotations that only overlays use.
const (
	termReason = "Callgen.Reason" // why an entry is there
	termNew    = "Callgen.New"    // the type is not in the description, and is to be added
	termHoist  = "Callgen.Hoist"  // derived types that declare the property of the same type lose theirs
)

// Apply merges the overlay in data into a linked model, and links that again. The
// file name is for positions. The error is a [*diag.Error] with every finding.
func Apply(m *edm.Model, file string, data []byte) error {
	fragment, err := csdl.Parse(file, data)
	if err != nil {
		return err
	}
	a := applier{model: m}
	for _, schema := range fragment.Schemas {
		a.schema(schema)
	}
	if err := a.findings.Err(); err != nil {
		return err
	}
	return m.Link()
}

type applier struct {
	model    *edm.Model
	findings diag.List
}

func (a *applier) schema(s *edm.Schema) {
	i := slices.IndexFunc(a.model.Schemas, func(o *edm.Schema) bool { return o.Namespace == s.Namespace })
	if i < 0 {
		a.findings.Add(s.Pos, s.Namespace, "the description has no schema of this namespace")
		return
	}
	into := a.model.Schemas[i]
	for _, t := range s.Types {
		switch t := t.(type) {
		case *edm.StructuredType:
			a.structured(into, t)
		case *edm.EnumType:
			a.enum(into, t)
		default:
			a.findings.Add(t.Position(), t.TypeName().String(), "an overlay cannot change a type definition")
		}
	}
	for _, ext := range s.External {
		a.annotations(into, ext)
	}
	for _, o := range slices.Concat(s.Actions, s.Functions) {
		a.findings.Add(o.Pos, o.Name.String(), "an overlay cannot add operations")
	}
}

// reasoned checks that an entry says why it is there.
func (a *applier) reasoned(pos diag.Pos, element string, lists ...edm.Annotations) {
	for _, list := range lists {
		if reason := list.Get(termReason); reason != nil && reason.Value != nil && reason.Value.Value != "" {
			return
		}
	}
	a.findings.Add(pos, element, `the entry gives no reason: add <Annotation Term="%s" String="…"/>`, termReason)
}

func (a *applier) structured(into *edm.Schema, t *edm.StructuredType) {
	element := t.Name.String()
	old := a.model.Structured(element)
	if old == nil || t.Annotations.Bool(termNew) {
		a.newType(into, t, old != nil, t.Annotations)
		return
	}
	if len(t.Key) > 0 || t.BaseName != "" || t.Abstract || t.Kind != old.Kind {
		a.findings.Add(t.Pos, element, "an overlay can open a type and add properties to it, not change its kind, base or key")
	}
	a.open(old, t)
	for _, p := range t.Properties {
		if a.property(old, p.Name, p.Pos, p.Type.Text, p.Annotations, t.Annotations) {
			p.Owner = old
			old.Properties = append(old.Properties, p)
		}
	}
	for _, n := range t.Navigation {
		if a.property(old, n.Name, n.Pos, n.Type.Text, n.Annotations, t.Annotations) {
			n.Owner = old
			old.Navigation = append(old.Navigation, n)
		}
	}
}

// newType adds a type that the description lacks.
func (a *applier) newType(into *edm.Schema, t edm.Type, exists bool, annotations edm.Annotations) {
	element := t.TypeName().String()
	switch {
	case exists:
		a.notNeeded(t.Position(), element)
	case !annotations.Bool(termNew):
		a.findings.Add(t.Position(), element,
			`the description has no such type: correct the name, or say that it is new by <Annotation Term="%s" Bool="true"/>`, termNew)
	default:
		a.reasoned(t.Position(), element, annotations)
		into.Types = append(into.Types, t)
	}
}

func (a *applier) notNeeded(pos diag.Pos, element string) {
	a.findings.Add(pos, element, "the description has this by now: remove the entry from the overlay")
}

// open makes an existing type an open one.
func (a *applier) open(old, t *edm.StructuredType) {
	if !t.Open {
		return
	}
	if old.IsOpen() {
		a.notNeeded(t.Pos, t.Name.String())
	}
	a.reasoned(t.Pos, t.Name.String(), t.Annotations)
	old.Open = true
}

// property checks an entry that adds a property, and makes room for it.
func (a *applier) property(t *edm.StructuredType, name string, pos diag.Pos, typeText string, own, around edm.Annotations) bool {
	element := t.Name.String() + "/" + name
	for b := t; b != nil; b = b.Base {
		if declares(b, name) {
			a.notNeeded(pos, element)
			return false
		}
	}
	a.reasoned(pos, element, own, around)
	if own.Bool(termHoist) {
		return a.hoist(t, name, pos, typeText)
	}
	return true
}

func declares(t *edm.StructuredType, name string) bool {
	return slices.ContainsFunc(t.Properties, func(p *edm.Property) bool { return p.Name == name }) ||
		slices.ContainsFunc(t.Navigation, func(n *edm.NavigationProperty) bool { return n.Name == name })
}

// hoist takes a property from the derived types that declare it.
func (a *applier) hoist(t *edm.StructuredType, name string, pos diag.Pos, typeText string) bool {
	found := 0
	for _, d := range t.Descendants() {
		i := slices.IndexFunc(d.Properties, func(p *edm.Property) bool { return p.Name == name })
		if i < 0 {
			continue
		}
		found++
		if p := d.Properties[i]; p.Type.Text != typeText {
			a.findings.Add(pos, t.Name.String()+"/"+name, "%s declares it as %s at %v: a property that is hoisted must have that type", d.Name, p.Type.Text, p.Pos)
			continue
		}
		d.Properties = slices.Delete(d.Properties, i, i+1)
	}
	if found == 0 {
		a.findings.Add(pos, t.Name.String()+"/"+name, "no derived type declares it: remove %s", termHoist)
	}
	return true
}

func (a *applier) enum(into *edm.Schema, t *edm.EnumType) {
	old := a.model.Enum(t.Name.String())
	if old == nil || t.Annotations.Bool(termNew) {
		a.newType(into, t, old != nil, t.Annotations)
		return
	}
	for _, m := range t.Members {
		element := t.Name.String() + "/" + m.Name
		if slices.ContainsFunc(old.Members, func(o *edm.Member) bool { return o.Name == m.Name }) {
			a.notNeeded(m.Pos, element)
			continue
		}
		a.reasoned(m.Pos, element, m.Annotations, t.Annotations)
		old.Members = append(old.Members, m)
	}
}

// annotations adds an Annotations element, whose entries replace those of the same term.
func (a *applier) annotations(into *edm.Schema, ext *edm.AnnotationTarget) {
	i := slices.IndexFunc(ext.Annotations, func(x *edm.Annotation) bool { return x.Term == termReason })
	if i < 0 || len(ext.Annotations) < 2 {
		a.findings.Add(ext.Pos, ext.Target, "the block needs a %s, and something that it is the reason of", termReason)
		return
	}
	ext.Annotations = slices.Delete(ext.Annotations, i, i+1)
	into.External = append(into.External, ext)
}
