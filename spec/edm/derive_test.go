package edm_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
)

func read(t *testing.T, content string) *edm.Model {
	t.Helper()
	m, err := csdl.Read("d.xml", []byte(`<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="ns" Alias="self" xmlns="http://docs.oasis-open.org/odata/ns/edm">
`+content+`
</Schema></edmx:DataServices></edmx:Edmx>`))
	require.NoError(t, err)
	return m
}

func names[T edm.Type](types []T) []string {
	var names []string
	for _, t := range types {
		names = append(names, t.TypeName().Name)
	}
	return names
}

const hierarchy = `
<EntityType Name="z" BaseType="ns.b"><Property Name="pz" Type="Edm.String"/></EntityType>
<EntityType Name="a"><Key><PropertyRef Name="id"/><PropertyRef Name="place/code" Alias="code"/></Key>
	<Property Name="id" Type="Edm.String"/><Property Name="place" Type="ns.place"/></EntityType>
<EntityType Name="b" BaseType="self.a" OpenType="true"><Property Name="pb" Type="Edm.String"/>
	<NavigationProperty Name="next" Type="ns.a"/></EntityType>
<EntityType Name="c" BaseType="ns.a"/>
<EntityType Name="m" BaseType="ns.z"/>
<ComplexType Name="place"><Property Name="code" Type="Edm.String"/></ComplexType>
<EnumType Name="color"/>
<Function Name="f" IsBound="true"><Parameter Name="it" Type="ns.a"/><ReturnType Type="Edm.String"/></Function>
<Action Name="g" IsBound="true"><Parameter Name="it" Type="ns.a"/></Action>
<Function Name="h" IsBound="true"><Parameter Name="it" Type="Collection(ns.a)"/><ReturnType Type="Edm.String"/></Function>
<Action Name="i" IsBound="true"><Parameter Name="it" Type="ns.b"/></Action>
<Function Name="f"><ReturnType Type="Edm.String"/></Function>`

func TestHierarchy(t *testing.T) {
	m := read(t, hierarchy)
	a, b, leaf := m.Structured("ns.a"), m.Structured("ns.b"), m.Structured("ns.m")

	assert.Equal(t, []string{"b", "c"}, names(a.Derived), "in document order")
	assert.Equal(t, []string{"b", "c", "m", "z"}, names(a.Descendants()), "sorted")
	assert.Empty(t, leaf.Descendants())
	assert.Equal(t, []string{"z", "b", "a"}, names(leaf.Ancestors()), "nearest first")
	assert.Empty(t, a.Ancestors())
	assert.Same(t, a, leaf.Root())
	assert.Same(t, a, a.Root())

	assert.True(t, b.IsOpen())
	assert.True(t, leaf.IsOpen(), "inherited")
	assert.False(t, a.IsOpen())
}

func TestProperties(t *testing.T) {
	m := read(t, hierarchy)
	leaf := m.Structured("ns.m")
	var all, keys []string
	for _, p := range leaf.AllProperties() {
		all = append(all, p.Owner.Name.Name+"/"+p.Name)
	}
	for _, p := range leaf.KeyProperties() {
		keys = append(keys, p.Owner.Name.Name+"/"+p.Name)
	}
	assert.Equal(t, []string{"a/id", "a/place", "b/pb", "z/pz"}, all)
	assert.Equal(t, []string{"a/id", "place/code"}, keys)
	assert.Empty(t, m.Structured("ns.place").KeyProperties())
	assert.Equal(t, "a", leaf.Property("id").Owner.Name.Name)
	assert.Nil(t, leaf.Property("next"))
	assert.Equal(t, "b", leaf.NavigationProperty("next").Owner.Name.Name)
	assert.Nil(t, leaf.NavigationProperty("id"))
}

func TestLookUp(t *testing.T) {
	m := read(t, hierarchy)
	assert.Same(t, m.Structured("ns.a"), m.Type(edm.QName{Namespace: "ns", Name: "a"}))
	assert.Equal(t, "color", m.Enum("ns.color").Name.Name)
	assert.Nil(t, m.Structured("ns.color"))
	assert.Nil(t, m.Enum("ns.a"))
	assert.Nil(t, m.Structured("a"))
	assert.Nil(t, m.Type(edm.QName{Namespace: "ns", Name: "none"}))
	assert.Nil(t, m.Type(edm.QName{Namespace: "Edm", Name: "none"}))
	text, ok := m.Type(edm.QName{Namespace: "Edm", Name: "String"}).(*edm.Primitive)
	require.True(t, ok)
	assert.Equal(t, edm.QName{Namespace: "Edm", Name: "String"}, text.TypeName())
	assert.Same(t, text, m.Structured("ns.a").Property("id").Type.Type)
	assert.Nil(t, new(edm.Model).Structured("ns.a"), "not linked")
}

func TestOperations(t *testing.T) {
	m := read(t, hierarchy)
	list := func(operations []*edm.Operation) (names []string) {
		for _, o := range operations {
			names = append(names, o.Name.Name)
		}
		return names
	}
	assert.Equal(t, []string{"f", "g", "h", "i", "f"}, list(slices.Collect(m.Operations())))
	for range m.Operations() {
		break // iteration can end early
	}
	a := m.Structured("ns.a")
	assert.Equal(t, []string{"f", "g"}, list(m.BoundTo(a, false)))
	assert.Equal(t, []string{"h"}, list(m.BoundTo(a, true)))
	assert.Equal(t, []string{"i"}, list(m.BoundTo(m.Structured("ns.b"), false)), "itself, not its bases")
	assert.Empty(t, m.BoundTo(m.Structured("ns.c"), false))
	assert.Len(t, m.Overloads(edm.QName{Namespace: "ns", Name: "f"}), 2)
}

func TestAnnotations(t *testing.T) {
	m := read(t, `<ComplexType Name="a">
	<Annotation Term="Org.OData.Core.V1.Description" Qualifier="Short" String="qualified"/>
	<Annotation Term="Org.OData.Core.V1.Description" String="plain"/>
	<Annotation Term="Org.OData.Core.V1.LongDescription"><String>long</String></Annotation>
	<Annotation Term="Org.OData.Core.V1.Computed"/>
	<Annotation Term="Org.OData.Core.V1.Immutable" Bool="false"/>
	<Annotation Term="Org.OData.Core.V1.Revisions"><Collection><Record>
		<PropertyValue Property="Version" String="2024-01/Deprecation"/>
		<PropertyValue Property="Kind"><EnumMember>Org.OData.Core.V1.RevisionKind/Deprecated</EnumMember></PropertyValue>
		<PropertyValue Property="Description" String="gone"/>
		<PropertyValue Property="ElementName" String="a"/>
		<PropertyValue Property="Date" Date="2024-04-10"/>
		<PropertyValue Property="RemovalDate" Date="2026-04-10"/>
	</Record><Record/></Collection></Annotation>
</ComplexType><ComplexType Name="b"><Annotation Term="Org.OData.Core.V1.Description" Qualifier="Short" String="qualified"/>
<Annotation Term="Org.OData.Core.V1.LongDescription" Int="1"/></ComplexType>`)
	a, b := m.Structured("ns.a").Annotations, m.Structured("ns.b").Annotations
	assert.Equal(t, "plain", a.Description())
	assert.Equal(t, "long", a.LongDescription())
	assert.Equal(t, "qualified", b.Description())
	assert.Empty(t, b.LongDescription(), "no text")
	assert.Empty(t, edm.Annotations(nil).Description())
	assert.True(t, a.Bool("Org.OData.Core.V1.Computed"), "the default of the term")
	assert.False(t, a.Bool("Org.OData.Core.V1.Immutable"))
	assert.False(t, a.Bool("Org.OData.Core.V1.IsURL"))
	assert.Nil(t, a.Get("Core.Description"), "terms are given in full")

	revisions := a.Revisions()
	require.Len(t, revisions, 2)
	revisions[0].Pos = revisions[1].Pos
	assert.Equal(t, edm.Revision{
		Version: "2024-01/Deprecation", Kind: "Deprecated", Description: "gone", ElementName: "a",
		Date: "2024-04-10", RemovalDate: "2026-04-10", Pos: revisions[1].Pos,
	}, revisions[0])
	assert.Empty(t, b.Revisions())
}

func TestIdentifiers(t *testing.T) {
	for _, s := range []string{"a", "_", "a-b", "alerts_v2", "Ünï", "a1"} {
		assert.True(t, edm.IsIdentifier(s), s)
	}
	for _, s := range []string{"", "1a", "-a", "a b", "a\n", "a\"", "a`", "a*/", "a.b", "a/b", "a\u200b", "a\u2028", "a\xff", "a\ufffd", "a\x00"} {
		assert.False(t, edm.IsIdentifier(s), "%q", s)
	}
	assert.True(t, edm.IsNamespace("a.b-c.d"))
	assert.False(t, edm.IsNamespace("a..b"))
	assert.True(t, edm.IsPath("a/b.c/d"))
	assert.False(t, edm.IsPath("a//b"))
	assert.Equal(t, `"a\nb"`, edm.Quote("a\nb"))
}
