package edm

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Dump writes a linked model as indented text, in document order, with full names. The text
// has everything in the model except positions and spellings, so that two front ends that
// read the same produce the same text.
func (m *Model) Dump(w io.Writer) error {
	buffer := bufio.NewWriter(w)
	d := &dumper{w: buffer}
	d.model(m)
	return buffer.Flush()
}

// dumper writes lines; the writer keeps its first error.
type dumper struct {
	w     *bufio.Writer
	depth int
}

// line writes the words that are not empty.
func (d *dumper) line(words ...string) {
	d.w.WriteString(strings.Repeat("  ", d.depth))
	first := true
	for _, word := range words {
		if word == "" {
			continue
		}
		if !first {
			d.w.WriteByte(' ')
		}
		d.w.WriteString(word)
		first = false
	}
	d.w.WriteByte('\n')
}

// within writes what f does one level deeper.
func (d *dumper) within(f func()) {
	d.depth++
	f()
	d.depth--
}

// stated returns "name=value", or "" without a value.
func stated(name, value string) string {
	if value == "" {
		return ""
	}
	return name + "=" + strconv.Quote(value)
}

func statedBool(name string, value *bool) string {
	if value == nil {
		return ""
	}
	return fmt.Sprintf("%s=%t", name, *value)
}

func optional(name string, value *string) string {
	if value == nil {
		return ""
	}
	return name + "=" + strconv.Quote(*value)
}

func word(say bool, text string) string {
	if say {
		return text
	}
	return ""
}

func (d *dumper) model(m *Model) {
	folded := ""
	if m.Folded {
		folded = "folded"
	}
	d.line("csdl", m.Version, folded)
	for _, ref := range m.References {
		d.line("reference", strconv.Quote(ref.URI))
		d.within(func() { d.reference(ref) })
	}
	for _, s := range m.Schemas {
		d.line("schema", s.Namespace, stated("alias", s.Alias))
		d.within(func() { d.schema(s) })
	}
	if m.Container != nil {
		d.line("container", m.Container.Name.String(), stated("extends", m.Container.Extends))
		d.within(func() { d.container(m.Container) })
	}
	for _, s := range m.Skipped {
		d.line("skipped", strconv.Quote(s.Name))
	}
}

func (d *dumper) reference(ref *Reference) {
	for _, inc := range ref.Includes {
		d.line("include", inc.Namespace, stated("alias", inc.Alias))
		d.within(func() { d.annotations(inc.Annotations) })
	}
	for _, inc := range ref.IncludeAnnotations {
		d.line("include annotations", inc.TermNamespace, stated("qualifier", inc.Qualifier), stated("target", inc.TargetNamespace))
	}
	d.annotations(ref.Annotations)
}

func (d *dumper) schema(s *Schema) {
	d.annotations(s.Annotations)
	for _, t := range s.Types {
		switch t := t.(type) {
		case *StructuredType:
			d.structured(t)
		case *EnumType:
			d.enum(t)
		case *TypeDefinition:
			d.line("type definition", t.Name.String(), typeWords(t.Underlying))
			d.within(func() { d.annotations(t.Annotations) })
		}
	}
	s.operations(func(o *Operation) bool {
		d.operation(o)
		return true
	})
	for _, t := range s.Terms {
		d.line("term", t.Name.String(), typeWords(t.Type), stated("base", t.base.String()),
			optional("default", t.Default), stated("appliesTo", t.AppliesTo))
		d.within(func() { d.annotations(t.Annotations) })
	}
	for _, t := range s.External {
		if !t.Applied {
			d.line("annotations of nothing", strconv.Quote(t.Target))
			d.within(func() { d.annotations(t.Annotations) })
		}
	}
}

// typeWords returns a type with its facets.
func typeWords(t TypeRef) string {
	words := []string{
		t.String(), statedBool("nullable", t.Nullable), stated("maxLength", t.MaxLength),
		stated("precision", t.Precision), stated("scale", t.Scale), stated("srid", t.SRID), statedBool("unicode", t.Unicode),
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

func (d *dumper) structured(t *StructuredType) {
	d.line(t.Kind.String(), t.Name.String(), stated("base", t.base.String()),
		word(t.Abstract, "abstract"), word(t.Open, "open"), word(t.HasStream, "stream"))
	d.within(func() {
		d.annotations(t.Annotations)
		for _, k := range t.Key {
			d.line("key", k.Name, stated("alias", k.Alias))
		}
		for _, p := range t.Properties {
			d.line("property", p.Name, typeWords(p.Type), optional("default", p.Default))
			d.within(func() { d.annotations(p.Annotations) })
		}
		for _, n := range t.Navigation {
			d.navigation(n)
		}
	})
}

func (d *dumper) navigation(n *NavigationProperty) {
	d.line("navigation property", n.Name, typeWords(n.Type), stated("partner", n.Partner), word(n.ContainsTarget, "contained"))
	d.within(func() {
		d.annotations(n.Annotations)
		if n.OnDelete != "" {
			d.line("on delete", n.OnDelete)
			d.within(func() { d.annotations(n.OnDeleteAnnotations) })
		}
		for _, c := range n.Constraints {
			d.line("constraint", c.Property, "=", c.ReferencedProperty)
			d.within(func() { d.annotations(c.Annotations) })
		}
	})
}

func (d *dumper) enum(t *EnumType) {
	d.line("enum type", t.Name.String(), t.Underlying, word(t.Flags, "flags"))
	d.within(func() {
		d.annotations(t.Annotations)
		for _, m := range t.Members {
			value := ""
			if m.Value != nil {
				value = "= " + strconv.FormatInt(*m.Value, 10)
			}
			d.line("member", m.Name, value)
			d.within(func() { d.annotations(m.Annotations) })
		}
	})
}

func (d *dumper) operation(o *Operation) {
	kind := "action"
	if o.Function {
		kind = "function"
	}
	d.line(kind, o.Name.String(), word(o.Bound, "bound"), word(o.Composable, "composable"), stated("set", o.EntitySetPath))
	d.within(func() {
		d.annotations(o.Annotations)
		for _, p := range o.Parameters {
			d.line("parameter", p.Name, typeWords(p.Type))
			d.within(func() { d.annotations(p.Annotations) })
		}
		if o.Return != nil {
			d.line("returns", typeWords(o.Return.Type))
			d.within(func() { d.annotations(o.Return.Annotations) })
		}
	})
}

func (d *dumper) container(c *EntityContainer) {
	d.annotations(c.Annotations)
	for _, s := range c.EntitySets {
		d.line("entity set", s.Name, s.typeName.String(), statedBool("inServiceDocument", s.IncludeInServiceDocument))
		d.within(func() { d.bindings(s.Bindings, s.Annotations) })
	}
	for _, s := range c.Singletons {
		d.line("singleton", s.Name, s.typeName.String(), statedBool("nullable", s.Nullable))
		d.within(func() { d.bindings(s.Bindings, s.Annotations) })
	}
	for _, i := range c.ActionImports {
		d.operationImport("action import", i)
	}
	for _, i := range c.FunctionImports {
		d.operationImport("function import", i)
	}
}

func (d *dumper) bindings(bindings []Binding, list Annotations) {
	d.annotations(list)
	for _, b := range bindings {
		d.line("binding", b.Path, "to", b.Target)
	}
}

func (d *dumper) operationImport(kind string, i *OperationImport) {
	d.line(kind, i.Name, i.Operation, stated("set", i.EntitySet), statedBool("inServiceDocument", i.IncludeInServiceDocument))
	d.within(func() { d.annotations(i.Annotations) })
}

func (d *dumper) annotations(list Annotations) {
	for _, a := range list {
		name := "@" + a.Term
		if a.Qualifier != "" {
			name += "#" + a.Qualifier
		}
		d.valued(name, a.Value, a.Annotations)
	}
}

// valued writes a name with its value: constants on the same line, others below it.
func (d *dumper) valued(name string, value *Expression, list Annotations) {
	if value == nil {
		d.line(name)
	} else {
		d.line(name, "=", expressionWords(value))
	}
	d.within(func() {
		d.annotations(list)
		d.operands(value)
	})
}

// expressionWords returns an expression without its operands.
func expressionWords(e *Expression) string {
	words := []string{e.Kind}
	if e.Value != "" || e.Kind == "String" {
		words = append(words, strconv.Quote(e.Value))
	}
	if e.Name != "" {
		words = append(words, e.Name)
	}
	if e.Type != "" {
		words = append(words, strconv.Quote(e.Type))
	}
	if e.Facets != nil {
		if facets := typeWords(*e.Facets); facets != "" {
			words = append(words, facets)
		}
	}
	return strings.Join(words, " ")
}

func (d *dumper) operands(e *Expression) {
	if e == nil {
		return
	}
	d.annotations(e.Annotations)
	for _, p := range e.Properties {
		d.valued(p.Property, p.Value, p.Annotations)
	}
	for _, item := range e.Items {
		d.line(expressionWords(item))
		d.within(func() { d.operands(item) })
	}
}
