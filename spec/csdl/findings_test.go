package csdl_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
)

// document puts the content of a schema, which begins on line 3, into a description.
func document(content string) string {
	return `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="ns" Alias="self" xmlns="http://docs.oasis-open.org/odata/ns/edm">
` + content + `
</Schema></edmx:DataServices></edmx:Edmx>`
}

func TestFindings(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want string // one finding a line
	}{
		"empty file":   {"", "d.xml: the file is empty: a CSDL document was expected"},
		"not XML":      {"{}", "d.xml:1:1: text stands outside of the document's element: this is not CSDL XML"},
		"not CSDL":     {"<html/>", "d.xml:1:1: not CSDL: the document's element is html, not Edmx"},
		"bad XML":      {"<Edmx>\n<a></b></Edmx>", "d.xml:2:4: not well-formed XML: element <a> closed by </b>"},
		"cut off":      {"<Edmx>", "d.xml:1:7: not well-formed XML: unexpected EOF"},
		"doctype":      {"<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>", "d.xml:1:1: a DOCTYPE is refused: a description needs none, and entities could make it grow without bound"},
		"entity":       {"<Edmx>&a;</Edmx>", "d.xml:1:7: not well-formed XML: invalid character entity &a;"},
		"version":      {`<Edmx Version="3.0"/>`, `d.xml:1:1: CSDL version "3.0" is not supported: 4.0 and 4.01 are`},
		"no schema":    {`<Edmx Version="4.0"/>`, "d.xml:1:1: the document has no Schema"},
		"too deep":     {strings.Repeat("<a>", 70), "d.xml:1:193: elements nest deeper than 64 levels"},
		"element":      {document(`<EntityTyp Name="a"/>`), "d.xml:3:1: ns: the element EntityTyp does not belong here: correct or remove it"},
		"inner":        {document(`<ComplexType Name="a"><Propery Name="b"/></ComplexType>`), "d.xml:3:23: ns.a: the element Propery does not belong here: correct or remove it"},
		"attribute":    {document(`<ComplexType Name="a" Opentype="true"/>`), "d.xml:3:1: ns.a: the ComplexType element has no attribute Opentype: correct or remove it"},
		"no name":      {document(`<ComplexType/>`), "d.xml:3:1: ns: the ComplexType element needs the attribute Name"},
		"no type":      {document(`<ComplexType Name="a"><Property Name="b"/></ComplexType>`), "d.xml:3:23: ns.a/b: the Property element needs the attribute Type"},
		"bad boolean":  {document(`<ComplexType Name="a" Abstract="yes"/>`), `d.xml:3:1: ns.a: Abstract must be "true" or "false", not "yes"`},
		"bad integer":  {document(`<EnumType Name="a"><Member Name="m" Value="x"/></EnumType>`), `d.xml:3:20: ns.a/m: Value must be an integer, not "x"`},
		"bad name":     {document("<ComplexType Name=\"a;\nimport &quot;os&quot;\"/>"), "d.xml:3:1: ns: \"a;\\nimport \\\"os\\\"\" is not a name: letters, digits, _ and - are allowed, 128 at most, with a letter or _ first"},
		"bad space":    {strings.Replace(document(""), `"ns"`, `"n s"`, 1), `d.xml:2:1: "n s" is not a namespace`},
		"underlying":   {document(`<EnumType Name="a" UnderlyingType="Edm.String"/>`), `d.xml:3:1: ns.a: UnderlyingType must be an integer type of the Edm namespace, not "Edm.String"`},
		"unknown base": {document(`<ComplexType Name="a" BaseType="self.b"/>`), "d.xml:3:1: ns.a: its base type self.b is not defined: correct the name or add the type"},
		"other base":   {document(`<EntityType Name="b"/><ComplexType Name="a" BaseType="self.b"/>`), "d.xml:3:23: ns.a: the complex type cannot derive from the entity type ns.b"},
		"enum base":    {document(`<EnumType Name="b"/><ComplexType Name="a" BaseType="self.b"/>`), "d.xml:3:21: ns.a: its base type self.b is not a structured type"},
		"cycle":        {document(`<ComplexType Name="a" BaseType="ns.b"/><ComplexType Name="b" BaseType="ns.a"/>`), "d.xml:3:1: ns.a: the type derives from itself: its base type ns.b leads back to it"},
		"own base":     {document(`<ComplexType Name="a" BaseType="ns.a"/>`), "d.xml:3:1: ns.a: the type derives from itself: its base type ns.a leads back to it"},
		"type twice":   {document(`<ComplexType Name="a"/><EnumType Name="a"/>`), "d.xml:3:24: ns.a: the type is declared twice, first at d.xml:3:1"},
		"no such type": {document(`<ComplexType Name="a"><Property Name="p" Type="Collection(self.x)"/></ComplexType>`), "d.xml:3:23: ns.a/p: the type self.x is not defined: correct the name or add the type"},
		"parenthesis":  {document(`<ComplexType Name="a"><Property Name="p" Type="Collection(Edm.String"/></ComplexType>`), `d.xml:3:23: ns.a/p: "Collection(Edm.String" lacks the closing parenthesis`},
		"twice": {document(`<ComplexType Name="a"><Property Name="p" Type="Edm.String"/></ComplexType>
<ComplexType Name="b" BaseType="ns.a"><Property Name="p" Type="Edm.String"/></ComplexType>`),
			"d.xml:4:39: ns.b/p: the property is declared twice, first at d.xml:3:23"},
		"member twice": {document(`<EnumType Name="a"><Member Name="m"/><Member Name="m"/></EnumType>`), "d.xml:3:38: ns.a/m: the member is declared twice, first at d.xml:3:20"},
		"key":          {document(`<EntityType Name="a"><Key><PropertyRef Name="id"/></Key></EntityType>`), "d.xml:3:27: ns.a: its key id is not one of its properties"},
		"navigation": {document(`<ComplexType Name="c"/><EntityType Name="a"><NavigationProperty Name="n" Type="ns.c"/></EntityType>`),
			"d.xml:3:45: ns.a/n: a navigation property leads to an entity type, which ns.c is not"},
		"binding": {document(`<Action Name="a" IsBound="true"/>`), "d.xml:3:1: ns.a: a bound operation needs a binding parameter, which comes first"},
		"overload": {document(`<EntityType Name="e"/><Action Name="a" IsBound="true"><Parameter Name="p" Type="ns.e"/></Action><Action Name="a" IsBound="true"><Parameter Name="q" Type="ns.e"/></Action>`),
			"d.xml:3:97: ns.a: the operation is declared twice for one binding type, first at d.xml:3:23"},
		"set":       {document(`<ComplexType Name="c"/><EntityContainer Name="x"><EntitySet Name="s" EntityType="ns.c"/></EntityContainer>`), "d.xml:3:50: ns.x/s: ns.c is not a defined entity type"},
		"set twice": {document(`<EntityType Name="e"/><EntityContainer Name="x"><EntitySet Name="s" EntityType="ns.e"/><Singleton Name="s" Type="ns.e"/></EntityContainer>`), "d.xml:3:88: ns.x/s: the container declares the name twice, first at d.xml:3:49"},
		"import":    {document(`<EntityContainer Name="x"><ActionImport Name="a" Action="ns.none"/></EntityContainer>`), "d.xml:3:27: ns.x/a: the operation ns.none is not defined"},
		"two values": {document(`<ComplexType Name="a"><Annotation Term="Core.Description" String="x" Bool="true"/></ComplexType>`),
			"d.xml:3:23: ns.a: the Annotation has a second value"},
		"several at once": {document(`<ComplexType Name="a" BaseType="ns.x"><Property Name="p" Type="ns.y"/></ComplexType>
<ComplexType Name="a"/>`), `d.xml:3:1: ns.a: its base type ns.x is not defined: correct the name or add the type
d.xml:3:39: ns.a/p: the type ns.y is not defined: correct the name or add the type
d.xml:4:1: ns.a: the type is declared twice, first at d.xml:3:1`},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := csdl.Read("d.xml", []byte(c.text))
			require.Error(t, err)
			assert.Nil(t, m)
			assert.Equal(t, c.want, err.Error())
			var found *diag.Error
			assert.True(t, errors.As(err, &found))
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(document(`<EntityType Name="e" BaseType="self.e"><Key><PropertyRef Name="id"/></Key></EntityType>`)))
	f.Add([]byte(document(`<Annotations Target="ns.x"><Annotation Term="a"><Collection><Record/></Collection></Annotation></Annotations>`)))
	f.Add([]byte("<a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := csdl.Read("fuzz.xml", data)
		if (m == nil) == (err == nil) {
			t.Errorf("a model and an error, or neither: %v", err)
		}
	})
}
