package overlay_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/overlay"
)

func schema(content string) []byte {
	return []byte(`<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="ns" xmlns="http://docs.oasis-open.org/odata/ns/edm">
` + content + `
</Schema></edmx:DataServices></edmx:Edmx>`)
}

func described(t *testing.T) *edm.Model {
	t.Helper()
	m, err := csdl.Read("d.xml", schema(`<ComplexType Name="base"><Property Name="a" Type="Edm.String"/></ComplexType>
<ComplexType Name="derived" BaseType="ns.base" OpenType="true"><Property Name="b" Type="Edm.String"/><Property Name="c" Type="Edm.Int32"/></ComplexType>
<EnumType Name="enum"><Member Name="m"/></EnumType>`))
	require.NoError(t, err)
	return m
}

const reason = `<Annotation Term="Callgen.Reason" String="because"/>`

func TestApply(t *testing.T) {
	m := described(t)
	require.NoError(t, overlay.Apply(m, "o.xml", schema(`
<ComplexType Name="base" OpenType="true">`+reason+`
	<Property Name="d" Type="ns.new"/>
	<Property Name="b" Type="Edm.String"><Annotation Term="Callgen.Hoist"/></Property>
</ComplexType>
<ComplexType Name="new"><Annotation Term="Callgen.New" Bool="true"/>`+reason+`</ComplexType>
<EnumType Name="enum"><Member Name="n">`+reason+`</Member></EnumType>
<Annotations Target="ns.base/a">`+reason+`<Annotation Term="Core.Description" String="An a."/></Annotations>`)))
	base, derived := m.Structured("ns.base"), m.Structured("ns.derived")
	assert.True(t, base.Open)
	require.Len(t, base.Properties, 3)
	assert.Same(t, m.Structured("ns.new"), base.Properties[1].Type.Type)
	assert.Equal(t, "b", base.Properties[2].Name, "moved up")
	require.Len(t, derived.Properties, 1)
	assert.Equal(t, "c", derived.Properties[0].Name)
	assert.Len(t, m.Enum("ns.enum").Members, 2)
	assert.Equal(t, "An a.", base.Properties[0].Annotations.Description())
}

func TestFindings(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"not needed":    {`<ComplexType Name="derived">` + reason + `<Property Name="a" Type="Edm.String"/></ComplexType>`, "o.xml:3:81: ns.derived/a: the description has this by now: remove the entry from the overlay"},
		"open by now":   {`<ComplexType Name="derived" OpenType="true">` + reason + `</ComplexType>`, "o.xml:3:1: ns.derived: the description has this by now: remove the entry from the overlay"},
		"member by now": {`<EnumType Name="enum"><Member Name="m">` + reason + `</Member></EnumType>`, "o.xml:3:23: ns.enum/m: the description has this by now: remove the entry from the overlay"},
		"type by now":   {`<ComplexType Name="base"><Annotation Term="Callgen.New"/>` + reason + `</ComplexType>`, "o.xml:3:1: ns.base: the description has this by now: remove the entry from the overlay"},
		"no reason":     {`<ComplexType Name="base"><Property Name="x" Type="Edm.String"/></ComplexType>`, `o.xml:3:26: ns.base/x: the entry gives no reason: add <Annotation Term="Callgen.Reason" String="…"/>`},
		"no such type":  {`<ComplexType Name="bse">` + reason + `</ComplexType>`, `o.xml:3:1: ns.bse: the description has no such type: correct the name, or say that it is new by <Annotation Term="Callgen.New" Bool="true"/>`},
		"other kind":    {`<EntityType Name="base">` + reason + `</EntityType>`, "o.xml:3:1: ns.base: an overlay can open a type and add properties to it, not change its kind, base or key"},
		"hoist nothing": {`<ComplexType Name="base">` + reason + `<Property Name="x" Type="Edm.String"><Annotation Term="Callgen.Hoist"/></Property></ComplexType>`, "o.xml:3:78: ns.base/x: no derived type declares it: remove Callgen.Hoist"},
		"hoist another": {`<ComplexType Name="base">` + reason + `<Property Name="c" Type="Edm.String"><Annotation Term="Callgen.Hoist"/></Property></ComplexType>`, "o.xml:3:78: ns.base/c: ns.derived declares it as Edm.Int32 at d.xml:4:102: a property that is hoisted must have that type"},
		"annotations":   {`<Annotations Target="ns.base"><Annotation Term="Core.Description" String="x"/></Annotations>`, "o.xml:3:1: ns.base: the block needs a Callgen.Reason, and something that it is the reason of"},
		"action":        {`<Action Name="act"/>`, "o.xml:3:1: ns.act: an overlay cannot add operations"},
		"unresolved":    {`<ComplexType Name="base">` + reason + `<Property Name="x" Type="ns.none"/></ComplexType>`, "o.xml:3:78: ns.base/x: the type ns.none is not defined: correct the name or add the type"},
	} {
		err := overlay.Apply(described(t), "o.xml", schema(c.text))
		require.Error(t, err, name)
		assert.Contains(t, strings.Split(err.Error(), "\n"), c.want, name)
	}
	err := overlay.Apply(described(t), "o.xml", []byte(strings.ReplaceAll(string(schema("")), `"ns"`, `"other"`)))
	assert.EqualError(t, err, "o.xml:2:1: other: the description has no schema of this namespace")
}
