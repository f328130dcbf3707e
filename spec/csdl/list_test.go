package csdl_test

import (
	"strconv"
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// listing is the elements, attributes and texts of a document, each with the path of
// its element and, where the model knows it, the position.
type listing map[string]int

// element lists an element with its attributes, given in pairs of name and value; an
// empty value is an absent one. It returns the element's path.
func (l listing) element(path, tag string, pos diag.Pos, attributes ...string) string {
	path += "/" + tag
	at := path + " " + position(pos)
	l[at]++
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			l[at+" "+attributes[i]+"="+attributes[i+1]]++
		}
	}
	return path
}

func position(pos diag.Pos) string { return strconv.Itoa(pos.Line) + ":" + strconv.Itoa(pos.Col) }

// unplaced are the elements whose position the model does not keep.
func unplaced(tag string) bool { return tag == "DataServices" || tag == "Key" || tag == "OnDelete" }

func yes(b bool) string {
	if b {
		return "true"
	}
	return ""
}

func boolean(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

// listModel lists what a model was read from.
func listModel(m *edm.Model, edmx diag.Pos) listing {
	l := make(listing)
	for _, s := range m.Skipped {
		l["skipped "+s.Name+" "+position(s.Pos)]++
	}
	path := l.element("", "Edmx", edmx, "Version", m.Version)
	for _, r := range m.References {
		ref := l.element(path, "Reference", r.Pos, "Uri", r.URI)
		l.annotations(ref, r.Annotations)
		for _, i := range r.Includes {
			l.annotations(l.element(ref, "Include", i.Pos, "Namespace", i.Namespace, "Alias", i.Alias), i.Annotations)
		}
		for _, i := range r.IncludeAnnotations {
			l.element(ref, "IncludeAnnotations", i.Pos, "TermNamespace", i.TermNamespace, "Qualifier", i.Qualifier, "TargetNamespace", i.TargetNamespace)
		}
	}
	path = l.element(path, "DataServices", diag.Pos{})
	for _, s := range m.Schemas {
		schema := l.element(path, "Schema", s.Pos, "Namespace", s.Namespace, "Alias", s.Alias)
		l.schema(schema, s)
		if m.Container != nil && m.Container.Name.Namespace == s.Namespace {
			l.container(schema, m.Container)
		}
	}
	return l
}

func (l listing) schema(path string, s *edm.Schema) {
	l.annotations(path, s.Annotations)
	for _, t := range s.Types {
		switch t := t.(type) {
		case *edm.StructuredType:
			l.structured(path, t)
		case *edm.EnumType:
			l.enum(path, t)
		case *edm.TypeDefinition:
			l.annotations(l.typed(path, "TypeDefinition", "UnderlyingType", t.Pos, t.Underlying, "Name", t.Name.Name), t.Annotations)
		}
	}
	for _, o := range s.Actions {
		l.operation(path, "Action", o)
	}
	for _, o := range s.Functions {
		l.operation(path, "Function", o)
	}
	for _, t := range s.Terms {
		term := l.typed(path, "Term", "Type", t.Pos, t.Type, "Name", t.Name.Name, "BaseTerm", t.BaseTerm, "AppliesTo", t.AppliesTo)
		l.optional(term, t.Pos, "DefaultValue", t.Default)
		l.annotations(term, t.Annotations)
	}
	for _, t := range s.External {
		l.external(path, t)
	}
}

// typed lists an element with the attributes of a type.
func (l listing) typed(path, tag, attribute string, pos diag.Pos, t edm.TypeRef, more ...string) string {
	return l.element(path, tag, pos, append(more, attribute, t.Text, "Nullable", boolean(t.Nullable), "MaxLength", t.MaxLength,
		"Precision", t.Precision, "Scale", t.Scale, "SRID", t.SRID, "Unicode", boolean(t.Unicode))...)
}

func (l listing) optional(path string, pos diag.Pos, attribute string, value *string) {
	if value != nil {
		l[path+" "+position(pos)+" "+attribute+"="+*value]++
	}
}

func (l listing) structured(path string, t *edm.StructuredType) {
	tag := "EntityType"
	if t.Kind == edm.Complex {
		tag = "ComplexType"
	}
	path = l.element(path, tag, t.Pos, "Name", t.Name.Name, "BaseType", t.BaseName, "Abstract", yes(t.Abstract),
		"OpenType", yes(t.Open), "HasStream", yes(t.HasStream))
	l.annotations(path, t.Annotations)
	if len(t.Key) > 0 {
		key := l.element(path, "Key", diag.Pos{})
		for _, k := range t.Key {
			l.element(key, "PropertyRef", k.Pos, "Name", k.Name, "Alias", k.Alias)
		}
	}
	for _, p := range t.Properties {
		property := l.typed(path, "Property", "Type", p.Pos, p.Type, "Name", p.Name)
		l.optional(property, p.Pos, "DefaultValue", p.Default)
		l.annotations(property, p.Annotations)
	}
	for _, n := range t.Navigation {
		navigation := l.typed(path, "NavigationProperty", "Type", n.Pos, n.Type, "Name", n.Name, "Partner", n.Partner,
			"ContainsTarget", yes(n.ContainsTarget))
		l.annotations(navigation, n.Annotations)
		if n.OnDelete != "" {
			l.annotations(l.element(navigation, "OnDelete", diag.Pos{}, "Action", n.OnDelete), n.OnDeleteAnnotations)
		}
		for _, c := range n.Constraints {
			l.annotations(l.element(navigation, "ReferentialConstraint", c.Pos, "Property", c.Property,
				"ReferencedProperty", c.ReferencedProperty), c.Annotations)
		}
	}
}

func (l listing) enum(path string, t *edm.EnumType) {
	underlying := t.Underlying
	if underlying == "Edm.Int32" {
		underlying = "" // the default, which neither document states
	}
	path = l.element(path, "EnumType", t.Pos, "Name", t.Name.Name, "UnderlyingType", underlying, "IsFlags", yes(t.Flags))
	l.annotations(path, t.Annotations)
	for _, m := range t.Members {
		value := ""
		if m.Value != nil {
			value = strconv.FormatInt(*m.Value, 10)
		}
		l.annotations(l.element(path, "Member", m.Pos, "Name", m.Name, "Value", value), m.Annotations)
	}
}

func (l listing) operation(path, tag string, o *edm.Operation) {
	path = l.element(path, tag, o.Pos, "Name", o.Name.Name, "IsBound", yes(o.Bound), "IsComposable", yes(o.Composable), "EntitySetPath", o.EntitySetPath)
	l.annotations(path, o.Annotations)
	for _, p := range o.Parameters {
		l.annotations(l.typed(path, "Parameter", "Type", p.Pos, p.Type, "Name", p.Name), p.Annotations)
	}
	if o.Return != nil {
		l.annotations(l.typed(path, "ReturnType", "Type", o.Return.Pos, o.Return.Type), o.Return.Annotations)
	}
}

func (l listing) container(path string, c *edm.EntityContainer) {
	path = l.element(path, "EntityContainer", c.Pos, "Name", c.Name.Name, "Extends", c.Extends)
	l.annotations(path, c.Annotations)
	for _, s := range c.EntitySets {
		set := l.element(path, "EntitySet", s.Pos, "Name", s.Name, "EntityType", s.TypeName, "IncludeInServiceDocument", boolean(s.IncludeInServiceDocument))
		l.bindings(set, s.Bindings, s.Annotations)
	}
	for _, s := range c.Singletons {
		single := l.element(path, "Singleton", s.Pos, "Name", s.Name, "Type", s.TypeName, "Nullable", boolean(s.Nullable))
		l.bindings(single, s.Bindings, s.Annotations)
	}
	for _, i := range c.ActionImports {
		l.annotations(l.element(path, "ActionImport", i.Pos, "Name", i.Name, "Action", i.Written, "EntitySet", i.EntitySet), i.Annotations)
	}
	for _, i := range c.FunctionImports {
		l.annotations(l.element(path, "FunctionImport", i.Pos, "Name", i.Name, "Function", i.Written, "EntitySet", i.EntitySet,
			"IncludeInServiceDocument", boolean(i.IncludeInServiceDocument)), i.Annotations)
	}
}

func (l listing) bindings(path string, bindings []edm.Binding, list edm.Annotations) {
	l.annotations(path, list)
	for _, b := range bindings {
		l.element(path, "NavigationPropertyBinding", b.Pos, "Path", b.Path, "Target", b.Target)
	}
}

func (l listing) external(path string, t *edm.AnnotationTarget) {
	path = l.element(path, "Annotations", t.Pos, "Target", t.Target, "Qualifier", t.Qualifier)
	for _, a := range t.Annotations {
		qualifier := a.Qualifier
		if t.Qualifier != "" {
			qualifier = "" // stated above
		}
		l.annotation(path, a, qualifier)
	}
}

// annotations lists those stated inline: the others are listed by external.
func (l listing) annotations(path string, list edm.Annotations) {
	for _, a := range list {
		if !a.External {
			l.annotation(path, a, a.Qualifier)
		}
	}
}

func (l listing) annotation(path string, a *edm.Annotation, qualifier string) {
	path = l.element(path, "Annotation", a.Pos, "Term", a.Written, "Qualifier", qualifier)
	l.annotations(path, a.Annotations)
	l.expression(path, a.Value)
}

func (l listing) expression(path string, e *edm.Expression) {
	switch {
	case e == nil:
		return
	case e.Attribute:
		l[path+" "+position(e.Pos)+" "+e.Kind+"="+e.Value]++
		return
	}
	name := "Name"
	if e.Kind == "Apply" {
		name = "Function"
	}
	facets := edm.TypeRef{}
	if e.Facets != nil {
		facets = *e.Facets
	}
	facets.Text = e.Type
	path = l.typed(path, e.Kind, "Type", e.Pos, facets, name, e.Name)
	if text := strings.TrimSpace(e.Value); text != "" {
		l[path+" "+position(e.Pos)+" text "+text]++
	}
	l.annotations(path, e.Annotations)
	for _, item := range e.Items {
		l.expression(path, item)
	}
	for _, p := range e.Properties {
		property := l.element(path, "PropertyValue", p.Pos, "Property", p.Property)
		l.annotations(property, p.Annotations)
		l.expression(property, p.Value)
	}
}
