package csdl_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/wanted"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// lenient reads a description as those of others are read.
func lenient(text string) (*edm.Model, []string, error) {
	m, found, err := csdl.ReadAll([]csdl.Document{{Name: "d.xml", Data: []byte(text)}}, csdl.Options{})
	var notes []string
	for _, n := range found {
		notes = append(notes, n.String())
	}
	return m, notes, err
}

// TestFaultsStopNothing reads all that is wrong in some way: refused is only what
// leaves nothing to build on.
func TestFaultsStopNothing(t *testing.T) {
	refused := map[string]bool{
		"empty file": true, "empty file with white space": true, "not XML": true, "not CSDL": true, "old CSDL": true,
		"text before the root": true, "second root": true, "bad XML": true, "cut off": true,
		"undefined entity": true, "invalid UTF-8": true, "unknown encoding": true, "nested too deep": true, "too many attributes": true,
	}
	for _, c := range findings {
		t.Run(c.name, func(t *testing.T) {
			// Something to build on, whatever else there is.
			text := strings.Replace(c.text, "<edmx:DataServices", `<edmx:DataServices xmlns:b="`+nsEDM+`"><b:Schema Namespace="built.on"><b:ComplexType Name="it"/></b:Schema></edmx:DataServices><edmx:DataServices`, 1)
			m, notes, err := lenient(text)
			if refused[c.name] {
				var found *diag.Error
				require.ErrorAs(t, err, &found)
				assert.Len(t, found.Findings, 1)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.name == "no schema", len(notes) == 0) // there is one now
			assert.NotNil(t, m.Structured("built.on.it"))
			assert.NoError(t, m.Link(), "what was wrong is gone")
		})
	}
}

// TestWhatIsMadeOfFaults reads schemas with faults: want is the dump of what is left, and
// notes what is said, less where.
func TestWhatIsMadeOfFaults(t *testing.T) {
	for name, c := range map[string]struct {
		text, want string
		notes      []string
	}{
		"facets in other letters": {
			`<ComplexType Name="a"><Property Name="p" Type="Edm.Decimal" Scale="Variable" MaxLength="MAX" Precision="x"/></ComplexType>`,
			"complex type ns.a\n  property p Edm.Decimal maxLength=\"max\" scale=\"variable\"",
			[]string{`ns.a/p: MaxLength is "MAX": it is read as max`, `ns.a/p: Precision is "x": it is ignored`, `ns.a/p: Scale is "Variable": it is read as variable`},
		},
		"Booleans in other letters": {
			`<EntityType Name="a" OpenType="True" Abstract="0" HasStream="yes"/>`,
			"entity type ns.a open",
			[]string{`ns.a: Abstract is "0": it is read as false`, `ns.a: HasStream is "yes": it is ignored`, `ns.a: OpenType is "True": it is read as true`},
		},
		"undefined type of a property": {
			`<EntityType Name="a"><Property Name="p" Type="Collection(ns.none)"/><Property Name="q" Type="Edm.DateTime"/><Property Name="r"/><NavigationProperty Name="n" Type="none"/></EntityType>`,
			"entity type ns.a\n  property p Collection(Edm.Untyped)\n  property q Edm.Untyped\n  property r Edm.Untyped\n  navigation property n Edm.Untyped",
			[]string{
				`ns.a/n: "none" is not a qualified name: its JSON is kept as it is (Edm.Untyped)`,
				`ns.a/p: undefined type "Collection(ns.none)": its JSON is kept as it is (Edm.Untyped)`,
				`ns.a/q: undefined type "Edm.DateTime": its JSON is kept as it is (Edm.Untyped)`,
				`ns.a/r: <Property> has no Type: its JSON is kept as it is (Edm.Untyped)`,
			},
		},
		"undefined type of a parameter": {
			`<Function Name="f"><Parameter Name="p" Type="ns.none"/><ReturnType Type="ns.nothing"/></Function>`,
			"function ns.f\n  parameter p Edm.Untyped\n  returns Edm.Untyped",
			[]string{`ns.f/p: undefined type "ns.none": its JSON is kept as it is (Edm.Untyped)`, `ns.f: undefined type "ns.nothing": its JSON is kept as it is (Edm.Untyped)`},
		},
		"undefined base type": {
			`<ComplexType Name="a" BaseType="ns.none"><Property Name="p" Type="Edm.String"/></ComplexType>`,
			"complex type ns.a base=\"ns.none\" open\n  property p Edm.String",
			[]string{`ns.a: undefined base type "ns.none": the type is read without it, as an open type`},
		},
		"circle of base types": {
			`<ComplexType Name="a" BaseType="ns.b"/><ComplexType Name="b" BaseType="ns.a"/>`,
			"complex type ns.a open\ncomplex type ns.b base=\"ns.a\"",
			[]string{`ns.a: base types form a cycle: ns.a → ns.b → ns.a; the type is read without it, as an open type`},
		},
		"property twice": {
			`<EntityType Name="a"><Property Name="p" Type="Edm.String"/><Property Name="p" Type="Edm.Stream"/></EntityType><EntityType Name="b" BaseType="ns.a"><NavigationProperty Name="p" Type="ns.a"/></EntityType>`,
			"entity type ns.a\n  property p Edm.String\nentity type ns.b base=\"ns.a\"",
			[]string{`ns.a/p: duplicate property: first declared at d.xml:3:22; the first one is used`, `ns.b/p: duplicate property: base type ns.a declares it at d.xml:3:22; that one is used`},
		},
		"keys": {
			`<EntityType Name="a"><Key><PropertyRef Name="id"/><PropertyRef Name="none"/></Key><Property Name="id" Type="Edm.String"/></EntityType>` +
				`<EntityType Name="b"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="ns.none"/></EntityType>` +
				`<EntityType Name="c"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/></EntityType>` +
				`<EntityType Name="d" BaseType="ns.c"><Key><PropertyRef Name="id"/></Key></EntityType>`,
			"entity type ns.a\n  property id Edm.String\nentity type ns.b\n  property id Edm.Untyped\nentity type ns.c\n  key id\n  property id Edm.String\nentity type ns.d base=\"ns.c\"",
			[]string{
				`ns.a: undefined key property "none": the type is read without key, so that no request leads to one of its entities`,
				`ns.b: key property "id" is of type Edm.Untyped, whose values cannot be part of URLs: the type is read without key, so that no request leads to one of its entities`,
				`ns.b/id: undefined type "ns.none": its JSON is kept as it is (Edm.Untyped)`,
				`ns.d: second key: base type ns.c has one; that one is used`,
			},
		},
		"left over from V3": {
			`<Documentation/><EntityType Name="a"><Property Name="p" Type="Edm.String" ConcurrencyMode="Fixed"/></EntityType><Action Name="f" ReturnType="ns.a"/>`,
			"entity type ns.a\n  property p Edm.String\naction ns.f\n  returns ns.a",
			[]string{
				`ns: unknown element <Documentation> in <Schema>: it is ignored`,
				`ns.a/p: unknown attribute ConcurrencyMode of <Property>: it is ignored`,
				`ns.f: attribute ReturnType of <Action>: it is read as a <ReturnType>`,
			},
		},
		"invalid names": {
			`<EntityType Name="a"><Property Name="a b" Type="Edm.String"/></EntityType><EnumType Name="1"/><EnumType Name="e"><Member Name="x/y"/></EnumType><Action Name="f"><Parameter Name="x.y" Type="Edm.String"/></Action>` +
				`<EntityContainer Name="c"><EntitySet Name="prefix/project2" EntityType="ns.a"/></EntityContainer>`,
			"entity type ns.a\nenum type ns.e Edm.Int32\ncontainer ns.c",
			[]string{
				`ns."1": Name "1" is not an identifier: it is left out`,
				`ns.a/"a b": Name "a b" is not an identifier: it is left out`,
				`ns.c/prefix/project2: Name "prefix/project2" is not an identifier: it is left out`,
				`ns.e/x/y: Name "x/y" is not an identifier: it is left out`,
				`ns.f/x.y: Name "x.y" is not an identifier: its operation is left out, and gets no request`,
			},
		},
		"constraints as elements": {
			`<EntityType Name="a"><Property Name="p" Type="Edm.String"/><NavigationProperty Name="n" Type="ns.a"><ReferentialConstraint><Property Name="p" ReferencedProperty="q"/></ReferentialConstraint><ReferentialConstraint Property="p"/></NavigationProperty></EntityType>`,
			"entity type ns.a\n  property p Edm.String\n  navigation property n ns.a\n    constraint p = q",
			[]string{`ns.a/n: <Property> in <ReferentialConstraint>: it is read as these`, `ns.a/n: <ReferentialConstraint> has no ReferencedProperty: it is left out`},
		},
		"annotations": {
			`<ComplexType Name="a"><Annotation Term="no.such.term" String="a" Int="2"/><Annotation Term="none.term"/><Annotation String="x"/><Annotation Term=" Core.Description " String="d"><Property Path="x"/></Annotation></ComplexType>` +
				`<Annotations Target="ns.none"><Annotation Term="Core.Description" String="d"/></Annotations><Annotations/>`,
			"complex type ns.a\n  @no.such.term = String \"a\"\n  @none.term\n  @Org.OData.Core.V1.Description = String \"d\"\nannotations of nothing \"ns.none\"\n  @Org.OData.Core.V1.Description = String \"d\"",
			[]string{
				`ns.a: <Annotation> has no Term: it is left out`,
				`ns.a: undefined alias "none": it is ignored`,
				`ns.a: white space around Term of <Annotation>: it is read without`,
				`ns.a@Core.Description: unknown element <Property> in <Annotation>: it is ignored`,
				`ns.a@no.such.term: <Annotation> has 2 values: the first one is used`,
				`ns: <Annotations> has no Target: it is left out`,
			},
		},
		"operations that contradict themselves": {
			`<Action Name="a"><Parameter Name="p" Type="Edm.String"/><Parameter Name="p" Type="Edm.String"/></Action><Action Name="b"/><Action Name="b"/><Action Name="c" IsBound="true"/><Action Name="d" IsBound="true"><Parameter Name="p" Type="ns.none"/></Action>`,
			"action ns.b",
			[]string{
				`ns.a/p: duplicate parameter: first declared at d.xml:3:18; the operation is left out, and gets no request`,
				`ns.b: duplicate overload: it has the binding type and parameter names of the one at d.xml:3:105; the first one is used`,
				`ns.c: bound, but without parameters: it is left out, and gets no request`,
				`ns.d/p: undefined type "ns.none": its JSON is kept as it is (Edm.Untyped)`,
				`ns.d: bound to "ns.none", which is undefined: it is left out, and gets no request`,
			},
		},
		"container": {
			`<EntityType Name="a"/><EntityContainer Name="c"><EntitySet Name="s" EntityType="ns.a"/><EntitySet Name="t" EntityType="ns.none"/><Singleton Name="s" Type="ns.a"/><ActionImport Name="i" Action="ns.none"/></EntityContainer>` +
				`<EntityContainer Name="d"><EntitySet Name="u" EntityType="ns.a"/></EntityContainer>`,
			"entity type ns.a\ncontainer ns.c\nentity set s ns.a\nentity set u ns.a",
			[]string{
				`ns.c/i: undefined unbound action "ns.none": it is left out, and gets no request`,
				`ns.c/s: duplicate singleton: the name is first declared at d.xml:3:49; the first one is used`,
				`ns.c/t: undefined type "ns.none": it is left out, and no request leads to it`,
				`ns.d: second <EntityContainer>: what it holds is read as part of ns.c`,
			},
		},
		"enum types": {
			`<EnumType Name="a" UnderlyingType="Edm.String"><Member Name="x" Value="y"/></EnumType><EnumType Name="b" UnderlyingType="Edm.Byte"><Member Name="x" Value="256"/></EnumType>`,
			"enum type ns.a Edm.Int64\n  member x\nenum type ns.b Edm.Int64\n  member x = 256",
			[]string{
				`ns.a/x: Value is "y": it is ignored`,
				`ns.a: UnderlyingType "Edm.String" is not an integer type: it is read as Edm.Int64`,
				`ns.b/x: value 256 does not fit in Edm.Byte: the type is read as one of Edm.Int64`,
			},
		},
		"type definitions": {
			`<TypeDefinition Name="a" UnderlyingType="Edm.Int32"/><TypeDefinition Name="b" UnderlyingType="ns.a"/><TypeDefinition Name="c" UnderlyingType="ns.none"/><ComplexType Name="d"><Property Name="p" Type="ns.c"/></ComplexType>`,
			"type definition ns.a Edm.Int32\ntype definition ns.b Edm.Int32\ncomplex type ns.d\n  property p Edm.Untyped",
			[]string{
				`ns.b: UnderlyingType "ns.a" is not a primitive type: it is read as Edm.Int32`,
				`ns.c: undefined type "ns.none": it is left out`,
				`ns.d/p: undefined type "ns.c": its JSON is kept as it is (Edm.Untyped)`,
			},
		},
		"navigation to a complex type": {
			`<ComplexType Name="c"/><EntityType Name="a"><NavigationProperty Name="n" Type="Collection(ns.c)"/></EntityType>`,
			"complex type ns.c\nentity type ns.a\n  property n Collection(ns.c)",
			[]string{`ns.a/n: navigation property to ns.c, which is not an entity type: it is read as a property`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			m, notes, err := lenient(document(c.text + `<EnumType Name="zz"/>`))
			require.NoError(t, err)
			for i, n := range notes {
				_, notes[i], _ = strings.Cut(n, ": ")
			}
			assert.ElementsMatch(t, c.notes, notes)
			var lines []string
			for _, line := range strings.Split(strings.TrimSpace(dump(t, m)), "\n")[2:] {
				if line = strings.TrimPrefix(line, "  "); line != "enum type ns.zz Edm.Int32" {
					lines = append(lines, line)
				}
			}
			assert.Equal(t, c.want, strings.Join(lines, "\n"))
			assert.NoError(t, m.Link(), "again")
			if len(c.notes) > 0 {
				_, _, err = csdl.ReadAll([]csdl.Document{{Name: "d.xml", Data: []byte(document(c.text))}}, csdl.Options{Strict: true})
				assert.Error(t, err, "strict")
			}
		})
	}
}

// TestWrappers reads descriptions with faults around their schemas.
func TestWrappers(t *testing.T) {
	const content = `<ComplexType Name="a"/>`
	for name, c := range map[string]struct{ text, note string }{
		"no wrapper":          {`<Schema Namespace="ns" xmlns="` + nsEDM + `">` + content + `</Schema>`, "d.xml:1:1: <Schema> is the root element: it is read as if it were in <edmx:Edmx>"},
		"no DataServices":     {`<Edmx Version="4.0" xmlns="` + nsEDMX + `"><Schema Namespace="ns" xmlns="` + nsEDM + `">` + content + `</Schema></Edmx>`, "d.xml:1:70: <Schema> is not in <edmx:DataServices>: it is read as if it were"},
		"other version":       {strings.Replace(document(content), "4.0", "1.0", 1), `d.xml:1:1: unsupported Version "1.0": it is read as 4.0`},
		"schema of no space":  {strings.Replace(document(content), ` xmlns="`+nsEDM+`"`, "", 1), "d.xml:2:1: <Schema> is in no XML namespace: it is read anyway"},
		"space spelled badly": {strings.ReplaceAll(document(content), `"`+nsEDM+`"`, `"https://docs.oasis-open.org/odata/ns/edm/"`), `d.xml:2:1: XML namespace "https://docs.oasis-open.org/odata/ns/edm/" is misspelled: it is read as the one of CSDL`},
		"prefix undeclared":   {strings.Replace(document(content), ` xmlns:edmx="`+nsEDMX+`"`, "", 1), `d.xml:1:1: XML namespace "edmx" is misspelled: it is read as the one of CSDL`},
		"designer":            {strings.Replace(document(content), "<edmx:DataServices>", "<edmx:Runtime><x/></edmx:Runtime><edmx:DataServices>", 1), "d.xml:1:80: unknown element <Runtime> in <Edmx>: it is ignored"},
		"document type":       {"<!DOCTYPE x>" + document(content), "d.xml:1:1: a document type declaration is not supported: it is ignored"},
		"schema of no name":   {strings.Replace(document(content), "</edmx:DataServices>", `<Schema Namespace="a b" xmlns="`+nsEDM+`"/></edmx:DataServices>`, 1), `d.xml:4:10: Namespace "a b" is not a namespace: it is left out`},
		"schema in two parts": {strings.Replace(document(``), "</edmx:DataServices>", `<Schema Namespace="ns" xmlns="`+nsEDM+`">`+content+`</Schema></edmx:DataServices>`, 1), `d.xml:4:10: ns: duplicate schema: it has the namespace of the schema at d.xml:2:1; they are read as one`},
	} {
		t.Run(name, func(t *testing.T) {
			m, notes, err := lenient(c.text)
			require.NoError(t, err)
			assert.NotNil(t, m.Structured("ns.a"))
			assert.Contains(t, strings.Join(notes, "\n"), c.note)
		})
	}
}

// TestAliasWithDots reads names with an alias that is a namespace in form.
func TestAliasWithDots(t *testing.T) {
	m, notes, err := lenient(strings.Replace(document(`<ComplexType Name="a"/><ComplexType Name="b" BaseType="short.er.a"/>`), `"self"`, `"short.er"`, 1))
	require.NoError(t, err)
	assert.Equal(t, []string{`d.xml:2:1: Alias "short.er" is not an identifier: it is read as an alias with dots`}, notes)
	assert.Equal(t, m.Structured("ns.a"), m.Structured("ns.b").Base)
}

// TestOtherKinds gives the reader what is no description of OData 4: it says what it is
// and what to do.
func TestOtherKinds(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"V2": {`<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"><edmx:DataServices><Schema Namespace="a" xmlns="http://schemas.microsoft.com/ado/2008/09/edm"/></edmx:DataServices></edmx:Edmx>`,
			`d.xml:1:1: this describes OData V2 or V3 (XML namespace "http://schemas.microsoft.com/ado/2007/06/edmx"), and only OData 4 is read`},
		"service document": {`<service xmlns="http://www.w3.org/2007/app"/>`, "d.xml:1:1: this is the service document, not the description"},
		"web page":         {`<html><body/></html>`, "d.xml:1:1: this is a web page, not CSDL XML"},
		"no type":          {document(`<Action Name="a"/>`), "d.xml:1:1: no type is defined here"},
		"type elsewhere": {strings.Replace(document(``), "<edmx:DataServices>", `<edmx:Reference Uri="types.xml"><edmx:Include Namespace="types"/></edmx:Reference><edmx:DataServices>`, 1),
			`d.xml:1:1: no type is defined here, but maybe in "types.xml"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := lenient(c.text)
			wanted.Findings(t, err, c.want)
		})
	}
}

// TestEncodings reads one description in several encodings.
func TestEncodings(t *testing.T) {
	text := document(`<ComplexType Name="Größe"><Annotation Term="Core.Description" String="€ 1"/></ComplexType>`)
	wide := func(text string, low, high int) []byte {
		var b []byte
		for _, u := range utf16.Encode([]rune(text)) {
			pair := [2]byte{}
			pair[low], pair[high] = byte(u), byte(u>>8)
			b = append(b, pair[:]...)
		}
		return b
	}
	latin := func(label, text string) []byte {
		return []byte(`<?xml version="1.0" encoding="` + label + `"?>` + strings.NewReplacer("ö", "\xf6", "ß", "\xdf", "€", "\x80").Replace(text))
	}
	const declared = `<?xml version="1.0" encoding="utf-16"?>`
	for name, data := range map[string][]byte{
		"UTF-8":                  []byte(text),
		"XML 1.1":                []byte(`<?xml version="1.1" encoding="UTF-8"?>` + text),
		"UTF-8, marked":          []byte("\ufeff" + text),
		"UTF-16, little, marked": wide("\ufeff"+declared+text, 0, 1),
		"UTF-16, big, marked":    wide("\ufeff"+declared+text, 1, 0),
		"UTF-16, little":         wide(declared+text, 0, 1),
		"UTF-16, big":            wide(declared+text, 1, 0),
		"ISO-8859-1":             latin("ISO-8859-1", text),
		"Windows-1252":           latin("windows-1252", text),
	} {
		t.Run(name, func(t *testing.T) {
			assert.True(t, csdl.IsXML(data))
			m, err := csdl.Read("d.xml", data)
			require.NoError(t, err)
			require.NotNil(t, m.Structured("ns.Größe"))
			assert.Equal(t, "€ 1", m.Structured("ns.Größe").Annotations.Description())
		})
	}
	assert.False(t, csdl.IsXML([]byte(`{"openapi": "3.0.0"}`)))
}
