package preset

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/spec"
	"github.com/callgen/callgen/spec/csdl"
)

// TestPresets reads every preset: what it names has to be in the description that it is for.
func TestPresets(t *testing.T) {
	all, err := All()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	for _, p := range all {
		assert.NotEmpty(t, p.Short, p.Name)
		assert.Equal(t, p.All, len(p.Roots) == 0, p.Name)
		text, err := p.OverlayText()
		require.NoError(t, err, p.Name)
		assert.Equal(t, p.Overlay == "", text == nil, p.Name)
		for _, h := range p.Hints {
			assert.NotEmpty(t, h.Text, p.Name)
		}
	}
	_, err = Named("mail order")
	assert.ErrorContains(t, err, `there is no preset "mail order": there is calling, directory, files, mail, notifications`)
}

// TestNotificationsSelect: the preset is for a few types, beside which a program names those of its
// resources.
func TestNotificationsSelect(t *testing.T) {
	p, err := Named("notifications")
	require.NoError(t, err)
	file := shared.Path(t, "metadata", "graph-v1.0.csdl.xml")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	model, err := csdl.Read(file, data)
	require.NoError(t, err)
	s, err := choose.Select(model, choose.Wanted{Roots: p.Roots, Hierarchies: p.Hierarchies})
	require.NoError(t, err)
	assert.Less(t, len(s.Types), 20)
	assert.Empty(t, Hints(s))
	for _, name := range []string{"subscription", "changeNotificationCollection", "changeNotificationEncryptedContent"} {
		assert.True(t, s.Has(s.Model.Structured("microsoft.graph."+name)), name)
	}
	s, err = choose.Select(model, choose.Wanted{Roots: p.Roots[:1]})
	require.NoError(t, err)
	hints := Hints(s)
	require.Len(t, hints, 1)
	assert.Contains(t, hints[0].Msg, "neither a handler for them nor a keeper")
}

func TestCallingSelects(t *testing.T) {
	p, err := Named("calling")
	require.NoError(t, err)
	model, err := spec.Communications()
	require.NoError(t, err)
	s, err := choose.Select(model, choose.Wanted{Roots: p.Roots, Hierarchies: p.Hierarchies})
	require.NoError(t, err)
	assert.LessOrEqual(t, len(s.Types), 150+40, "the description of this project holds more of beta")
	assert.Empty(t, Hints(s))
}
