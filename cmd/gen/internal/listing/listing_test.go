package listing_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/cmd/gen/internal/listing"
	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
)

const description = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="g" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="call"><Property Name="info" Type="g.info"/><Property Name="state" Type="g.state"/></EntityType>
  <EntityType Name="meeting"><Property Name="state" Type="g.state"/><Property Name="gone" Type="g.gone"/></EntityType>
  <ComplexType Name="info"><Property Name="who" Type="g.identity"/></ComplexType>
  <ComplexType Name="identity"/><ComplexType Name="user" BaseType="g.identity"><Property Name="at" Type="g.place"/></ComplexType>
  <ComplexType Name="place"/><ComplexType Name="gone"/>
  <EnumType Name="state"><Member Name="on"/></EnumType>
  <EntityContainer Name="service"><EntitySet Name="calls" EntityType="g.call"/></EntityContainer>
</Schema>
</edmx:DataServices></edmx:Edmx>`

func selection(t *testing.T, wanted choose.Wanted) *choose.Selection {
	t.Helper()
	m, err := csdl.Read("d.xml", []byte(description))
	require.NoError(t, err)
	s, err := choose.Select(m, wanted)
	require.NoError(t, err)
	return s
}

func TestMake(t *testing.T) {
	s := selection(t, choose.Wanted{Roots: []string{"/calls", "g.meeting"}, Exclude: []string{"g.gone"}})
	l := listing.Make(s, map[string]int{"g.call": 100, "g.meeting": 50, "g.info": 20, "g.identity": 10, "g.user": 5, "g.place": 2, "g.state": 1}, 1000)
	assert.Equal(t, listing.Size{Types: 7, Properties: 5, Lines: 188}, l.Total)
	assert.Equal(t, 1000, l.OtherLines)
	assert.Equal(t, []listing.Root{
		{Root: "/calls", Brings: listing.Size{Types: 6, Properties: 4, Lines: 138}, Only: listing.Size{Types: 5, Properties: 4, Lines: 137}},
		{Root: "g.meeting", Brings: listing.Size{Types: 2, Properties: 1, Lines: 51}, Only: listing.Size{Types: 1, Properties: 1, Lines: 50}},
	}, l.Roots)
	var only []string
	for _, row := range l.Types {
		only = append(only, row.Name)
	}
	assert.Equal(t, []string{"g.call", "g.meeting", "g.info", "g.identity", "g.user", "g.place", "g.state"}, only, "the biggest cut first")
	assert.Equal(t, listing.Type{
		Name: "g.identity", Kind: "complex type", Lines: 10, Derived: 1, Only: listing.Size{Types: 3, Properties: 1, Lines: 17},
		Why: []listing.Step{{How: "root", Name: "/calls"}, {By: "g.call", How: "property", Name: "info"}, {By: "g.info", How: "property", Name: "who"}},
	}, l.Types[3])
	assert.Equal(t, "enum type", l.Types[6].Kind)
}

func TestText(t *testing.T) {
	s := selection(t, choose.Wanted{Roots: []string{"/calls"}, Exclude: []string{"g.state"}})
	var b strings.Builder
	require.NoError(t, listing.Make(s, map[string]int{"g.call": 9, "g.info": 8, "g.identity": 7, "g.user": 6, "g.place": 5}, 100).Text(&b))
	assert.Equal(t, `Roots, with the types that they bring in, and those that no other root brings in:

 types  props   lines  types  props   lines
     5      3      35      5      3      35  /calls

Types, with the reason for including them, and the savings if they and the types derived from them
are excluded:

 types  props   lines
     5      3      35  g.call
        /calls → call
     4      2      26  g.info
        /calls → call.info → info
     3      1      18  g.identity (and 1 derived)
        /calls → call.info → info.who → identity
     2      1      11  g.user
        /calls → call.info → info.who → identity (derived type) → user
     1      0       5  g.place
        /calls → call.info → info.who → identity (derived type) → user.at → place

Total: 5 types, 3 properties, 35 lines of Go. Runtime and client: 100 lines.

The exclusions that save most, each with what it saves after those before it. Copy the lines of what
you can do without to gen.yaml:

exclude:
  - g.info  # 4 types, 26 lines

To leave types out, use exclude in gen.yaml. To keep only some derived types, use hierarchies.
`, b.String())
}

// What is said to go is what goes, in the description of the calling API.
func TestOnlyIsWhatExcludingLeavesOut(t *testing.T) {
	data, err := os.ReadFile("../../../../spec/communications.csdl.xml")
	require.NoError(t, err)
	m, err := csdl.Read("d.xml", data)
	require.NoError(t, err)
	wanted := choose.Wanted{Roots: []string{"/communications", "microsoft.graph.commsNotifications"}}
	s, err := choose.Select(m, wanted)
	require.NoError(t, err)
	compared := 0
	for _, row := range listing.Make(s, nil, 0).Types {
		wanted.Exclude = []string{row.Name}
		for _, d := range descendants(m, row.Name) {
			wanted.Exclude = append(wanted.Exclude, d.Name.String())
		}
		less, err := choose.Select(m, wanted)
		if err != nil {
			continue // a root cannot be excluded
		}
		assert.Len(t, less.Types, len(s.Types)-row.Only.Types, row.Name)
		compared++
	}
	assert.Greater(t, compared, len(s.Types)-5)
}

// What is proposed can be copied as it is, and saves what it says.
func TestExclusionsSaveWhatTheySay(t *testing.T) {
	data, err := os.ReadFile("../../../../spec/communications.csdl.xml")
	require.NoError(t, err)
	m, err := csdl.Read("d.xml", data)
	require.NoError(t, err)
	for _, roots := range [][]string{
		{"/communications", "microsoft.graph.commsNotifications"}, {"/communications/calls/*/participants"}, {"microsoft.graph.call"}, {"/communications/calls"},
	} {
		wanted := choose.Wanted{Roots: roots}
		s, err := choose.Select(m, wanted)
		require.NoError(t, err)
		lines := make(map[string]int)
		for i, of := range s.Types {
			lines[of.TypeName().String()] = 10 + i%7
		}
		left := len(s.Types)
		list := listing.Make(s, lines, 0).Exclude
		require.NotEmpty(t, list)
		for _, e := range list {
			wanted.Exclude = append(wanted.Exclude, e.Items...)
			less, err := choose.Select(m, wanted)
			require.NoError(t, err, "%v", wanted.Exclude)
			left -= e.Saves.Types
			assert.Len(t, less.Types, left, "%v", wanted.Exclude)
		}
	}
}

const two = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="g" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="user"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/>
    <Property Name="settings" Type="g.settings"/><Property Name="avatar" Type="g.file"/>
    <NavigationProperty Name="drive" Type="g.drive"/><NavigationProperty Name="manager" Type="g.user"/></EntityType>
  <EntityType Name="drive"><Property Name="item" Type="g.item"/></EntityType>
  <ComplexType Name="settings"><NavigationProperty Name="storage" Type="g.storage"/></ComplexType>
  <EntityType Name="storage"><NavigationProperty Name="drive" Type="g.drive"/></EntityType>
  <ComplexType Name="item" Abstract="true"/><ComplexType Name="file" BaseType="g.item"/><ComplexType Name="folder" BaseType="g.item"/>
  <EntityContainer Name="service"><EntitySet Name="users" EntityType="g.user"/></EntityContainer>
</Schema>
</edmx:DataServices></edmx:Edmx>`

// A navigation property is excluded by its path, a type with what nothing else leads to by its
// name, and nothing that a root needs is.
func TestWhatIsProposed(t *testing.T) {
	m, err := csdl.Read("d.xml", []byte(two))
	require.NoError(t, err)
	proposed := func(roots ...string) [][]string {
		s, err := choose.Select(m, choose.Wanted{Roots: roots})
		require.NoError(t, err)
		lines := make(map[string]int)
		for _, of := range s.Types {
			lines[of.TypeName().String()] = 10
		}
		var items [][]string
		for _, e := range listing.Make(s, lines, 0).Exclude {
			items = append(items, e.Items)
		}
		return items
	}
	assert.Equal(t, [][]string{{"g.item", "g.file"}, {"g.settings"}, {"/users/drive"}}, proposed("/users"))
	assert.Equal(t, [][]string{{"/users/settings/storage/drive"}}, proposed("/users/settings/storage"))
	assert.Equal(t, [][]string{{"g.item"}}, proposed("/users/settings/storage/drive"))
	assert.Equal(t, [][]string{{"g.item"}}, proposed("g.drive"))
	assert.Equal(t, [][]string{{"g.file"}}, proposed("g.drive", "g.folder"), "a root derives from g.item")
}

func descendants(m *edm.Model, name string) []*edm.StructuredType {
	if t := m.Structured(name); t != nil {
		return t.Descendants()
	}
	return nil
}

func TestTextFitsATerminal(t *testing.T) {
	long := strings.Repeat("x", 120)
	l := &listing.Listing{}
	for range 3 {
		l.Types = append(l.Types, listing.Type{Name: "g." + long, Why: []listing.Step{{Name: "/calls"}, {By: "g." + long, Name: long}, {By: "g.c", How: "derived type"}}})
	}
	var b strings.Builder
	require.NoError(t, l.Text(&b))
	for line := range strings.Lines(b.String()) {
		assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")), 100, line)
	}
}
