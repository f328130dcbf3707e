package csdl_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/wanted"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
)

// part is a document of several: references and the content of one schema.
func part(name, namespace, references, content string) csdl.Document {
	return csdl.Document{Name: name, Data: []byte(`<edmx:Edmx Version="4.0" xmlns:edmx="` + nsEDMX + `">` + references + `<edmx:DataServices>
<Schema Namespace="` + namespace + `" xmlns="` + nsEDM + `">
` + content + `
</Schema></edmx:DataServices></edmx:Edmx>`)}
}

func include(uri, namespace, alias string) string {
	return `<edmx:Reference Uri="` + uri + `"><edmx:Include Namespace="` + namespace + `" Alias="` + alias + `"/></edmx:Reference>`
}

// shop and maps refer to each other, and mean different namespaces by one alias.
func shop() csdl.Document {
	return part("shop.xml", "shop.v1", include("http://x.example/schemas/maps.xml", "maps.v1", "a"),
		`<EntityType Name="shop"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/><Property Name="at" Type="a.place"/></EntityType>
<EntityContainer Name="c" Extends="a.c"><EntitySet Name="shops" EntityType="shop.v1.shop"/></EntityContainer>`)
}

func maps() csdl.Document {
	return part("maps.xml", "maps.v1", include("shop.xml", "shop.v1", "a"),
		`<ComplexType Name="place"><Property Name="x" Type="Edm.Double"/></ComplexType>
<EntityType Name="map"><NavigationProperty Name="shops" Type="Collection(a.shop)"/></EntityType>
<EntityContainer Name="c"><Singleton Name="map" Type="maps.v1.map"/><Singleton Name="shops" Type="maps.v1.map"/></EntityContainer>
<Annotations Target="a.shop/at"><Annotation Term="Core.Description" String="Where it is."/></Annotations>
<Annotations Target="maps.v1.c/map"><Annotation Term="Core.Description" String="The map."/></Annotations>`)
}

func TestSeveralFiles(t *testing.T) {
	for _, documents := range [][]csdl.Document{{shop(), maps()}, {maps(), shop()}} {
		m, notes, err := csdl.ReadAll(documents, csdl.Options{Strict: true})
		require.NoError(t, err)
		assert.Empty(t, notes)
		at := m.Structured("shop.v1.shop").Property("at")
		assert.Equal(t, edm.Type(m.Structured("maps.v1.place")), at.Type.Type)
		assert.Equal(t, edm.Type(m.Structured("shop.v1.shop")), m.Structured("maps.v1.map").Navigation[0].Type.Type)
		assert.Equal(t, "Where it is.", at.Annotations.Description())

		require.NotNil(t, m.Container)
		assert.Equal(t, "shop.v1.c", m.Container.Name.String(), "it extends the other")
		require.Len(t, m.Container.EntitySets, 1)
		require.Len(t, m.Container.Singletons, 1, "the name of the other one is taken")
		assert.Equal(t, "map", m.Container.Singletons[0].Name)
		assert.Equal(t, "The map.", m.Container.Singletons[0].Annotations.Description())
		require.NoError(t, m.Link(), "again")
		assert.Equal(t, "The map.", m.Container.Singletons[0].Annotations.Description())
	}
}

func TestFileThatIsMissing(t *testing.T) {
	m, notes, err := csdl.ReadAll([]csdl.Document{shop()}, csdl.Options{})
	require.NoError(t, err)
	require.Len(t, notes, 1)
	assert.Equal(t, `shop.xml:3:99: shop.v1.shop/at: undefined type "a.place": its schema is in "http://x.example/schemas/maps.xml", which was not read; its JSON is kept as it is (Edm.Untyped)`, notes[0].String())
	assert.Equal(t, "Edm.Untyped", m.Structured("shop.v1.shop").Property("at").Type.String())

	_, _, err = csdl.ReadAll([]csdl.Document{shop()}, csdl.Options{Strict: true})
	wanted.Findings(t, err, `shop.xml:3:99: shop.v1.shop/at: undefined type "a.place": its schema is in "http://x.example/schemas/maps.xml", which was not read`)
}

func TestFilesBelowAFolder(t *testing.T) {
	folder := t.TempDir()
	write := func(name string, data []byte) {
		full := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
		require.NoError(t, os.WriteFile(full, data, 0o644))
	}
	write("schemas/maps.xml", maps().Data)
	m, notes, err := csdl.ReadAll([]csdl.Document{shop()}, csdl.Options{Refs: folder})
	require.NoError(t, err)
	assert.Empty(t, notes)
	assert.Equal(t, edm.Type(m.Structured("maps.v1.place")), m.Structured("shop.v1.shop").Property("at").Type.Type)

	// What only is referred to serves nothing, unless a container that is served extends it.
	m, _, err = csdl.ReadAll([]csdl.Document{part("own.xml", "own", include("../../schemas/maps.xml", "maps.v1", "b"),
		`<ComplexType Name="c"><Property Name="p" Type="b.place"/></ComplexType>`)}, csdl.Options{Refs: folder})
	require.NoError(t, err)
	assert.Nil(t, m.Container)
	assert.NotNil(t, m.Structured("maps.v1.place"))

	write("schemas/maps.xml", []byte("<a"))
	m, notes, err = csdl.ReadAll([]csdl.Document{shop()}, csdl.Options{Refs: folder})
	require.NoError(t, err)
	assert.Equal(t, "Edm.Untyped", m.Structured("shop.v1.shop").Property("at").Type.String())
	assert.Len(t, notes, 2)
	assert.Contains(t, notes[0].String(), "maps.xml:1:3: bad XML: unexpected EOF; the file is left out")
}

func TestReferencesStayBelowTheFolder(t *testing.T) {
	outer := t.TempDir()
	folder := filepath.Join(outer, "refs")
	require.NoError(t, os.Mkdir(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(outer, "maps.xml"), maps().Data, 0o644))
	if err := os.Symlink(filepath.Join("..", "maps.xml"), filepath.Join(folder, "maps.xml")); err != nil {
		t.Skipf("symbolic links cannot be made here: %v", err)
	}
	m, _, err := csdl.ReadAll([]csdl.Document{shop()}, csdl.Options{Refs: folder})
	require.NoError(t, err)
	assert.Nil(t, m.Structured("maps.v1.place"))

	_, _, err = csdl.ReadAll([]csdl.Document{shop()}, csdl.Options{Refs: filepath.Join(outer, "none")})
	assert.Error(t, err)
}

// TestFilesOfOtherKinds hands in what lies in a folder beside descriptions.
func TestFilesOfOtherKinds(t *testing.T) {
	page := csdl.Document{Name: "page.xml", Data: []byte(`<html/>`)}
	_, notes, err := csdl.ReadAll([]csdl.Document{page, shop(), maps()}, csdl.Options{})
	require.NoError(t, err)
	require.Len(t, notes, 1)
	assert.Equal(t, "page.xml:1:1: this is a web page, not CSDL XML: save what the service answers at …/$metadata to those who are signed in; the file is left out", notes[0].String())

	_, _, err = csdl.ReadAll([]csdl.Document{shop(), {Name: "broken.xml", Data: []byte("<edmx:Edmx")}}, csdl.Options{})
	wanted.Findings(t, err, "broken.xml:1:11: bad XML: unexpected EOF")
}

// TestOneFileTwice reads what is declared twice once.
func TestOneFileTwice(t *testing.T) {
	again := maps()
	again.Name = "copy.xml"
	m, notes, err := csdl.ReadAll([]csdl.Document{shop(), maps(), again}, csdl.Options{})
	require.NoError(t, err)
	assert.NotEmpty(t, notes)
	assert.Len(t, m.Schema("maps.v1").Types, 2)
	require.NoError(t, m.Link())
}
