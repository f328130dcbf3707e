package compare

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/csdl"
)

const description = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="g" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="call"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/><NavigationProperty Name="peer" Type="g.call"/></EntityType>
  <EnumType Name="state"><Member Name="on"/></EnumType>
  <Action Name="answer" IsBound="true"><Parameter Name="it" Type="g.call"/><Parameter Name="uri" Type="Edm.String"/></Action>
  <EntityContainer Name="service"><EntitySet Name="calls" EntityType="g.call"/><Singleton Name="me" Type="g.call"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

func TestDeclares(t *testing.T) {
	m, err := csdl.Read("d.xml", []byte(description))
	require.NoError(t, err)
	for _, element := range []string{"g.call", "g.call/id", "g.call/peer", "g.state/on", "g.answer", "g.answer(g.call)", "g.answer(g.call)/uri", "/calls", "/me", "g.service/calls"} {
		assert.True(t, declares(m, element), element)
	}
	for _, element := range []string{"g.none", "g.call/none", "g.state/off", "g.answer/none", "g.answers(g.call)/uri", "/none", "g.service/none", "calls", ""} {
		assert.False(t, declares(m, element), element)
	}
	m.Container = nil
	assert.False(t, declares(m, "/calls"))
}
