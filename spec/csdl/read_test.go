package csdl_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/wanted"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

func dump(t *testing.T, m *edm.Model) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Dump(&b))
	return b.String()
}

// TestEverything holds the model of a document with everything in it against its
// dump. UPDATE=1 writes the dump anew.
func TestEverything(t *testing.T) {
	m, err := csdl.Read("everything.csdl.xml", fixture(t, "everything.csdl.xml"))
	require.NoError(t, err)
	got := dump(t, m)
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.WriteFile(filepath.Join("..", "testdata", "everything.txt"), []byte(got), 0o644))
	}
	assert.Equal(t, string(fixture(t, "everything.txt")), got)
	again, err := csdl.Read("everything.csdl.xml", fixture(t, "everything.csdl.xml"))
	require.NoError(t, err)
	assert.Equal(t, got, dump(t, again))
	require.NoError(t, m.Link(), "a second time")
	assert.Equal(t, got, dump(t, m))
}

// TestFeatures reads documents of one feature each. What is wanted is the dump of
// their schema.
func TestFeatures(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty schema":   {``, ``},
		"comments":       {`<!-- a --><?b c?><ComplexType Name="a"><!-- b --></ComplexType>`, `complex type ns.a`},
		"self closing":   {`<EnumType Name="a"/>`, `enum type ns.a Edm.Int32`},
		"alias":          {`<ComplexType Name="a" BaseType="self.b"/><ComplexType Name="b"/>`, "complex type ns.a base=\"ns.b\"\ncomplex type ns.b"},
		"own type":       {`<ComplexType Name="a"><Property Name="a" Type="Collection(self.a)"/></ComplexType>`, "complex type ns.a\n  property a Collection(ns.a)"},
		"hyphen":         {`<ComplexType Name="a"><Property Name="request-id" Type="Edm.String"/></ComplexType>`, "complex type ns.a\n  property request-id Edm.String"},
		"other letters":  {`<ComplexType Name="Straße_2"/>`, "complex type ns.Straße_2"},
		"longest name":   {`<ComplexType Name="` + strings.Repeat("ß", 128) + `"/>`, "complex type ns." + strings.Repeat("ß", 128)},
		"values":         {`<EnumType Name="a" IsFlags="true"><Member Name="b"/><Member Name="c" Value="-2"/></EnumType>`, "enum type ns.a Edm.Int32 flags\n  member b\n  member c = -2"},
		"not false":      {`<ComplexType Name="a" Abstract="false" OpenType="false"/>`, "complex type ns.a"},
		"abstract base":  {`<EntityType Name="a" BaseType="Edm.EntityType"/>`, `entity type ns.a base="Edm.EntityType"`},
		"inherited key":  {`<EntityType Name="b" BaseType="ns.a"><Property Name="c" Type="Edm.Int16"/></EntityType><EntityType Name="a"/>`, "entity type ns.b base=\"ns.a\"\n  property c Edm.Int16\nentity type ns.a"},
		"usual alias":    {`<ComplexType Name="a"><Annotation Term="Core.Description" String="b"/></ComplexType>`, "complex type ns.a\n  @Org.OData.Core.V1.Description = String \"b\""},
		"alias of terms": {`<Term Name="b" Type="Edm.String"/><ComplexType Name="a"><Annotation Term="self.b"/></ComplexType>`, "complex type ns.a\n  @ns.b\nterm ns.b Edm.String"},
		"callgen terms":  {`<ComplexType Name="a"><Annotation Term="Callgen.Reason" String="b"/></ComplexType>`, "complex type ns.a\n  @Callgen.Reason = String \"b\""},
		"inline and away": {`<Annotations Target="self.a"><Annotation Term="x.y.z" Int="2"/></Annotations><ComplexType Name="a"><Annotation Term="x.y.z" Int="1"/></ComplexType>`,
			"complex type ns.a\n  @x.y.z = Int \"1\"\n  @x.y.z = Int \"2\""},
		"overloads": {function("x", "y") + function("x") + `<Action Name="f" IsBound="true"><Parameter Name="it" Type="self.c"/></Action><ComplexType Name="c"/>`,
			"complex type ns.c\nfunction ns.f bound\n  parameter it ns.c\n  parameter x Edm.String\n  parameter y Edm.String\n  returns Edm.String\n" +
				"function ns.f bound\n  parameter it ns.c\n  parameter x Edm.String\n  returns Edm.String\naction ns.f bound\n  parameter it ns.c"},
		"target of no member": {`<ComplexType Name="a"/><Annotations Target="ns.a/b"><Annotation Term="x.y.z"/></Annotations>`,
			"complex type ns.a\nannotations of nothing \"ns.a/b\"\n  @x.y.z"},
		"target of no type":   {`<Annotations Target="ns.b"/>`, `annotations of nothing "ns.b"`},
		"target of no name":   {`<Annotations Target="*/&#10;x"/>`, `annotations of nothing "*/\nx"`},
		"path through a type": {`<ComplexType Name="a"/><Annotations Target="ns.a/b/c"/>`, "complex type ns.a\nannotations of nothing \"ns.a/b/c\""},
		"text of constants":   {`<ComplexType Name="a"><Annotation Term="x.y.z"><Bool> true </Bool></Annotation></ComplexType>`, "complex type ns.a\n  @x.y.z = Bool \"true\""},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := csdl.Read("d.xml", []byte(document(c.text)))
			require.NoError(t, err)
			want := "csdl 4.0\nschema ns alias=\"self\"\n"
			if c.want != "" {
				want += "  " + strings.ReplaceAll(c.want, "\n", "\n  ") + "\n"
			}
			assert.Equal(t, want, dump(t, m))
		})
	}
}

func TestAliasesHoldInTheWholeDocument(t *testing.T) {
	text := strings.Replace(document(`<ComplexType Name="a" BaseType="other.b"/>`), `</edmx:DataServices>`,
		`<Schema Namespace="o.ther" Alias="other" xmlns="`+nsEDM+`"><ComplexType Name="b"/>
<ComplexType Name="c" BaseType="self.a"/></Schema></edmx:DataServices>`, 1)
	m, err := csdl.Read("d.xml", []byte(text))
	require.NoError(t, err)
	assert.Same(t, m.Structured("o.ther.b"), m.Structured("ns.a").Base)
	assert.Same(t, m.Structured("ns.a"), m.Structured("o.ther.c").Base)
}

func TestPositions(t *testing.T) {
	text := "\ufeff" + document("  <ComplexType Name=\"a\">\r\n\t<Property\n Name=\"b\" Type=\"Edm.String\"/>ä<!--ä--></ComplexType>")
	_, err := csdl.Read("d.xml", []byte(text))
	wanted.Findings(t, err, "d.xml:5:30: ns.a: text in <ComplexType>, which has none")

	m, err := csdl.Read("d.xml", []byte(strings.Replace(text, ">ä<", "><", 1)))
	require.NoError(t, err)
	assert.Equal(t, diag.Pos{File: "d.xml", Line: 2, Col: 1}, m.Schemas[0].Pos)
	a := m.Structured("ns.a")
	assert.Equal(t, diag.Pos{File: "d.xml", Line: 3, Col: 3}, a.Pos)
	assert.Equal(t, diag.Pos{File: "d.xml", Line: 4, Col: 2}, a.Properties[0].Pos)
}

func TestParseDoesNotLink(t *testing.T) {
	m, err := csdl.Parse("d.xml", []byte(document(`<ComplexType Name="a" BaseType="graph.b"/>`)))
	require.NoError(t, err)
	assert.Equal(t, "graph.b", m.Schemas[0].Types[0].(*edm.StructuredType).BaseName)
	_, err = csdl.Parse("d.xml", []byte(document(`<ComplexType/>`)))
	wanted.Findings(t, err, "d.xml:3:1: ns: <ComplexType> has no Name")
}

// TestManyTypes reads far more types than any service has.
func TestManyTypes(t *testing.T) {
	const n = 100_000
	var b strings.Builder
	b.WriteString(`<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>` +
		`<Schema Namespace="s" xmlns="http://docs.oasis-open.org/odata/ns/edm">`)
	for i := range n {
		fmt.Fprintf(&b, `<ComplexType Name="t%d"><Property Name="p" Type="s.t%d"/></ComplexType>`, i, i*7%n)
	}
	b.WriteString(`</Schema></edmx:DataServices></edmx:Edmx>`)
	m, err := csdl.Read("many.xml", []byte(b.String()))
	require.NoError(t, err)
	assert.Len(t, m.Schemas[0].Types, n)
	assert.Equal(t, m.Structured("s.t7"), m.Structured("s.t1").Property("p").Type.Type)
}
