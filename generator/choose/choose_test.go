package choose_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/internal/wanted"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

const description = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="g" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="entity" Abstract="true"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="g.text"/></EntityType>
  <TypeDefinition Name="text" UnderlyingType="Edm.String"/>
  <EntityType Name="hub" BaseType="g.entity">
    <NavigationProperty Name="calls" Type="Collection(g.call)"/>
    <NavigationProperty Name="meetings" Type="Collection(g.meeting)"/>
  </EntityType>
  <EntityType Name="call" BaseType="g.entity">
    <Property Name="info" Type="g.info"/>
    <NavigationProperty Name="participants" Type="Collection(g.participant)"/>
    <NavigationProperty Name="next" Type="g.call"/>
  </EntityType>
  <EntityType Name="meeting" BaseType="g.entity"><NavigationProperty Name="participants" Type="Collection(g.participant)"/></EntityType>
  <EntityType Name="participant" BaseType="g.entity"><Property Name="who" Type="Collection(g.identity)"/></EntityType>
  <ComplexType Name="info"><Property Name="state" Type="g.state"/><NavigationProperty Name="owner" Type="g.participant"/></ComplexType>
  <ComplexType Name="identity"/>
  <ComplexType Name="userIdentity" BaseType="g.identity"/>
  <ComplexType Name="guestIdentity" BaseType="g.userIdentity"/>
  <ComplexType Name="appIdentity" BaseType="g.identity"/>
  <EnumType Name="state"><Member Name="on"/></EnumType>
  <Action Name="move" IsBound="true"><Parameter Name="it" Type="g.participant"/><Parameter Name="to" Type="g.room"/></Action>
  <ComplexType Name="room"><Property Name="at" Type="g.records.place"/></ComplexType>
  <EntityContainer Name="service"><Singleton Name="hub" Type="g.hub"/><EntitySet Name="records" EntityType="g.call"/></EntityContainer>
</Schema>
<Schema Namespace="g.records" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <ComplexType Name="place"/><ComplexType Name="other"/>
</Schema>
</edmx:DataServices></edmx:Edmx>`

func model(t *testing.T) *edm.Model {
	t.Helper()
	m, err := csdl.Read("d.xml", []byte(description))
	require.NoError(t, err)
	return m
}

func names(types []edm.Type) string {
	var list []string
	for _, t := range types {
		list = append(list, strings.TrimPrefix(t.TypeName().String(), "g."))
	}
	return strings.Join(list, " ")
}

func TestSelect(t *testing.T) {
	const people = "appIdentity entity guestIdentity identity participant room userIdentity records.place"
	for name, c := range map[string]struct {
		wanted       choose.Wanted
		types, paths string
	}{
		"a path":                                          {choose.Wanted{Roots: []string{"/hub/calls/{id}/participants"}}, people, "/hub/calls/{id}/participants"},
		"a key is one segment":                            {choose.Wanted{Roots: []string{"/hub/calls/*/participants"}}, people, "/hub/calls/{id}/participants"},
		"a part of a name":                                {choose.Wanted{Roots: []string{"/hub/*/{id}/part*"}}, people, "/hub/calls/{id}/participants /hub/meetings/{id}/participants"},
		"any segment":                                     {choose.Wanted{Roots: []string{"/hub/*/*/participants"}}, people, "/hub/calls/{id}/participants /hub/meetings/{id}/participants"},
		"through a property":                              {choose.Wanted{Roots: []string{"/hub/calls/{id}/info/owner"}}, people, "/hub/calls/{id}/info/owner"},
		"through any property":                            {choose.Wanted{Roots: []string{"/records/*/*/own*"}}, people, "/records/{id}/info/owner"},
		"an excluded path through a property":             {choose.Wanted{Roots: []string{"g.call"}, Exclude: []string{"/records/*/info/owner", "/**/participants"}}, "call entity info state", ""},
		"any number of segments":                          {choose.Wanted{Roots: []string{"/**/participants"}}, people, "/records/{id}/participants /hub/calls/{id}/participants /hub/meetings/{id}/participants /records/{id}/next/participants"},
		"what is below comes along":                       {choose.Wanted{Roots: []string{"/hub/**"}, Exclude: []string{"/hub/calls"}}, strings.Replace(people, "participant", "meeting participant", 1), "/hub/meetings"},
		"a wildcard ends at a dot":                        {choose.Wanted{Roots: []string{"g.in*", "g.records.*"}, Exclude: []string{"g.participant"}}, "info state records.other records.place", ""},
		"an excluded type is cut":                         {choose.Wanted{Roots: []string{"g.call"}, Exclude: []string{"g.info", "g.participant"}}, "call entity", ""},
		"an operation without one of its types is cut":    {choose.Wanted{Roots: []string{"g.participant"}, Exclude: []string{"g.room", "g.userIdentity", "g.guest*"}}, "appIdentity entity identity participant", ""},
		"an excluded path cuts where it ends":             {choose.Wanted{Roots: []string{"g.hub"}, Exclude: []string{"/hub/calls", "/**/participants"}}, "entity hub meeting", ""},
		"derived types to keep, with theirs":              {choose.Wanted{Roots: []string{"g.identity"}, Hierarchies: map[string][]string{"g.identity": {"g.userIdentity"}}}, "guestIdentity identity userIdentity", ""},
		"what they derive from":                           {choose.Wanted{Roots: []string{"g.identity"}, Hierarchies: map[string][]string{"g.identity": {"g.guestIdentity"}}}, "guestIdentity identity userIdentity", ""},
		"the nearest base type decides":                   {choose.Wanted{Roots: []string{"g.identity"}, Hierarchies: map[string][]string{"g.identity": {"g.userIdentity"}, "g.userIdentity": {}}}, "identity userIdentity", ""},
		"none":                                            {choose.Wanted{Roots: []string{"g.identity"}, Hierarchies: map[string][]string{"g.identity": nil}}, "identity", ""},
		"others if they are referred to":                  {choose.Wanted{Roots: []string{"g.entity", "g.meeting"}, Hierarchies: map[string][]string{"g.entity": {"g.hub"}, "g.identity": {}}}, "call entity hub identity info meeting participant room state records.place", ""},
		"of everything":                                   {choose.Wanted{Hierarchies: map[string][]string{"g.identity": {"g.userIdentity"}}, Exclude: []string{"g.r*.*"}}, "call entity guestIdentity hub identity info meeting participant room state userIdentity", "all"},
		"an exclusion is taken back":                      {choose.Wanted{Exclude: []string{"/*", "g.*", "g.records.*", "!g.entity", "!g.text", "!g.c*", "!/records"}}, "call entity", "all"},
		"what the container serves is part of everything": {choose.Wanted{Hierarchies: map[string][]string{"g.entity": {}, "g.identity": {}}, Exclude: []string{"/hub/meetings", "/**/participants", "/**/owner", "g.r*.*", "g.room", "g.*t*te"}}, "call entity hub identity info", "all"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := choose.Select(model(t), c.wanted)
			require.NoError(t, err)
			assert.Equal(t, c.types, names(s.Types))
			if c.paths == "all" {
				assert.Nil(t, s.Paths)
			} else {
				assert.Equal(t, c.paths, strings.Join(s.Paths, " "))
			}
		})
	}
}

func TestSelectFindings(t *testing.T) {
	for name, c := range map[string]struct {
		wanted choose.Wanted
		want   []string
	}{
		"nothing matches": {choose.Wanted{Roots: []string{"g.records.x*", "/hub/*/none", "/hub/calls"}, Exclude: []string{"g.none", "/hub/none", "/none/**", "g.none.*"}}, []string{
			"/hub/*/none: no path of the description matches: correct it; use * for keys as well",
			"/hub/none: g.hub has no navigation property, action or function none",
			"/none/**: no path of the description matches: correct it; use * for keys as well",
			"g.none: the description has no type of this name: remove it or correct it",
			"g.none.*: the description has no type that matches: remove it or correct it",
			"g.records.x*: the description has no type that matches: remove it or correct it",
		}},
		"a property": {choose.Wanted{Roots: []string{"/records/{id}/info", "/records/*/in*", "/records/{id}/info/state"}}, []string{
			"/records/*/in*: no path of the description matches: correct it; use * for keys as well",
			"/records/{id}/info: info is not a navigation property but a property of type g.info: name that type, or continue with a navigation property",
			"/records/{id}/info/state: g.info has no navigation property, action or function state",
		}},
		"a root is excluded": {choose.Wanted{Roots: []string{"g.room", "g.records.*", "/hub/calls", "/hub/meetings", "/hub/c*"}, Exclude: []string{"g.room", "g.records.*", "/hub/calls", "g.meeting"}}, []string{
			"/hub/c*: all paths that match are excluded, too: remove it",
			"/hub/calls: calls is excluded, too: remove the root or the exclusion",
			"/hub/meetings: g.meeting, which meetings leads to, is excluded: remove the root or the exclusion",
			"g.records.*: all types that match are excluded, too: remove it",
			"g.room: it is excluded, too: remove one",
		}},
		"a base type is excluded": {choose.Wanted{Roots: []string{"g.guestIdentity"}, Exclude: []string{"g.userIdentity"}}, []string{
			"d.xml:19:3: g.guestIdentity: its base type g.userIdentity is excluded: exclude this type, too, or keep that one",
		}},
		"a key is excluded": {choose.Wanted{Roots: []string{"g.entity"}, Exclude: []string{"g.text"}}, []string{
			"d.xml:3:3: g.entity: its key id needs g.text, which is excluded: exclude this type, too, or keep it",
		}},
		"hierarchies": {choose.Wanted{Exclude: []string{"g.guestIdentity", "g.room"}, Hierarchies: map[string][]string{
			"g.none": nil, "g.state": nil, "g.room": nil, "g.identity": {"g.room", "g.identity", "g.none", "g.guestIdentity"}}}, []string{
			"g.identity: g.guestIdentity is both kept here and excluded: remove one",
			"g.identity: g.identity is not a type derived from it: remove it or correct it",
			"g.identity: g.none is not a type derived from it: remove it or correct it",
			"g.identity: g.room is not a type derived from it: remove it or correct it",
			"g.none: the description has no entity or complex type of this name: remove the hierarchy or correct it",
			"g.room: the type is excluded: remove the hierarchy or the exclusion",
			"g.state: the description has no entity or complex type of this name: remove the hierarchy or correct it",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := choose.Select(model(t), c.wanted)
			wanted.Findings(t, err, strings.Join(c.want, "\n"))
			assert.Nil(t, s)
		})
	}
}

func TestFindingsHavePositions(t *testing.T) {
	_, err := choose.Select(model(t), choose.Wanted{Exclude: []string{"g.none"}, Position: func(key, item string) diag.Pos {
		return diag.Pos{File: key, Line: len(item)}
	}})
	wanted.Findings(t, err, "exclude:6: g.none: the description has no type of this name")
}

func TestChainAndLinks(t *testing.T) {
	m := model(t)
	s, err := choose.Select(m, choose.Wanted{Roots: []string{"/hub/calls", "/hub/meetings"}})
	require.NoError(t, err)
	var chain []string
	for _, r := range s.Chain(m.Structured("g.records.place")) {
		chain = append(chain, r.How.String()+" "+r.Name)
	}
	assert.Equal(t, []string{"root /hub/calls", "navigation property participants", "parameter move.to", "property at"}, chain)
	assert.Empty(t, s.Chain(m.Structured("g.hub")))

	var links []string
	for _, l := range s.Links {
		if l.To == edm.Type(m.Structured("g.participant")) {
			by := ""
			if l.By != nil {
				by = l.By.TypeName().String()
			}
			links = append(links, strings.TrimSpace(by+" "+l.Name))
			assert.True(t, l.WithDerived)
		}
	}
	assert.Equal(t, []string{"g.call participants", "g.meeting participants", "g.info owner"}, links, "not only the first")
}
