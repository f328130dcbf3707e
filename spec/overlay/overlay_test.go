package overlay_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/wanted"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/overlay"
)

// document puts the content of a schema, which begins on line 3, into a description.
func document(content string) []byte {
	return []byte(`<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="ns" Alias="o" xmlns="http://docs.oasis-open.org/odata/ns/edm">
` + content + `
</Schema></edmx:DataServices></edmx:Edmx>`)
}

const described = `<ComplexType Name="base"><Property Name="a" Type="Edm.String"><Annotation Term="x.y.z" String="old"/></Property></ComplexType>
<ComplexType Name="derived" BaseType="ns.base" OpenType="true"><Property Name="b" Type="Edm.String"/><Property Name="c" Type="Edm.Int32"/></ComplexType>
<EntityType Name="item"><NavigationProperty Name="next" Type="ns.item"/><Property Name="list" Type="Collection(Edm.String)"/></EntityType>
<EnumType Name="color"><Member Name="red" Value="0"/></EnumType>
<TypeDefinition Name="weight" UnderlyingType="Edm.Decimal"/>
<Action Name="act" IsBound="true"><Parameter Name="it" Type="ns.item"/></Action>
<Term Name="term" Type="Edm.String"/>
<Annotations Target="ns.base"><Annotation Term="x.y.z" String="old"/><Annotation Term="x.y.kept" String="kept"/></Annotations>
<EntityContainer Name="Service"><EntitySet Name="items" EntityType="ns.item"/></EntityContainer>`

const because = `<Annotation Term="Callgen.Reason" String="because"/>`

func model(t *testing.T) *edm.Model {
	t.Helper()
	m, err := csdl.Read("d.xml", document(described))
	require.NoError(t, err)
	return m
}

func dump(t *testing.T, m *edm.Model) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Dump(&b))
	return b.String()
}

// changed returns the lines that an overlay adds to a dump, with "+", and those that
// it takes from it, with "-".
func changed(before, after string) string {
	count := make(map[string]int)
	for line := range strings.Lines(before) {
		count[line]++
	}
	var changes []string
	for line := range strings.Lines(after) {
		if count[line]--; count[line] < 0 {
			changes = append(changes, "+ "+strings.TrimSpace(line))
		}
	}
	for line := range strings.Lines(before) {
		if count[line] > 0 {
			changes = append(changes, "- "+strings.TrimSpace(line))
			count[line]--
		}
	}
	return strings.Join(changes, "\n")
}

const noted = "\n+ @Callgen.Reason = String \"because\""

func TestApply(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"property": {
			`<ComplexType Name="base"><Property Name="p" Type="o.item">` + because + `</Property></ComplexType>`,
			"+ property p ns.item" + noted,
		},
		"reason of the type": {
			`<EntityType Name="item">` + because + `<Property Name="p" Type="Edm.Int32"/><NavigationProperty Name="n" Type="o.item"/></EntityType>`,
			"+ property p Edm.Int32" + noted + "\n+ navigation property n ns.item" + noted,
		},
		"open type": {
			`<ComplexType Name="base" OpenType="true">` + because + `</ComplexType>`,
			"+ complex type ns.base open\n- complex type ns.base",
		},
		"member": {
			`<EnumType Name="color"><Member Name="blue" Value="7">` + because + `</Member></EnumType>`,
			"+ member blue = 7" + noted,
		},
		"flags": {
			`<EnumType Name="color" IsFlags="true">` + because + `</EnumType>`,
			"+ enum type ns.color Edm.Int32 flags\n- enum type ns.color Edm.Int32",
		},
		"new types": {
			`<ComplexType Name="new" BaseType="o.base"><Annotation Term="Callgen.New" Bool="true"/>` + because + `</ComplexType>
<EnumType Name="newer"><Annotation Term="Callgen.New"/>` + because + `</EnumType>`,
			"+ complex type ns.new base=\"ns.base\"\n+ @Callgen.New = Bool \"true\"" + noted + "\n+ enum type ns.newer Edm.Int32\n+ @Callgen.New" + noted,
		},
		"operations": {
			`<Action Name="act" IsBound="true"><Parameter Name="it" Type="o.item"/><Parameter Name="more" Type="Edm.String"/>` + because + `</Action>
<Function Name="fun">` + because + `<ReturnType Type="o.item"/></Function>`,
			"+ action ns.act bound" + noted + "\n+ parameter it ns.item\n+ parameter more Edm.String\n+ function ns.fun" + noted + "\n+ returns ns.item",
		},
		"term":      {`<Term Name="t" Type="Edm.String">` + because + `</Term>`, "+ term ns.t Edm.String" + noted},
		"container": {`<EntityContainer Name="Service">` + because + `<Singleton Name="me" Type="o.item"/></EntityContainer>`, "+ singleton me ns.item" + noted},
		"annotation of a type": {
			`<ComplexType Name="base">` + because + `<Annotation Term="Core.Description" String="A base."/></ComplexType>`,
			"+ @Org.OData.Core.V1.Description = String \"A base.\"" + noted,
		},
		"annotations": {
			`<Annotations Target="o.item/list">` + because + `<Annotation Term="Callgen.OneOrMany" Bool="true"/></Annotations>`,
			"+ @Callgen.OneOrMany = Bool \"true\"" + noted,
		},
		"annotation with a reason of its own": {
			`<Annotations Target="ns.act(ns.item)"><Annotation Term="x.y.z">` + because + `</Annotation></Annotations>`,
			"+ @x.y.z" + noted,
		},
		"annotation in place of one stated away": {
			`<Annotations Target="ns.base">` + because + `<Annotation Term="x.y.z" String="new"/></Annotations>`,
			"+ @x.y.z = String \"new\"" + noted + "\n- @x.y.z = String \"old\"",
		},
		"annotation in place of an inline one": {
			`<Annotations Target="ns.base/a">` + because + `<Annotation Term="x.y.z" Int="1"/></Annotations>`,
			"+ @x.y.z = Int \"1\"" + noted + "\n- @x.y.z = String \"old\"",
		},
		"annotation of another qualifier": {
			`<Annotations Target="ns.base" Qualifier="q">` + because + `<Annotation Term="x.y.z" String="old"/></Annotations>`,
			"+ @x.y.z#q = String \"old\"" + noted,
		},
		"annotation of what the overlay adds": {
			`<ComplexType Name="base"><Property Name="p" Type="o.item">` + because + `</Property></ComplexType><Annotations Target="o.base/p">` + because + `<Annotation Term="x.y.z"/></Annotations>`,
			"+ property p ns.item" + noted + "\n+ @x.y.z" + noted,
		},
		"hoisted property": {
			`<ComplexType Name="base"><Property Name="b" Type="Edm.String"><Annotation Term="Callgen.Hoist"/>` + because + `</Property></ComplexType>`,
			"+ @Callgen.Hoist" + noted,
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := model(t)
			before := dump(t, m)
			require.NoError(t, overlay.Apply(m, "o.xml", document(c.text)))
			assert.Equal(t, c.want, changed(before, dump(t, m)))
			after := dump(t, m)
			require.NoError(t, m.Link(), "again")
			assert.Equal(t, after, dump(t, m))
		})
	}
}

func TestHoist(t *testing.T) {
	m := model(t)
	require.NoError(t, overlay.Apply(m, "o.xml", document(`<ComplexType Name="base"><Property Name="b" Type="Edm.String"><Annotation Term="Callgen.Hoist"/>`+because+`</Property></ComplexType>`)))
	assert.Equal(t, "ns.base", m.Structured("ns.derived").Property("b").Owner.Name.String())
	assert.Len(t, m.Structured("ns.derived").Properties, 1)
}

func TestNewSchema(t *testing.T) {
	m := model(t)
	text := strings.Replace(string(document(`<ComplexType Name="c" BaseType="ns.base"><Annotation Term="Callgen.New"/>`+because+`<Property Name="p" Type="o.c"/></ComplexType>`)), `"ns"`, `"n.s"`, 1)
	require.NoError(t, overlay.Apply(m, "o.xml", []byte(text)))
	c := m.Structured("n.s.c")
	require.NotNil(t, c)
	assert.Same(t, c, c.Properties[0].Type.Type)
	assert.Same(t, m.Structured("ns.base"), c.Base)
}

func TestSeveralOverlays(t *testing.T) {
	m := model(t)
	entry := document(`<ComplexType Name="base"><Property Name="p" Type="o.item">` + because + `</Property></ComplexType>`)
	require.NoError(t, overlay.Apply(m, "o.xml", entry))
	wanted.Findings(t, overlay.Apply(m, "p.xml", entry), "p.xml:3:26: ns.base/p: overlay entry no longer needed")
}

const (
	notNeeded = "overlay entry no longer needed: remove it"
	noReason  = `overlay entry without a reason: add <Annotation Term="Callgen.Reason" String="…"/>`
)

func TestFindings(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"malformed":         {`<ComplexType Name="x">`, "o.xml:4:10: bad XML: element <ComplexType> closed by </Schema>"},
		"undefined alias":   {`<ComplexType Name="base">` + because + `<Property Name="p" Type="x.y"/></ComplexType>`, `o.xml:3:78: ns.base/p: undefined alias "x"`},
		"undefined type":    {`<ComplexType Name="base">` + because + `<Property Name="p" Type="o.none"/></ComplexType>`, `o.xml:3:78: ns.base/p: undefined type "o.none"`},
		"property":          {`<ComplexType Name="base">` + because + `<Property Name="a" Type="Edm.String"/></ComplexType>`, "o.xml:3:78: ns.base/a: " + notNeeded},
		"inherited":         {`<ComplexType Name="derived">` + because + `<Property Name="a" Type="Edm.String"/></ComplexType>`, "o.xml:3:81: ns.derived/a: " + notNeeded},
		"navigation":        {`<EntityType Name="item">` + because + `<NavigationProperty Name="next" Type="o.item"/></EntityType>`, "o.xml:3:77: ns.item/next: " + notNeeded},
		"open":              {`<ComplexType Name="derived" OpenType="true">` + because + `</ComplexType>`, "o.xml:3:1: ns.derived: " + notNeeded},
		"member":            {`<EnumType Name="color">` + because + `<Member Name="red"/></EnumType>`, "o.xml:3:76: ns.color/red: " + notNeeded},
		"new type":          {`<ComplexType Name="base"><Annotation Term="Callgen.New"/>` + because + `</ComplexType>`, "o.xml:3:1: ns.base: " + notNeeded},
		"operation":         {`<Action Name="act" IsBound="true"><Parameter Name="other" Type="o.item"/>` + because + `</Action>`, "o.xml:3:1: ns.act: " + notNeeded},
		"term":              {`<Term Name="term" Type="Edm.String">` + because + `</Term>`, "o.xml:3:1: ns.term: " + notNeeded},
		"set":               {`<EntityContainer Name="Service">` + because + `<Singleton Name="items" Type="o.item"/></EntityContainer>`, "o.xml:3:85: ns.Service/items: " + notNeeded},
		"annotation":        {`<Annotations Target="o.base">` + because + `<Annotation Term="x.y.z"><String>old</String></Annotation></Annotations>`, "o.xml:3:82: o.base@x.y.z: " + notNeeded},
		"no reason":         {`<ComplexType Name="base"><Property Name="p" Type="Edm.String"/></ComplexType>`, "o.xml:3:26: ns.base/p: " + noReason},
		"empty reason":      {`<EnumType Name="color"><Member Name="m"><Annotation Term="Callgen.Reason" String=" "/></Member></EnumType>`, "o.xml:3:24: ns.color/m: " + noReason},
		"new, no reason":    {`<ComplexType Name="new"><Annotation Term="Callgen.New"/></ComplexType>`, "o.xml:3:1: ns.new: " + noReason},
		"open, no reason":   {`<ComplexType Name="base" OpenType="true"/>`, "o.xml:3:1: ns.base: " + noReason},
		"block, no reason":  {`<Annotations Target="ns.base"><Annotation Term="x.y.n"/></Annotations>`, "o.xml:3:31: ns.base@x.y.n: " + noReason},
		"no such type":      {`<ComplexType Name="bse">` + because + `</ComplexType>`, `o.xml:3:1: ns.bse: the description has no type of this name`},
		"no such target":    {`<Annotations Target="ns.base/x">` + because + `<Annotation Term="x.y.z"/></Annotations>`, "o.xml:3:1: ns.base/x: neither the description nor the overlay declares the target"},
		"no such container": {`<EntityContainer Name="Other">` + because + `</EntityContainer>`, "o.xml:3:1: ns.Other: the description has no entity container of this name"},
		"other kind":        {`<EntityType Name="base">` + because + `</EntityType>`, "o.xml:3:1: ns.base: an overlay cannot change the kind of a type, or a type definition: the description has it at d.xml:3:1"},
		"type definition":   {`<TypeDefinition Name="weight" UnderlyingType="Edm.String"/>`, "o.xml:3:1: ns.weight: an overlay cannot change the kind of a type, or a type definition: the description has it at d.xml:7:1"},
		"other base":        {`<ComplexType Name="derived" BaseType="ns.base">` + because + `<Property Name="p" Type="Edm.String"/></ComplexType>`, "o.xml:3:1: ns.derived: an overlay cannot change BaseType, Abstract, HasStream or Key of a type"},
		"other underlying":  {`<EnumType Name="color" UnderlyingType="Edm.Byte">` + because + `<Member Name="m"/></EnumType>`, "o.xml:3:1: ns.color: an overlay cannot change UnderlyingType of a type"},
		"nothing":           {`<ComplexType Name="base">` + because + `</ComplexType>`, "o.xml:3:1: ns.base: the overlay adds nothing to this type"},
		"declared below":    {`<ComplexType Name="base">` + because + `<Property Name="b" Type="Edm.String"/></ComplexType>`, "d.xml:4:64: ns.derived/b: duplicate property: base type ns.base declares it at o.xml:3:78"},
		"hoist of nothing":  {`<ComplexType Name="base">` + because + `<Property Name="p" Type="Edm.String"><Annotation Term="Callgen.Hoist"/></Property></ComplexType>`, "o.xml:3:78: ns.base/p: no derived type declares it"},
		"hoist of another":  {`<ComplexType Name="base">` + because + `<Property Name="c" Type="Edm.String"><Annotation Term="Callgen.Hoist"/></Property></ComplexType>`, "o.xml:3:78: ns.base/c: ns.derived declares it as Edm.Int32 at d.xml:4:102: a property that is hoisted has one type"},
		"unknown term":      {`<ComplexType Name="base"><Annotation Term="Callgen.Resaon" String="x"/></ComplexType>`, `o.xml:3:26: ns.base: unknown term "Callgen.Resaon": Callgen.Reason, Callgen.New, Callgen.Hoist, Callgen.OneOrMany and Callgen.Secret are known`},
		"one or many":       {`<Annotations Target="ns.base/a">` + because + `<Annotation Term="Callgen.OneOrMany"/></Annotations>`, "o.xml:3:85: ns.base/a: Callgen.OneOrMany is for collections"},
		"several": {
			`<ComplexType Name="base"><Property Name="a" Type="Edm.String"/><Property Name="p" Type="o.none"/></ComplexType>`,
			"o.xml:3:26: ns.base/a: " + notNeeded + "\no.xml:3:64: ns.base/p: " + noReason,
		},
	} {
		t.Run(name, func(t *testing.T) {
			wanted.Findings(t, overlay.Apply(model(t), "o.xml", document(c.text)), c.want)
		})
	}
}

// TestOverlayDefinesWhatIsMissing gives a description, read with its faults, the types
// that nothing in it defines.
func TestOverlayDefinesWhatIsMissing(t *testing.T) {
	data := document(`<ComplexType Name="a" BaseType="ns.base"><Property Name="p" Type="Collection(ns.none)"/><Property Name="q" Type="ns.nothing"/></ComplexType>`)
	m, notes, err := csdl.ReadAll([]csdl.Document{{Name: "d.xml", Data: data}}, csdl.Options{})
	require.NoError(t, err)
	assert.Len(t, notes, 3)
	require.NoError(t, overlay.Apply(m, "o.xml", document(`<ComplexType Name="base"><Annotation Term="Callgen.New"/>`+because+`</ComplexType>
<EnumType Name="none"><Annotation Term="Callgen.New"/>`+because+`</EnumType>`)))
	a := m.Structured("ns.a")
	assert.Equal(t, m.Structured("ns.base"), a.Base)
	assert.Equal(t, "Collection(ns.none)", a.Property("p").Type.String())
	assert.Equal(t, edm.Type(m.Enum("ns.none")), a.Property("p").Type.Type)
	assert.Equal(t, "Edm.Untyped", a.Property("q").Type.String())
}
