package convert_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/callgen/callgen/spec/convert"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/openapi"
)

// converted returns the OpenAPI description of a schema of the namespace shop.
func converted(t *testing.T, schema string) (map[string]any, []diag.Finding) {
	t.Helper()
	m, err := csdl.Read("in.csdl", []byte(`<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="shop" xmlns="http://docs.oasis-open.org/odata/ns/edm">`+schema+`</Schema></edmx:DataServices></edmx:Edmx>`))
	require.NoError(t, err)
	text, notes, err := convert.YAML(m, convert.Options{Server: "https://shop.example"})
	require.NoError(t, err)
	var doc map[string]any
	require.NoError(t, yaml.Unmarshal(text, &doc))
	return doc, notes
}

// at returns what stands at a path of a document, parts separated by blanks; nil if nothing.
func at(doc any, path string) any {
	for _, key := range strings.Fields(path) {
		object, _ := doc.(map[string]any)
		doc = object[key]
	}
	return doc
}

const goods = `<EntityType Name="item"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/>
<Property Name="size" Type="Edm.Int32"/><Property Name="tags" Type="Collection(Edm.String)"/><NavigationProperty Name="parts" Type="Collection(shop.item)" ContainsTarget="true"/></EntityType>
<EntityType Name="heavyItem" BaseType="shop.item"><Property Name="weight" Type="Edm.Double"/></EntityType>
<EnumType Name="state"><Member Name="open"/><Member Name="closed"/></EnumType>
<Action Name="sell" IsBound="true"><Parameter Name="it" Type="shop.item"/><Parameter Name="to" Type="Edm.String"/></Action>
<EntityContainer Name="c"><EntitySet Name="items" EntityType="shop.item"/></EntityContainer>`

func TestThePropertiesOfATypeAreThoseOfItsSchema(t *testing.T) {
	t.Parallel()
	doc, _ := converted(t, goods)
	text := at(doc, "components schemas shop.item")
	require.NotNil(t, text)
	found, err := yaml.Marshal(text)
	require.NoError(t, err)
	for _, name := range []string{"id", "size", "tags", "parts"} {
		assert.Contains(t, string(found), name+":\n")
	}
	assert.NotContains(t, string(found), "weight")
}

func TestRequiredQueryParametersAreSaid(t *testing.T) {
	t.Parallel()
	doc, _ := converted(t, strings.Replace(goods, `Type="Collection(shop.item)" ContainsTarget="true"/>`, `Type="Collection(shop.item)" ContainsTarget="true">
<Annotation Term="Org.OData.Capabilities.V1.ReadRestrictions"><Record><PropertyValue Property="CustomQueryOptions"><Collection>
<Record><PropertyValue Property="Name" String="since"/><PropertyValue Property="Description" String="A time."/><PropertyValue Property="Required" Bool="true"/></Record>
<Record><PropertyValue Property="Name" String="until"/></Record></Collection></PropertyValue></Record></Annotation></NavigationProperty>`, 1))
	parameters, _ := at(doc, "paths /items/{item-id}/parts get parameters").([]any)
	assert.Contains(t, parameters, map[string]any{
		"name": "since", "in": "query", "description": "A time.", "required": true, "schema": map[string]any{"type": "string"},
	})
	assert.NotContains(t, fmt.Sprint(parameters), "until", "it is not required")
	one := at(doc, "paths /items/{item-id}/parts/{item-id1} get parameters")
	require.NotEmpty(t, one)
	assert.NotContains(t, fmt.Sprint(one), "since", "one part is read without it")
}

func TestADerivedTypeRefersToItsBase(t *testing.T) {
	t.Parallel()
	doc, _ := converted(t, goods)
	all, ok := at(doc, "components schemas shop.heavyItem allOf").([]any)
	require.True(t, ok)
	assert.Equal(t, "#/components/schemas/shop.item", at(all[0], "$ref"))
}

func TestMembersOfAnEnumAreStrings(t *testing.T) {
	t.Parallel()
	doc, _ := converted(t, goods)
	assert.Equal(t, []any{"open", "closed"}, at(doc, "components schemas shop.state enum"))
	assert.Equal(t, "string", at(doc, "components schemas shop.state type"))
}

func TestAnEntitySetHasPathsOfItselfAndOfItsEntities(t *testing.T) {
	t.Parallel()
	doc, _ := converted(t, goods)
	paths, ok := at(doc, "paths").(map[string]any)
	require.True(t, ok)
	assert.NotNil(t, at(paths, "/items get"))
	assert.NotNil(t, at(paths, "/items post"))
	entity := "/items/{item-id}"
	for _, method := range []string{"get", "patch", "delete"} {
		assert.NotNil(t, at(paths, entity+" "+method), method)
	}
	assert.Contains(t, paths, entity+"/parts")
	assert.NotNil(t, at(paths, entity+"/shop.sell post"), "a bound action is posted to its entity")
}

func TestEveryReferenceLeadsToSomething(t *testing.T) {
	t.Parallel()
	doc, _ := converted(t, goods)
	var check func(v any)
	found := 0
	check = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				found++
				target := strings.ReplaceAll(strings.TrimPrefix(ref, "#/"), "/", " ")
				assert.NotNil(t, at(doc, target), ref)
			}
			for _, child := range v {
				check(child)
			}
		case []any:
			for _, child := range v {
				check(child)
			}
		}
	}
	check(doc)
	assert.Greater(t, found, 5)
}

func TestWhatNoPathLeadsToIsANote(t *testing.T) {
	t.Parallel()
	_, notes := converted(t, goods+`<Action Name="lost" IsBound="true"><Parameter Name="it" Type="shop.alone"/></Action>
<EntityType Name="alone"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>`)
	require.NotEmpty(t, notes)
	assert.Contains(t, notes[0].Element, "shop.lost")
	assert.True(t, notes[0].Pos.IsValid())
}

// TestStreamsAreDeleted converts a stream property and a media entity, and reads them again.
func TestStreamsAreDeleted(t *testing.T) {
	m, err := csdl.Read("d.xml", []byte(`<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="shop" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="photo" HasStream="true"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/><Property Name="thumb" Type="Edm.Stream"/></EntityType>
<EntityContainer Name="container"><EntitySet Name="photos" EntityType="shop.photo"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`))
	require.NoError(t, err)
	text, notes, err := convert.YAML(m, convert.Options{})
	require.NoError(t, err)
	assert.Empty(t, notes)
	for _, id := range []string{"photos.DeleteContentThumb", "photos.DeleteContentValue"} {
		assert.Regexp(t, `delete:\n(      .*\n)*?      operationId: `+id+"\n", string(text))
	}
	again, lost, err := openapi.Read("d.yaml", text, openapi.Options{})
	require.NoError(t, err)
	assert.Empty(t, lost)
	photo := again.Structured("shop.photo")
	assert.True(t, photo.HasStream)
	assert.Equal(t, "Edm.Stream", photo.Properties[1].Type.String())
}
