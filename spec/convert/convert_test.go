package convert_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/convert"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/openapi"
)

const described = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="shop" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="line"><Key><PropertyRef Name="id"/><PropertyRef Name="pos"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/><Property Name="pos" Type="Edm.Int32" Nullable="false"/>
<NavigationProperty Name="notes" Type="Collection(shop.note)" ContainsTarget="true"/></EntityType>
<EntityType Name="note"><Property Name="text" Type="Edm.String"/></EntityType>
<Function Name="cheapest"><ReturnType Type="shop.line"/></Function>
<Function Name="cheapest"><Parameter Name="of" Type="Edm.Int32" Nullable="false"/><ReturnType Type="shop.line"/></Function>
<EntityContainer Name="container"><EntitySet Name="lines" EntityType="shop.line"/><EntitySet Name="notes" EntityType="shop.note"/>
<FunctionImport Name="cheapest" Function="shop.cheapest"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

// TestKeysAndOverloads converts keys of several parts, a type without key, and overloads.
func TestKeysAndOverloads(t *testing.T) {
	m, err := csdl.Read("d.xml", []byte(described))
	require.NoError(t, err)
	text, notes, err := convert.YAML(m, convert.Options{Server: "https://example.org/v1"})
	require.NoError(t, err)
	assert.Empty(t, notes)

	var paths, ids []string
	for _, match := range regexp.MustCompile(`(?m)^  (?:'|")?(/.*?)(?:'|")?:$`).FindAllStringSubmatch(string(text), -1) {
		paths = append(paths, match[1])
	}
	for _, match := range regexp.MustCompile(`(?m)operationId: (.*)$`).FindAllStringSubmatch(string(text), -1) {
		assert.NotContains(t, ids, match[1])
		ids = append(ids, match[1])
	}
	assert.Equal(t, []string{
		"/lines", "/lines(id='{line-id}',pos={line-pos})", "/lines(id='{line-id}',pos={line-pos})/notes", "/notes",
		"/cheapest()", "/cheapest(of={of})",
	}, paths)
	assert.Contains(t, ids, "cheapest2")

	again, lost, err := openapi.Read("d.yaml", text, openapi.Options{})
	require.NoError(t, err)
	assert.Empty(t, lost)
	var key []string
	for _, k := range again.Structured("shop.line").Key {
		key = append(key, k.Name)
	}
	assert.Equal(t, []string{"id", "pos"}, key)
	assert.Empty(t, again.Structured("shop.line").AlternateKeys())
	assert.Empty(t, again.Structured("shop.note").Key)
	assert.Equal(t, edm.Entity, again.Structured("shop.note").Kind)
	assert.Len(t, again.Overloads(edm.QName{Namespace: "shop", Name: "cheapest"}), 2)
}
