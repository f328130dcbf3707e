package csdl_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
)

const (
	nsEDMX = "http://docs.oasis-open.org/odata/ns/edmx"
	nsEDM  = "http://docs.oasis-open.org/odata/ns/edm"
)

// document puts the content of a schema, which begins on line 3, into a description.
func document(content string) string {
	return `<edmx:Edmx Version="4.0" xmlns:edmx="` + nsEDMX + `"><edmx:DataServices>
<Schema Namespace="ns" Alias="self" xmlns="` + nsEDM + `">
` + content + `
</Schema></edmx:DataServices></edmx:Edmx>`
}

func manyAttributes() string {
	var b strings.Builder
	for i := range 65 {
		b.WriteString(" a" + strconv.Itoa(i) + `="b"`)
	}
	return b.String()
}

// function returns a bound function with more parameters of these names.
func function(names ...string) string {
	text := `<Function Name="f" IsBound="true"><Parameter Name="it" Type="self.c"/>`
	for _, name := range names {
		text += `<Parameter Name="` + name + `" Type="Edm.String"/>`
	}
	return text + `<ReturnType Type="Edm.String"/></Function>`
}

// overloads returns n functions of one name.
func overloads(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`<Function Name="f"><Parameter Name="p` + strconv.Itoa(i) + `" Type="Edm.String"/></Function>`)
	}
	return b.String()
}

// chain returns n types, each derived from the one before.
func chain(n int) string {
	text := `<ComplexType Name="t0"/>`
	for i := 1; i < n; i++ {
		text += `<ComplexType Name="t` + strconv.Itoa(i) + `" BaseType="ns.t` + strconv.Itoa(i-1) + `"/>`
	}
	return text
}

// findings are descriptions with something wrong, and what is said of it.
var findings = []struct{ name, text, want string }{
	{
		"empty file",
		``,
		"d.xml:1:1: empty file: a CSDL XML document is needed",
	},
	{
		"empty file with white space",
		"\ufeff \n",
		"d.xml:1:1: empty file: a CSDL XML document is needed",
	},
	{
		"not XML",
		`{"openapi": "3.0.0"}`,
		"d.xml:1:1: not CSDL XML: text stands outside of the root element",
	},
	{
		"not CSDL",
		`<svg xmlns="http://www.w3.org/2000/svg"/>`,
		"d.xml:1:1: not CSDL XML: the root element is <svg>, not <edmx:Edmx>",
	},
	{
		"old CSDL",
		`<Edmx Version="1.0" xmlns="http://schemas.microsoft.com/ado/2007/06/edmx"/>`,
		`d.xml:1:1: this describes OData V2 or V3 (XML namespace "http://schemas.microsoft.com/ado/2007/06/edmx"), and only OData 4 is read: save the $metadata of the service's OData 4 address`,
	},
	{
		"old schema",
		strings.Replace(document(``), `"`+nsEDM+`"`, `"http://schemas.microsoft.com/ado/2009/11/edm"`, 1),
		`d.xml:2:1: XML namespace "http://schemas.microsoft.com/ado/2009/11/edm" is that of an older CSDL: write http://docs.oasis-open.org/odata/ns/edm`,
	},
	{
		"text before the root",
		`x <a/>`,
		"d.xml:1:1: not CSDL XML: text stands outside of the root element",
	},
	{
		"second root",
		document(``) + `<b/>`,
		"d.xml:4:42: second root element <b>: a document has one, <edmx:Edmx>",
	},
	{
		"bad XML",
		document(`<EntityType Name="a"></ComplexType>`),
		"d.xml:3:36: bad XML: element <EntityType> closed by </ComplexType>",
	},
	{
		"cut off",
		`<edmx:Edmx Version="4.0" xmlns:edmx="` + nsEDMX + `"><edmx:DataServices>`,
		"d.xml:1:99: bad XML: unexpected EOF",
	},
	{
		"undefined entity",
		document(`<Term Name="a" Type="Edm.String" DefaultValue="&b;"/>`),
		"d.xml:3:51: bad XML: invalid character entity &b;",
	},
	{
		"invalid UTF-8",
		document("<Term Name=\"a\xff\" Type=\"Edm.String\"/>"),
		"d.xml:3:16: bad XML: invalid UTF-8",
	},
	{
		"unknown encoding",
		`<?xml version="1.0" encoding="ISO-8859-0"?>` + document(``),
		`d.xml:1:44: bad XML: unknown encoding "ISO-8859-0": save the document in UTF-8`,
	},
	{
		"document type",
		`<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>` + document(``),
		"d.xml:1:1: a document type declaration is not supported: remove <!DOCTYPE …>",
	},
	{
		"nested too deep",
		document(`<Term Name="a" Type="Edm.String"><Annotation Term="a.b">` + strings.Repeat(`<Collection>`, 60)),
		"d.xml:3:765: elements are nested deeper than 64",
	},
	{
		"too many attributes",
		document(`<Term` + manyAttributes() + `/>`),
		"d.xml:3:1: <Term> has more than 64 attributes",
	},
	{
		"unsupported version",
		strings.Replace(document(``), "4.0", "3.0", 1),
		`d.xml:1:1: unsupported Version "3.0": 4.0 and 4.01 are supported`,
	},
	{
		"missing version",
		strings.Replace(document(``), `Version="4.0"`, "", 1),
		"d.xml:1:1: <Edmx> has no Version: state it",
	},
	{
		"no schema",
		`<edmx:Edmx Version="4.0" xmlns:edmx="` + nsEDMX + `"><edmx:DataServices/></edmx:Edmx>`,
		"d.xml:1:1: no schema: <edmx:DataServices> needs at least one <Schema>",
	},
	{
		"unknown element",
		document(`<EntityTyp Name="a"/>`),
		"d.xml:3:1: ns: unknown element <EntityTyp> in <Schema>: correct or remove it",
	},
	{
		"unknown element in a type",
		document(`<ComplexType Name="a"><Propery Name="b"/></ComplexType>`),
		"d.xml:3:23: ns.a: unknown element <Propery> in <ComplexType>: correct or remove it",
	},
	{
		"element in the wrong place",
		document(`<ComplexType Name="a"><Key/></ComplexType>`),
		"d.xml:3:23: ns.a: unknown element <Key> in <ComplexType>: correct or remove it",
	},
	{
		"element of the wrong namespace",
		document(`<EntityType Name="a" xmlns="` + nsEDMX + `"/>`),
		"d.xml:3:1: ns.a: <EntityType> is in the wrong XML namespace: put it into http://docs.oasis-open.org/odata/ns/edm",
	},
	{
		"element of no namespace",
		document(`<EntityType Name="a" xmlns=""/>`),
		`d.xml:3:1: ns: <EntityType> is in no XML namespace: put xmlns="http://docs.oasis-open.org/odata/ns/edm" on <Schema>`,
	},
	{
		"undeclared prefix",
		document(`<e:EntityType Name="a" f:b="c"/><ComplexType Name="a" f:b="c"/>`),
		"d.xml:3:1: ns: undeclared XML prefix e: declare it by xmlns:e" +
			"\n" + "d.xml:3:33: ns: undeclared XML prefix f: declare it by xmlns:f",
	},
	{
		"unknown attribute",
		document(`<ComplexType Name="a" Opentype="true"/>`),
		"d.xml:3:1: ns.a: unknown attribute Opentype of <ComplexType>: correct or remove it",
	},
	{
		"attribute twice",
		document(`<ComplexType Name="a" Name="b"/>`),
		"d.xml:3:1: ns: attribute Name of <ComplexType> is given twice: remove one",
	},
	{
		"text",
		document(`<ComplexType Name="a">b</ComplexType>`),
		"d.xml:3:23: ns.a: text in <ComplexType>, which has none: remove it",
	},
	{
		"missing name",
		document(`<ComplexType/>`),
		"d.xml:3:1: ns: <ComplexType> has no Name: state it",
	},
	{
		"missing type",
		document(`<ComplexType Name="a"><Property Name="b"/></ComplexType>`),
		"d.xml:3:23: ns.a/b: <Property> has no Type: state it",
	},
	{
		"missing target",
		document(`<Annotations/>`),
		"d.xml:3:1: ns: <Annotations> has no Target: state it",
	},
	{
		"missing term",
		document(`<ComplexType Name="a"><Annotation String="b"/></ComplexType>`),
		"d.xml:3:23: ns.a: <Annotation> has no Term: state it",
	},
	{
		"bad boolean",
		document(`<ComplexType Name="a" Abstract="1"/>`),
		`d.xml:3:1: ns.a: Abstract is "1": a Boolean is true or false`,
	},
	{
		"bad optional boolean",
		document(`<ComplexType Name="a"><Property Name="b" Type="Edm.String" Nullable="TRUE"/></ComplexType>`),
		`d.xml:3:23: ns.a/b: Nullable is "TRUE": a Boolean is true or false`,
	},
	{
		"bad integer",
		document(`<EnumType Name="a"><Member Name="b" Value="1.5"/></EnumType>`),
		`d.xml:3:20: ns.a/b: Value is "1.5": an integer of at most 64 bits is needed`,
	},
	{
		"integer too big",
		document(`<EnumType Name="a" UnderlyingType="Edm.Int64"><Member Name="b" Value="9223372036854775808"/></EnumType>`),
		`d.xml:3:47: ns.a/b: Value is "9223372036854775808": an integer of at most 64 bits is needed`,
	},
	{
		"bad facet",
		document(`<ComplexType Name="a"><Property Name="b" Type="Edm.String" MaxLength="-1" Scale="max"/></ComplexType>`),
		`d.xml:3:23: ns.a/b: MaxLength is "-1": a whole number that is not negative is needed` +
			"\n" + `d.xml:3:23: ns.a/b: Scale is "max": a whole number that is not negative is needed`,
	},
	{
		"bad annotation values",
		document(`<ComplexType Name="a"><Annotation Term="self.t" Bool="yes"/><Annotation Term="self.t"><Int>x</Int></Annotation></ComplexType>`),
		`d.xml:3:23: ns.a@self.t: Bool is "yes": a Boolean is true or false` +
			"\n" + `d.xml:3:87: ns.a@self.t: Int is "x": an integer of at most 64 bits is needed`,
	},
	{
		"newline in a name",
		document("<ComplexType Name=\"a;&#10;import &quot;os&quot;\"/>"),
		`d.xml:3:1: ns."a;\nimport \"os\"": Name "a;\nimport \"os\"" is not an identifier: use letters, digits, _ and -, at most 128, a letter or _ first`,
	},
	{
		"comment end in a name",
		document(`<EnumType Name="a"><Member Name="*/"/></EnumType>`),
		`d.xml:3:20: ns.a/"*/": Name "*/" is not an identifier: use letters, digits, _ and -, at most 128, a letter or _ first`,
	},
	{
		"backquote in a name",
		document("<ComplexType Name=\"a\"><Property Name=\"`\" Type=\"Edm.String\"/></ComplexType>"),
		"d.xml:3:23: ns.a/\"`\": Name \"`\" is not an identifier: use letters, digits, _ and -, at most 128, a letter or _ first",
	},
	{
		"digit first in a name",
		document(`<ComplexType Name="1a"/>`),
		`d.xml:3:1: ns."1a": Name "1a" is not an identifier: use letters, digits, _ and -, at most 128, a letter or _ first`,
	},
	{
		"bidi control in a name",
		document("<ComplexType Name=\"a\u202eb\"/>"),
		`d.xml:3:1: ns."a\u202eb": Name "a\u202eb" is not an identifier: use letters, digits, _ and -, at most 128, a letter or _ first`,
	},
	{
		"name too long",
		document(`<ComplexType Name="` + strings.Repeat("a", 129) + `"/>`),
		`d.xml:3:1: ns."aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…": Name "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" is not an identifier: use letters, digits, _ and -, at most 128, a letter or _ first`,
	},
	{
		"bad namespace",
		strings.Replace(document(``), `"ns"`, `"n s"`, 1),
		`d.xml:2:1: Namespace "n s" is not a namespace: use identifiers joined by dots`,
	},
	{
		"bad alias",
		strings.Replace(document(``), `"self"`, `"s.f"`, 1),
		`d.xml:2:1: Alias "s.f" is not an identifier: use letters, digits, _ and -, at most 128, a letter or _ first`,
	},
	{
		"bad term",
		document(`<ComplexType Name="a"><Annotation Term="a b.c"/></ComplexType>`),
		`d.xml:3:23: ns.a@"a b.c": Term "a b.c" is not a qualified name: use a namespace or alias, a dot and a name`,
	},
	{
		"bad path",
		document(`<Action Name="a" EntitySetPath="x y"/>`),
		`d.xml:3:1: ns.a: EntitySetPath "x y" is not a path: use identifiers and qualified names joined by slashes`,
	},
	{
		"bad qualifier",
		document(`<Annotations Target="ns.a" Qualifier="x y"/>`),
		`d.xml:3:1: ns: Qualifier "x y" is not an identifier: use letters, digits, _ and -`,
	},
	{
		"bad on delete",
		document(`<EntityType Name="a"><NavigationProperty Name="n" Type="ns.a"><OnDelete Action="Drop"/></NavigationProperty></EntityType>`),
		`d.xml:3:63: ns.a/n: unknown Action "Drop" of <OnDelete>: Cascade, None, SetNull and SetDefault are known`,
	},
	{
		"two on delete",
		document(`<EntityType Name="a"><NavigationProperty Name="n" Type="ns.a"><OnDelete Action="None"/><OnDelete Action="None"/></NavigationProperty></EntityType>`),
		"d.xml:3:88: ns.a/n: second <OnDelete>: a navigation property has one",
	},
	{
		"two keys",
		document(`<EntityType Name="a"><Key><PropertyRef Name="b"/></Key><Key/><Property Name="b" Type="Edm.String"/></EntityType>`),
		"d.xml:3:56: ns.a: <Key> is empty: it needs at least one <PropertyRef>" +
			"\n" + "d.xml:3:56: ns.a: second <Key>: a type has one",
	},
	{
		"two results",
		document(`<Function Name="a"><ReturnType Type="Edm.String"/><ReturnType Type="Edm.String"/></Function>`),
		"d.xml:3:51: ns.a: second <ReturnType>: an operation has one",
	},
	{
		"two containers",
		document(`<EntityContainer Name="a"/><EntityContainer Name="b"/>`),
		"d.xml:3:28: ns.b: second <EntityContainer>: a description has one, and ns.a is at d.xml:3:1",
	},
	{
		"two values",
		document(`<ComplexType Name="a"><Annotation Term="self.t" String="x" Bool="true"/></ComplexType>`),
		"d.xml:3:23: ns.a@self.t: <Annotation> has 2 values: it can have one",
	},
	{
		"operands",
		document(`<ComplexType Name="a"><Annotation Term="self.t"><If><Null/></If></Annotation><Annotation Term="self.t"><Not/></Annotation></ComplexType>`),
		"d.xml:3:49: ns.a@self.t: <If> takes 2 to 3 operands, not 1: correct it" +
			"\n" + "d.xml:3:104: ns.a@self.t: <Not> takes 1 operands, not 0: correct it",
	},
	{
		"two qualifiers",
		document(`<Annotations Target="ns.a" Qualifier="x"><Annotation Term="self.t" Qualifier="y"/></Annotations>`),
		"d.xml:3:42: ns.a@self.t: Qualifier is stated here and on <Annotations>: remove one",
	},
	{
		"duplicate schema",
		strings.Replace(document(``), `</edmx:DataServices>`, `<Schema Namespace="ns" xmlns="`+nsEDM+`"/></edmx:DataServices>`, 1),
		"d.xml:4:10: ns: duplicate schema: it has the namespace of the schema at d.xml:2:1; make them one",
	},
	{
		"duplicate type",
		document(`<ComplexType Name="a"/><EnumType Name="a"/>`),
		"d.xml:3:24: ns.a: duplicate type: first declared at d.xml:3:1; remove one",
	},
	{
		"duplicate property",
		document(`<EntityType Name="a"><Property Name="b" Type="Edm.String"/><NavigationProperty Name="b" Type="ns.a"/></EntityType>`),
		"d.xml:3:60: ns.a/b: duplicate property: first declared at d.xml:3:22; remove one",
	},
	{
		"inherited property",
		document("<ComplexType Name=\"c\" BaseType=\"ns.b\"><Property Name=\"p\" Type=\"Edm.String\"/></ComplexType>\n<ComplexType Name=\"b\" BaseType=\"ns.a\"/><ComplexType Name=\"a\"><Property Name=\"p\" Type=\"Edm.String\"/></ComplexType>"),
		"d.xml:3:39: ns.c/p: duplicate property: base type ns.a declares it at d.xml:4:62; remove one",
	},
	{
		"duplicate member",
		document(`<EnumType Name="a"><Member Name="m"/><Member Name="m"/></EnumType>`),
		"d.xml:3:38: ns.a/m: duplicate member: first declared at d.xml:3:20; remove one",
	},
	{
		"duplicate term",
		document(`<Term Name="a" Type="Edm.String"/><Term Name="a" Type="Edm.String"/>`),
		"d.xml:3:35: ns.a: duplicate term: first declared at d.xml:3:1; remove one",
	},
	{
		"duplicate parameter",
		document(`<Action Name="a"><Parameter Name="p" Type="Edm.String"/><Parameter Name="p" Type="Edm.String"/></Action>`),
		"d.xml:3:57: ns.a/p: duplicate parameter: first declared at d.xml:3:18; remove one",
	},
	{
		"duplicate overload",
		document("<ComplexType Name=\"c\"/>\n" + function("x", "y") + "\n" + function("x") + "\n" + function("y", "x")),
		"d.xml:6:1: ns.f: duplicate overload: it has the binding type and parameter names of the one at d.xml:4:1; remove one",
	},
	{
		"duplicate set",
		document(`<EntityType Name="e"/><EntityContainer Name="x"><EntitySet Name="s" EntityType="ns.e"/><Singleton Name="s" Type="ns.e"/></EntityContainer>`),
		"d.xml:3:88: ns.x/s: duplicate singleton: the name is first declared at d.xml:3:49; rename or remove one",
	},
	{
		"duplicate import",
		document(`<Action Name="a"/><EntityContainer Name="x"><ActionImport Name="i" Action="ns.a"/><ActionImport Name="i" Action="ns.a"/></EntityContainer>`),
		"d.xml:3:83: ns.x/i: duplicate action import: the name is first declared at d.xml:3:45; rename or remove one",
	},
	{
		"undefined type",
		document(`<ComplexType Name="a"><Property Name="p" Type="Collection(self.x)"/><Property Name="q" Type="Edm.Int33"/></ComplexType>`),
		`d.xml:3:23: ns.a/p: undefined type "Collection(self.x)": correct the name or declare it` +
			"\n" + `d.xml:3:69: ns.a/q: undefined type "Edm.Int33": correct the name or declare it`,
	},
	{
		"undefined parameter type",
		document(`<Action Name="a"><Parameter Name="p" Type="ns.x"/><ReturnType Type="ns.y"/></Action>`),
		`d.xml:3:18: ns.a/p: undefined type "ns.x": correct the name or declare it` +
			"\n" + `d.xml:3:51: ns.a: undefined type "ns.y": correct the name or declare it`,
	},
	{
		"undefined type of an unread schema",
		strings.Replace(document(`<ComplexType Name="a"><Property Name="p" Type="o.t"/></ComplexType>`), `<edmx:DataServices>`, `<edmx:Reference Uri="o.xml"><edmx:Include Namespace="other.ns" Alias="o"/></edmx:Reference><edmx:DataServices>`, 1),
		`d.xml:3:23: ns.a/p: undefined type "o.t": its schema is in "o.xml", which was not read; name it under spec, or put it below the folder of refs`,
	},
	{
		"parenthesis",
		document(`<ComplexType Name="a"><Property Name="p" Type="Collection(Edm.String"/></ComplexType>`),
		`d.xml:3:23: ns.a/p: type "Collection(Edm.String" lacks its closing parenthesis: write it`,
	},
	{
		"unqualified type",
		document(`<ComplexType Name="a"><Property Name="p" Type="b"/></ComplexType>`),
		`d.xml:3:23: ns.a/p: "b" is not a qualified name: put a namespace or alias and a dot before it`,
	},
	{
		"undefined base",
		document(`<ComplexType Name="a" BaseType="self.b"/>`),
		`d.xml:3:1: ns.a: undefined base type "self.b": correct the name or declare it`,
	},
	{
		"entity from complex",
		document(`<ComplexType Name="b"/><EntityType Name="a" BaseType="self.b"/>`),
		"d.xml:3:24: ns.a: base type ns.b is of the wrong kind: an entity type cannot derive from a complex type; correct BaseType",
	},
	{
		"complex from enum",
		document(`<EnumType Name="b"/><ComplexType Name="a" BaseType="self.b"/>`),
		"d.xml:3:21: ns.a: base type ns.b is of the wrong kind: another complex type is needed; correct BaseType",
	},
	{
		"complex from primitive",
		document(`<ComplexType Name="a" BaseType="Edm.String"/>`),
		"d.xml:3:1: ns.a: base type Edm.String is of the wrong kind: it is a primitive type; correct BaseType",
	},
	{
		"cycle",
		document("<ComplexType Name=\"d\" BaseType=\"ns.c\"/>\n<ComplexType Name=\"a\" BaseType=\"ns.c\"/>\n<ComplexType Name=\"b\" BaseType=\"ns.a\"/>\n<ComplexType Name=\"c\" BaseType=\"ns.b\"/>"),
		"d.xml:4:1: ns.a: base types form a cycle: ns.a → ns.c → ns.b → ns.a; change one BaseType",
	},
	{
		"own base",
		document(`<ComplexType Name="a" BaseType="ns.a"/>`),
		"d.xml:3:1: ns.a: base types form a cycle: ns.a → ns.a; change one BaseType",
	},
	{
		"derived too deep",
		document(chain(258)),
		"d.xml:3:11327: ns.t257: more than 256 types above it: derive it from a type nearer to the root",
	},
	{
		"undefined key",
		document(`<EntityType Name="a"><Key><PropertyRef Name="id"/></Key></EntityType>`),
		`d.xml:3:27: ns.a: undefined key property "id": correct the name or declare it`,
	},
	{
		"undefined key path",
		document(`<EntityType Name="a"><Key><PropertyRef Name="b/id" Alias="id"/></Key><Property Name="b" Type="Edm.String"/></EntityType>`),
		`d.xml:3:27: ns.a: undefined key property "b/id": correct the name or declare it`,
	},
	{
		"empty key",
		document(`<EntityType Name="a"><Key/></EntityType>`),
		"d.xml:3:22: ns.a: <Key> is empty: it needs at least one <PropertyRef>",
	},
	{
		"second key below",
		document("<EntityType Name=\"a\"><Key><PropertyRef Name=\"i\"/></Key><Property Name=\"i\" Type=\"Edm.String\"/></EntityType>\n<EntityType Name=\"b\" BaseType=\"ns.a\"><Key><PropertyRef Name=\"i\"/></Key></EntityType>"),
		"d.xml:4:43: ns.b: second key: base type ns.a has one; remove this one",
	},
	{
		"undefined alias",
		document(`<ComplexType Name="a" BaseType="graph.b"><Annotation Term="x.y"/></ComplexType><Annotations Target="z.a"/>`),
		`d.xml:3:1: ns.a: undefined alias "graph": declare it by Alias of a <Schema> or <edmx:Include>, or use the namespace` +
			"\n" + `d.xml:3:42: ns.a: undefined alias "x": declare it by Alias of a <Schema> or <edmx:Include>, or use the namespace` +
			"\n" + `d.xml:3:80: z.a: undefined alias "z": declare it by Alias of a <Schema> or <edmx:Include>, or use the namespace`,
	},
	{
		"alias twice",
		strings.Replace(document(``), `</edmx:DataServices>`, `<Schema Namespace="other" Alias="self" xmlns="`+nsEDM+`"/></edmx:DataServices>`, 1),
		"d.xml:4:10: other: alias self also stands for ns: choose another",
	},
	{
		"alias of a namespace",
		strings.Replace(document(``), `</edmx:DataServices>`, `<Schema Namespace="self" xmlns="`+nsEDM+`"/></edmx:DataServices>`, 1),
		"d.xml:2:1: ns: alias self is also a namespace: choose another",
	},
	{
		"unbindable",
		document(`<Action Name="a" IsBound="true"/>`),
		"d.xml:3:1: ns.a: bound, but without parameters: the first one is the binding parameter",
	},
	{
		"set of a complex type",
		document(`<ComplexType Name="c"/><EntityContainer Name="x"><EntitySet Name="s" EntityType="ns.c"/><Singleton Name="t" Type="ns.c"/></EntityContainer>`),
		"d.xml:3:50: ns.x/s: entity set of ns.c, which is not an entity type: name one" +
			"\n" + "d.xml:3:89: ns.x/t: singleton of ns.c, which is not an entity type: name one",
	},
	{
		"set of an undefined type",
		document(`<EntityContainer Name="x"><EntitySet Name="s" EntityType="ns.e"/></EntityContainer>`),
		`d.xml:3:27: ns.x/s: undefined type "ns.e": correct the name or declare it`,
	},
	{
		"navigation to a complex type",
		document(`<ComplexType Name="c"/><EntityType Name="a"><NavigationProperty Name="n" Type="Collection(ns.c)"/></EntityType>`),
		"d.xml:3:45: ns.a/n: navigation property to ns.c, which is not an entity type: make it a property",
	},
	{
		"import of a bound action",
		document(`<ComplexType Name="c"/><Action Name="a" IsBound="true"><Parameter Name="p" Type="ns.c"/></Action><EntityContainer Name="x"><ActionImport Name="a" Action="ns.a"/></EntityContainer>`),
		`d.xml:3:124: ns.x/a: undefined unbound action "ns.a": correct the name or declare it`,
	},
	{
		"underlying type",
		document(`<EnumType Name="a" UnderlyingType="Edm.String"/>`),
		`d.xml:3:1: ns.a: UnderlyingType "Edm.String" is not an integer type: use Edm.Byte, Edm.SByte, Edm.Int16, Edm.Int32 or Edm.Int64`,
	},
	{
		"value out of range",
		document(`<EnumType Name="a" UnderlyingType="Edm.Byte"><Member Name="m" Value="256"/><Member Name="n" Value="-1"/></EnumType>`),
		"d.xml:3:46: ns.a/m: value 256 does not fit in Edm.Byte: correct it or UnderlyingType" +
			"\n" + "d.xml:3:76: ns.a/n: value -1 does not fit in Edm.Byte: correct it or UnderlyingType",
	},
	{
		"definition of a definition",
		document(`<TypeDefinition Name="a" UnderlyingType="Edm.String"/><TypeDefinition Name="b" UnderlyingType="ns.a"/>`),
		`d.xml:3:55: ns.b: UnderlyingType "ns.a" is not a primitive type: name one of the Edm namespace`,
	},
	{
		"undefined term type",
		document(`<Term Name="a" Type="ns.b" BaseTerm="ns.c"/>`),
		`d.xml:3:1: ns.a: undefined base term "ns.c": correct the name or declare it` +
			"\n" + `d.xml:3:1: ns.a: undefined type "ns.b": correct the name or declare it`,
	},
	{
		"unknown term of callgen",
		document(`<ComplexType Name="a"><Annotation Term="Callgen.Reson" String="x"/></ComplexType>`),
		`d.xml:3:23: ns.a: unknown term "Callgen.Reson": Callgen.Reason, Callgen.New, Callgen.Hoist, Callgen.OneOrMany and Callgen.Secret are known`,
	},
	{
		"one or many of one",
		document(`<ComplexType Name="a"><Property Name="p" Type="Edm.String"><Annotation Term="Callgen.OneOrMany" Bool="true"/></Property></ComplexType>`),
		"d.xml:3:60: ns.a/p: Callgen.OneOrMany is for collections: make the type Collection(Edm.String)",
	},
	{
		"too many overloads",
		document(overloads(257)),
		"d.xml:3:18323: ns.f: more than 256 overloads: rename or remove some",
	},
	{
		"several at once",
		document("<ComplexType Name=\"a\" BaseType=\"ns.x\"><Property Name=\"p\" Type=\"ns.y\"/></ComplexType>\n<ComplexType Name=\"a\" Open=\"true\"/>"),
		`d.xml:3:1: ns.a: undefined base type "ns.x": correct the name or declare it` +
			"\n" + `d.xml:3:39: ns.a/p: undefined type "ns.y": correct the name or declare it` +
			"\n" + "d.xml:4:1: ns.a: duplicate type: first declared at d.xml:3:1; remove one" +
			"\n" + "d.xml:4:1: ns.a: unknown attribute Open of <ComplexType>: correct or remove it",
	},
}

func TestFindings(t *testing.T) {
	for _, c := range findings {
		t.Run(c.name, func(t *testing.T) {
			m, err := csdl.Read("d.xml", []byte(c.text))
			require.Error(t, err)
			assert.Nil(t, m)
			assert.Equal(t, c.want, err.Error())
			assert.IsType(t, new(diag.Error), err)
		})
	}
}
