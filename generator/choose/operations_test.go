package choose_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/internal/wanted"
	"github.com/callgen/callgen/spec/csdl"
)

const operations = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="g" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="entity"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/></EntityType>
  <EntityType Name="user" BaseType="g.entity"><NavigationProperty Name="mails" Type="Collection(g.mail)"/></EntityType>
  <EntityType Name="mail" BaseType="g.entity"/>
  <ComplexType Name="draft"/><ComplexType Name="row"/>
  <Action Name="send" IsBound="true"><Parameter Name="it" Type="g.user"/><Parameter Name="draft" Type="g.draft"/></Action>
  <Action Name="check" IsBound="true"><Parameter Name="it" Type="g.entity"/></Action>
  <Function Name="report" IsBound="true"><Parameter Name="it" Type="g.user"/><Parameter Name="period" Type="Edm.String"/><ReturnType Type="g.row"/></Function>
  <Function Name="report" IsBound="true"><Parameter Name="it" Type="g.user"/><Parameter Name="from" Type="Edm.Date"/><Parameter Name="to" Type="g.draft"/></Function>
  <Function Name="delta" IsBound="true"><Parameter Name="it" Type="Collection(g.user)"/><ReturnType Type="Collection(g.user)"/></Function>
  <EntityContainer Name="service"><Singleton Name="me" Type="g.user"/><EntitySet Name="users" EntityType="g.user"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

// TestOperationsAsRoots: an operation brings its parameters and its result, and not what it is bound to.
func TestOperationsAsRoots(t *testing.T) {
	m, err := csdl.Read("d.xml", []byte(operations))
	require.NoError(t, err)
	for name, c := range map[string]struct {
		wanted                   choose.Wanted
		types, paths, operations string
	}{
		"an action":               {choose.Wanted{Roots: []string{"/me/send"}}, "draft", "/me/send", "send"},
		"an action of a base":     {choose.Wanted{Roots: []string{"/me/check"}}, "", "/me/check", "check"},
		"by its qualified name":   {choose.Wanted{Roots: []string{"/me/g.send"}}, "draft", "/me/send", "send"},
		"with a key":              {choose.Wanted{Roots: []string{"/users/{id}/send"}}, "draft", "/users/{id}/send", "send"},
		"any key":                 {choose.Wanted{Roots: []string{"/users/*/send"}}, "draft", "/users/{id}/send", "send"},
		"any path":                {choose.Wanted{Roots: []string{"/**/send"}}, "draft", "/me/send /users/{id}/send", "send"},
		"all overloads":           {choose.Wanted{Roots: []string{"/me/report"}}, "draft row", "/me/report", "report report"},
		"no parameters are any":   {choose.Wanted{Roots: []string{"/me/report()"}}, "draft row", "/me/report", "report report"},
		"one overload":            {choose.Wanted{Roots: []string{"/me/report(period={period})"}}, "row", "/me/report", "report"},
		"with values":             {choose.Wanted{Roots: []string{"/me/report(period='D7')"}}, "row", "/me/report", "report"},
		"of a collection":         {choose.Wanted{Roots: []string{"/users/delta"}}, "draft entity mail row user", "/users/delta", "delta"},
		"an excluded operation":   {choose.Wanted{Roots: []string{"/users"}, Exclude: []string{"/me/send", "/users/*/report"}}, "entity mail user", "/users", ""},
		"a wildcard matches none": {choose.Wanted{Roots: []string{"/users/*/s*", "g.row", "/me/*"}, Exclude: []string{"/me/send"}}, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := choose.Select(m, c.wanted)
			if c.paths == "" {
				assert.ErrorContains(t, err, "/users/*/s*: no path of the description matches")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.types, names(s.Types))
			assert.Equal(t, c.paths, strings.Join(s.Paths, " "))
			var list []string
			for op := range s.Operations {
				list = append(list, op.Name.Name)
			}
			slices.Sort(list)
			assert.Equal(t, c.operations, strings.Join(list, " "))
		})
	}
	_, err = choose.Select(m, choose.Wanted{Roots: []string{"/users/send", "/users/{id}/delta", "/me/report(x={x})", "/me/sent", "/me/report(period={p})"}, Exclude: []string{"g.row"}})
	wanted.Findings(t, err, `/me/report(period={p}): the operation, or a type that it needs, is excluded, too
/me/report(x={x}): report has other parameters: write /me/report for the operation with any
/me/sent: g.user has no navigation property, action or function sent
/users/send: send is called on one g.user: write /users/{id}/send
/users/{id}/delta: delta is called on a collection: write /users/delta`)
}
