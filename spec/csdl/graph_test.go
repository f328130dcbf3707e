package csdl_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
)

// graph reads a description of the whole of Graph, which does not come with the
// project: it is looked for beside it.
func graph(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "metadata", name))
	if os.IsNotExist(err) {
		t.Skipf("the description %s is not beside the project", name)
	}
	require.NoError(t, err)
	return data
}

func TestGraphIsReadWhole(t *testing.T) {
	m, err := csdl.Read("graph.xml", graph(t, "graph-v1.0.csdl.xml"))
	require.NoError(t, err)
	got := make(map[string]int)
	for _, s := range m.Schemas {
		got["schemas"]++
		got["external annotations"] += len(s.External)
		got["terms"] += len(s.Terms)
		for _, ext := range s.External {
			if !ext.Applied {
				got["annotations of nothing"]++
			}
		}
		for _, t := range s.Types {
			count(t, got)
		}
	}
	for o := range m.Operations() {
		kind := "actions"
		if o.Function {
			kind = "functions"
		}
		got[kind]++
		if o.Binding() != nil {
			got["bound"]++
		}
		if o.Composable {
			got["composable"]++
		}
	}
	got["entity sets"], got["singletons"] = len(m.Container.EntitySets), len(m.Container.Singletons)
	assert.Equal(t, map[string]int{
		"schemas": 11, "entity types": 1182, "complex types": 1780, "enum types": 861, "flags": 64, "members": 6347,
		"properties": 10528, "navigation properties": 1432, "contained": 1048, "abstract": 183, "open": 535,
		"with derived types": 268, "actions": 857, "functions": 324, "bound": 1181, "composable": 131,
		"entity sets": 40, "singletons": 30, "terms": 11, "external annotations": 4918, "annotations of nothing": 6,
	}, got)
	assert.Len(t, m.Structured("microsoft.graph.entity").Descendants(), 1145)
	assert.Len(t, m.Structured("microsoft.graph.security.auditData").Descendants(), 392, "self means microsoft.graph.security everywhere")
}

func count(t edm.Type, got map[string]int) {
	add := func(key string, is bool) {
		if is {
			got[key]++
		}
	}
	switch t := t.(type) {
	case *edm.EnumType:
		got["enum types"]++
		got["members"] += len(t.Members)
		add("flags", t.Flags)
	case *edm.StructuredType:
		add("entity types", t.Kind == edm.Entity)
		add("complex types", t.Kind == edm.Complex)
		add("abstract", t.Abstract)
		add("open", t.Open)
		add("with derived types", len(t.Derived) > 0)
		got["properties"] += len(t.Properties)
		got["navigation properties"] += len(t.Navigation)
		for _, n := range t.Navigation {
			add("contained", n.ContainsTarget)
		}
	}
}

// lister counts the elements and attributes of a document.
type lister map[string]int

func (l lister) element(name string, attrs ...string) {
	l[name]++
	for i := 0; i < len(attrs); i += 2 {
		if attrs[i+1] != "" {
			l[name+" "+attrs[i]+"="+attrs[i+1]]++
		}
	}
}

// raw lists what the document says.
func (l lister) raw(t *testing.T, data []byte) {
	d := xml.NewDecoder(bytes.NewReader(data))
	name := ""
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			name = token.Name.Local
			l.element(name)
			for _, a := range token.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					l[name+" "+a.Name.Local+"="+a.Value]++
				}
			}
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); text != "" && name != "" && name != "Edmx" {
				l[name+" text="+text]++
			}
		}
	}
}

func flag(b bool) string {
	if b {
		return "true"
	}
	return ""
}

func optional(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// model lists what was read.
func (l lister) model(m *edm.Model) {
	l.element("Edmx", "Version", "4.0")
	l.element("DataServices")
	for _, s := range m.Schemas {
		l.element("Schema", "Namespace", s.Namespace, "Alias", s.Alias)
		l.annotations(s.Annotations)
		for _, t := range s.Types {
			l.typ(t)
		}
		for _, t := range s.Terms {
			l.element("Term", "Name", t.Name.Name, "Type", t.Type.Text, "AppliesTo", t.AppliesTo, "DefaultValue", text(t.Default), "BaseTerm", t.BaseTerm)
			l.annotations(t.Annotations)
		}
		for _, ext := range s.External {
			l.element("Annotations", "Target", ext.Target, "Qualifier", ext.Qualifier)
			l.annotations(ext.Annotations)
		}
	}
	for o := range m.Operations() {
		l.operation(o)
	}
	l.container(m.Container)
}

func (l lister) typ(t edm.Type) {
	switch t := t.(type) {
	case *edm.EnumType:
		underlying := t.Underlying
		if underlying == "Edm.Int32" {
			underlying = "" // the default
		}
		l.element("EnumType", "Name", t.Name.Name, "IsFlags", flag(t.Flags), "UnderlyingType", underlying)
		l.annotations(t.Annotations)
		for _, m := range t.Members {
			l.element("Member", "Name", m.Name, "Value", strconv.FormatInt(*m.Value, 10))
			l.annotations(m.Annotations)
		}
	case *edm.StructuredType:
		name := "EntityType"
		if t.Kind == edm.Complex {
			name = "ComplexType"
		}
		l.element(name, "Name", t.Name.Name, "BaseType", t.BaseName, "Abstract", flag(t.Abstract), "OpenType", flag(t.Open), "HasStream", flag(t.HasStream))
		l.annotations(t.Annotations)
		l.parts(t)
	}
}

func (l lister) parts(t *edm.StructuredType) {
	if len(t.Key) > 0 {
		l.element("Key")
	}
	for _, k := range t.Key {
		l.element("PropertyRef", "Name", k.Name, "Alias", k.Alias)
	}
	for _, p := range t.Properties {
		l.typed("Property", p.Name, p.Type, "DefaultValue", text(p.Default))
		l.annotations(p.Annotations)
	}
	for _, n := range t.Navigation {
		l.typed("NavigationProperty", n.Name, n.Type, "Partner", n.Partner, "ContainsTarget", flag(n.ContainsTarget))
		l.annotations(n.Annotations)
	}
}

func (l lister) typed(element, name string, t edm.TypeRef, more ...string) {
	l.element(element, append(more, "Name", name, "Type", t.Text, "Nullable", optional(t.Nullable), "MaxLength", t.MaxLength,
		"Precision", t.Precision, "Scale", t.Scale, "SRID", t.SRID, "Unicode", optional(t.Unicode))...)
}

func (l lister) operation(o *edm.Operation) {
	name := "Action"
	if o.Function {
		name = "Function"
	}
	l.element(name, "Name", o.Name.Name, "IsBound", flag(o.Bound), "IsComposable", flag(o.Composable), "EntitySetPath", o.EntitySetPath)
	l.annotations(o.Annotations)
	for _, p := range o.Parameters {
		l.typed("Parameter", p.Name, p.Type)
		l.annotations(p.Annotations)
	}
	if o.Return != nil {
		l.typed("ReturnType", "", o.Return.Type)
		l.annotations(o.Return.Annotations)
	}
}

func (l lister) container(c *edm.EntityContainer) {
	l.element("EntityContainer", "Name", c.Name.Name, "Extends", c.Extends)
	l.annotations(c.Annotations)
	bindings := func(list []edm.Binding) {
		for _, b := range list {
			l.element("NavigationPropertyBinding", "Path", b.Path, "Target", b.Target)
		}
	}
	for _, s := range c.EntitySets {
		l.element("EntitySet", "Name", s.Name, "EntityType", s.TypeName, "IncludeInServiceDocument", optional(s.IncludeInServiceDocument))
		l.annotations(s.Annotations)
		bindings(s.Bindings)
	}
	for _, s := range c.Singletons {
		l.element("Singleton", "Name", s.Name, "Type", s.TypeName, "Nullable", optional(s.Nullable))
		l.annotations(s.Annotations)
		bindings(s.Bindings)
	}
}

func (l lister) annotations(list edm.Annotations) {
	for _, a := range list {
		l.element("Annotation", "Term", a.Term, "Qualifier", a.Qualifier)
		l.value("Annotation", a.Value)
		l.annotations(a.Annotations)
	}
}

func (l lister) value(of string, e *edm.Expression) {
	if e == nil {
		return
	}
	if e.Attribute {
		l[of+" "+e.Kind+"="+e.Value]++
		return
	}
	l.element(e.Kind, "Type", e.Type, "text", strings.TrimSpace(e.Value))
	l.annotations(e.Annotations)
	for _, p := range e.Properties {
		l.element("PropertyValue", "Property", p.Property)
		l.value("PropertyValue", p.Value)
		l.annotations(p.Annotations)
	}
	for _, item := range e.Items {
		l.value(e.Kind, item)
	}
}

func TestNothingOfGraphIsIgnored(t *testing.T) {
	for _, name := range []string{"graph-v1.0.csdl.xml", "graph-beta-sovereign.csdl.xml"} {
		data := graph(t, name)
		m, err := csdl.Parse(name, data)
		require.NoError(t, err)
		raw, read := make(lister), make(lister)
		raw.raw(t, data)
		read.model(m)
		assert.NotEmpty(t, raw)
		for key := range maps.Keys(raw) {
			if raw[key] != read[key] {
				t.Errorf("%s: %d times in the document, read %d times: %s", name, raw[key], read[key], key)
			}
		}
		for key := range maps.Keys(read) {
			if _, ok := raw[key]; !ok {
				t.Errorf("%s: read, but not in the document: %s", name, key)
			}
		}
	}
}

func BenchmarkRead(b *testing.B) {
	data := graph(b, "graph-v1.0.csdl.xml")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := csdl.Read("graph.xml", data); err != nil {
			b.Fatal(err)
		}
	}
}
