package choose_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/internal/wanted"
	"github.com/callgen/callgen/spec/csdl"
)

func TestImportsAreRoots(t *testing.T) {
	t.Parallel()
	m, err := csdl.Read("d.xml", []byte(strings.Replace(description, `<EntityContainer Name="service">`, `<Action Name="Reset"><Parameter Name="to" Type="g.room"/></Action>
  <EntityContainer Name="service"><ActionImport Name="reset" Action="g.Reset"/>`, 1)))
	require.NoError(t, err)
	s, err := choose.Select(m, choose.Wanted{Roots: []string{"/reset"}})
	require.NoError(t, err)
	assert.Equal(t, "room records.place", names(s.Types))
	assert.Equal(t, []string{"/reset"}, s.Paths)
	s, err = choose.Select(m, choose.Wanted{Exclude: []string{"/reset"}})
	require.NoError(t, err)
	assert.True(t, s.Cut[m.Container.ActionImports[0]])
	_, err = choose.Select(m, choose.Wanted{Roots: []string{"/reset"}, Exclude: []string{"/reset"}})
	wanted.Findings(t, err, "/reset: it is excluded, too: remove one")
}
