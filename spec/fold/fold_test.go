package fold_test

import (
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
