package fold_test

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/fold"
)

// document returns a document with schemas.
func document(schemas string) csdl.Document {
	return csdl.Document{Name: "in.xml", Data: []byte(
		`<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><edmx:DataServices xmlns="http://docs.oasis-open.org/odata/ns/edm">` +
			schemas + `</edmx:DataServices></edmx:Edmx>`)}
}

// folded reads schemas, folds their versions, and returns what can be seen of the model.
func folded(t *testing.T, schemas string) (*edm.Model, string, []string) {
	t.Helper()
	model, notes, err := csdl.ReadAll([]csdl.Document{document(schemas)}, csdl.Options{Change: fold.Versions})
	require.NoError(t, err)
	assert.True(t, model.Folded)
	var text strings.Builder
	require.NoError(t, model.Dump(&text))
	return model, text.String(), lines(notes)
}

func lines(notes []diag.Finding) (list []string) {
	for _, n := range notes {
		n.Pos = diag.Pos{}
		list = append(list, n.String())
	}
	return list
}

const disks = `
<Schema Namespace="Disk">
  <EntityType Name="Disk" BaseType="Item.Item" Abstract="true"/>
  <EnumType Name="Kind"><Member Name="Spinning"/></EnumType>
  <Action Name="Erase" IsBound="true"><Parameter Name="disk" Type="Disk.v1_0_0.Disk"/></Action>
</Schema>
<Schema Namespace="Disk.v1_10_0">
  <EntityType Name="Disk" BaseType="Disk.v1_2_0.Disk"><Property Name="Worn" Type="Edm.Boolean"/></EntityType>
  <ComplexType Name="Wear"/>
</Schema>
<Schema Namespace="Disk.v1_0_0">
  <EntityType Name="Disk" BaseType="Disk.Disk">
    <Property Name="Bytes" Type="Edm.Int64"/>
    <Property Name="Kind" Type="Disk.Kind"/>
    <Property Name="Links" Type="Disk.v1_0_0.Links"/>
    <NavigationProperty Name="Next" Type="Disk.Disk"/>
  </EntityType>
  <ComplexType Name="Links"><NavigationProperty Name="Disks" Type="Collection(Disk.v1_0_0.Disk)"/></ComplexType>
  <EnumType Name="Bus"><Member Name="SATA"/></EnumType>
</Schema>
<Schema Namespace="Disk.v1_2_0">
  <EntityType Name="Disk" BaseType="Disk.v1_0_0.Disk"><Property Name="Bus" Type="Disk.v1_2_0.Bus"/></EntityType>
  <ComplexType Name="Links" BaseType="Disk.v1_0_0.Links"><Property Name="Note" Type="Edm.String"/></ComplexType>
  <EnumType Name="Bus"><Member Name="SATA"/><Member Name="SAS"/></EnumType>
</Schema>
<Schema Namespace="Item">
  <EntityType Name="Item" Abstract="true"><Property Name="Id" Type="Edm.String"/></EntityType>
</Schema>`

func TestVersionsAreOneType(t *testing.T) {
	m, _, notes := folded(t, disks)
	assert.Empty(t, notes)
	disk := m.Structured("Disk.Disk")
	require.NotNil(t, disk)
	assert.Equal(t, "Item.Item", disk.Base.Name.String())
	assert.False(t, disk.Abstract, "the newest version is not")
	var names []string
	for _, p := range disk.Properties {
		names = append(names, p.Name)
	}
	assert.Equal(t, []string{"Bytes", "Kind", "Links", "Bus", "Worn"}, names)
	assert.Equal(t, "Disk.Links", disk.Property("Links").Type.Name.String())
	assert.NotNil(t, m.Structured("Disk.Links").Property("Note"))
	assert.Len(t, m.BoundTo(disk, false), 1)
	bus, ok := m.Type(edm.QName{Namespace: "Disk", Name: "Bus"}).(*edm.EnumType)
	require.True(t, ok)
	assert.Len(t, bus.Members, 2)
	for _, s := range m.Schemas {
		assert.NotContains(t, s.Namespace, "v1_")
	}
}

func TestSinceWhen(t *testing.T) {
	m, _, _ := folded(t, disks)
	since := func(a edm.Annotations) string {
		r, _ := a.Added()
		return r.Version
	}
	disk := m.Structured("Disk.Disk")
	assert.Empty(t, since(disk.Property("Bytes").Annotations), "from the beginning")
	assert.Equal(t, "1.2.0", since(disk.Property("Bus").Annotations))
	assert.Equal(t, "1.10.0", since(disk.Property("Worn").Annotations), "10 comes after 2")
	assert.Empty(t, since(disk.Annotations))
	assert.Equal(t, "1.10.0", since(m.Structured("Disk.Wear").Annotations))
	bus := m.Type(edm.QName{Namespace: "Disk", Name: "Bus"}).(*edm.EnumType)
	assert.Empty(t, since(bus.Members[0].Annotations))
	assert.Equal(t, "1.2.0", since(bus.Members[1].Annotations))
}

func TestOtherTypeInANewerVersion(t *testing.T) {
	m, _, notes := folded(t, `
<Schema Namespace="A.v1"><ComplexType Name="A">
  <Property Name="p" Type="Edm.String"/><Property Name="q" Type="A.v1.B"/><NavigationProperty Name="n" Type="A.v1.E"/>
</ComplexType><ComplexType Name="B"/><EntityType Name="E"/></Schema>
<Schema Namespace="A.v2"><ComplexType Name="A" BaseType="A.v1.A">
  <Property Name="p" Type="Collection(Edm.String)" Nullable="false"/><Property Name="q" Type="A.v2.B"/><Property Name="n" Type="Edm.Int32"/>
</ComplexType><ComplexType Name="B"/></Schema>`)
	assert.Equal(t, []string{
		`A.A/p: it is of type "Collection(Edm.String)" since version 2, and was of type "Edm.String": it has the newer type in Go, and values of the older form are kept as JSON`,
		`A.A/n: it is of type "Edm.Int32" since version 2, and was of type "A.E": it has the newer type in Go, and values of the older form are kept as JSON`,
	}, notes)
	a := m.Structured("A.A")
	assert.Equal(t, "Collection(Edm.String)", a.Property("p").Type.String())
	assert.Equal(t, "A.B", a.Property("q").Type.String(), "the same type of a newer version is no other type")
	assert.Equal(t, "Edm.Int32", a.Property("n").Type.String())
	assert.Empty(t, a.Navigation)
	assert.Len(t, a.Properties, 3)
}

func TestOtherKindInANewerVersion(t *testing.T) {
	m, _, notes := folded(t, `
<Schema Namespace="A.v1"><EnumType Name="A"><Member Name="m"/></EnumType><TypeDefinition Name="D" UnderlyingType="Edm.String"/></Schema>
<Schema Namespace="A.v2"><ComplexType Name="A"><Property Name="p" Type="A.v1.A"/><Property Name="d" Type="A.v2.D"/></ComplexType>
  <TypeDefinition Name="D" UnderlyingType="Edm.Int64"/></Schema>`)
	assert.Equal(t, []string{"A.A: it is a complex type in its newest version, and an enum type at in.xml:2:26: what is declared there is left out"}, notes)
	assert.Equal(t, "A.A", m.Structured("A.A").Property("p").Type.String())
	assert.Equal(t, "Edm.Int64", m.Type(edm.QName{Namespace: "A", Name: "D"}).(*edm.TypeDefinition).Underlying.String())
}

func TestWhatIsNotThereStays(t *testing.T) {
	m, _, notes := folded(t, `
<Schema Namespace="A.v1"><EntityType Name="A"><NavigationProperty Name="b" Type="B.v1.B"/><NavigationProperty Name="a" Type="A.v7.A"/></EntityType></Schema>
<Schema Namespace="Org.OData.Core.V1"><ComplexType Name="C"/></Schema>
<Schema Namespace="v1"><ComplexType Name="D"/></Schema>`)
	assert.Equal(t, []string{`A.A/b: undefined type "B.v1.B": its JSON is kept as it is (Edm.Untyped)`}, notes)
	a := m.Structured("A.A")
	assert.Equal(t, "Edm.Untyped", a.NavigationProperty("b").Type.Name.String())
	assert.Same(t, a, a.NavigationProperty("a").Type.Type, "of a version that there is not")
	assert.NotNil(t, m.Structured("Org.OData.Core.V1.C"), "the version is part of the name of a vocabulary")
	assert.NotNil(t, m.Structured("v1.D"), "there is no name without it")
}

func TestContainersOfVersions(t *testing.T) {
	_, text, notes := folded(t, `
<Schema Namespace="Root.v1_0_0"><EntityType Name="Root"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>
  <Function Name="f"><ReturnType Type="Edm.String"/></Function>
  <EntityContainer Name="Container"><Singleton Name="a" Type="Root.v1_0_0.Root"/><EntitySet Name="b" EntityType="Root.v1_0_0.Root"/>
    <FunctionImport Name="f" Function="Root.v1_0_0.f"/></EntityContainer></Schema>
<Schema Namespace="Root.v1_1_0"><EntityType Name="Root" BaseType="Root.v1_0_0.Root"/>
  <EntityContainer Name="Container" Extends="Root.v1_0_0.Container"><Singleton Name="c" Type="Root.v1_1_0.Root"/></EntityContainer></Schema>`)
	assert.Empty(t, notes)
	assert.Contains(t, text, "container Root.Container\n  entity set b Root.Root\n  singleton a Root.Root\n  singleton c Root.Root\n  function import f Root.f")
}

func TestAnnotationsOfVersions(t *testing.T) {
	m, _, notes := folded(t, `
<Schema Namespace="A.v1" Alias="B"><ComplexType Name="A"><Property Name="p" Type="Edm.String"/></ComplexType>
  <Annotations Target="A.v1.A/p"><Annotation Term="Org.OData.Core.V1.Description" String="old"/></Annotations>
  <Annotations Target="B.A"><Annotation Term="Org.OData.Core.V1.Description" String="whole"/></Annotations>
  <Action Name="act" IsBound="true"><Parameter Name="of" Type="Collection(B.A)"/></Action>
  <Annotations Target="B.act(Collection(B.A))"><Annotation Term="Org.OData.Core.V1.Description" String="acts"/></Annotations></Schema>
<Schema Namespace="A.v2"><ComplexType Name="A" BaseType="A.v1.A"/></Schema>
<Schema Namespace="B.v1"><ComplexType Name="C" BaseType="A.v2.A"/></Schema>`)
	assert.Empty(t, notes, "B is a namespace now, and was an alias")
	a := m.Structured("A.A")
	assert.Equal(t, "whole", a.Annotations.Description())
	assert.Equal(t, "old", a.Property("p").Annotations.Description())
	assert.Same(t, a, m.Structured("B.C").Base)
	require.Len(t, m.BoundTo(a, true), 1)
	assert.Equal(t, "acts", m.BoundTo(a, true)[0].Annotations.Description())
}

// TestFaultsOfVersions: what folding puts together is checked like anything else.
func TestFaultsOfVersions(t *testing.T) {
	_, _, notes := folded(t, `
<Schema Namespace="A.v1"><ComplexType Name="A" BaseType="B.v1.B"/></Schema>
<Schema Namespace="A.v2"><ComplexType Name="A"><Property Name="p" Type="Edm.String"/></ComplexType></Schema>
<Schema Namespace="B.v1"><ComplexType Name="B"/></Schema>
<Schema Namespace="B.v2"><ComplexType Name="B" BaseType="A.v2.A"><Property Name="p" Type="Edm.String"/></ComplexType></Schema>`)
	assert.Equal(t, []string{
		`A.A: base types form a cycle: A.A → B.B → A.A; the type is read without it, as an open type`,
		`B.B/p: duplicate property: base type A.A declares it at in.xml:3:48; that one is used`,
	}, notes)
}

// TestNothingToFold: a description without versions is the same, folded or not.
func TestNothingToFold(t *testing.T) {
	for _, d := range []csdl.Document{spec(t), document(`<Schema Namespace="Disk"><EntityType Name="Disk"/></Schema><Schema Namespace="Item"><ComplexType Name="Item"/></Schema>`)} {
		as := func(o csdl.Options) string {
			m, _, err := csdl.ReadAll([]csdl.Document{d}, o)
			require.NoError(t, err)
			assert.Empty(t, fold.Proposal(m))
			m.Folded = false
			var text strings.Builder
			require.NoError(t, m.Dump(&text))
			return text.String()
		}
		assert.Equal(t, as(csdl.Options{}), as(csdl.Options{Change: fold.Versions}))
	}
}

func spec(t *testing.T) csdl.Document {
	t.Helper()
	const file = "../communications.csdl.xml"
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	return csdl.Document{Name: file, Data: data}
}

func TestProposal(t *testing.T) {
	model, _, err := csdl.ReadAll([]csdl.Document{document(disks)}, csdl.Options{})
	require.NoError(t, err)
	assert.Equal(t, []string{`Disk.v1_10_0.Disk: it is a version of Disk.v1_2_0.Disk: "versions: fold" in the configuration, or --versions fold, makes one type of all versions, 6 instead of 11; "versions: apart" keeps them, without this note`}, lines(fold.Proposal(model)))
}

// FuzzVersions: no description makes folding fail, nor a model that cannot be linked.
func FuzzVersions(f *testing.F) {
	f.Add(disks)
	f.Add(`<Schema Namespace="A.v1" Alias="A"><EntityType Name="A" BaseType="A.A"/></Schema><Schema Namespace="A"><EnumType Name="A"/></Schema>`)
	f.Add(`<Schema Namespace="A.v1"><EntityContainer Name="C" Extends="A.v2.C"/></Schema><Schema Namespace="A.v2"><EntityContainer Name="C" Extends="A.v1.C"/><ComplexType Name="x"/></Schema>`)
	f.Fuzz(func(t *testing.T, schemas string) {
		m, _, err := csdl.ReadAll([]csdl.Document{document(schemas)}, csdl.Options{Change: fold.Versions})
		if err == nil {
			require.NoError(t, m.Link())
			require.NoError(t, m.Dump(io.Discard))
		}
	})
}
