package preset

import (
	"os"
	"slices"
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
	wanted := choose.Wanted{Roots: p.Roots, Hierarchies: p.Hierarchies}
	s, err := choose.Select(model, wanted)
	require.NoError(t, err)
	assert.Less(t, len(s.Types), 20)
	assert.Empty(t, Hints(s, wanted))
	for _, name := range []string{"subscription", "changeNotificationCollection", "changeNotificationEncryptedContent"} {
		assert.True(t, s.Has(s.Model.Structured("microsoft.graph."+name)), name)
	}
	wanted.Roots = p.Roots[:1]
	s, err = choose.Select(model, wanted)
	require.NoError(t, err)
	hints := Hints(s, wanted)
	require.Len(t, hints, 1)
	assert.Contains(t, hints[0].Msg, "neither a handler for them nor a keeper")
}

func TestCallingSelects(t *testing.T) {
	p, err := Named("calling")
	require.NoError(t, err)
	model, err := spec.Communications()
	require.NoError(t, err)
	wanted := choose.Wanted{Roots: p.Roots, Hierarchies: p.Hierarchies}
	s, err := choose.Select(model, wanted)
	require.NoError(t, err)
	assert.LessOrEqual(t, len(s.Types), 150+40, "the description of this project holds more of beta")
	assert.Empty(t, Hints(s, wanted))

	for root, want := range map[string]int{"/communications/calls": 1, "/communications": 1, "/communications/calls/{id}/participants": 0, "microsoft.graph.call": 0, "/communications/onlineMeetings": 0} {
		wanted.Roots = []string{root}
		s, err := choose.Select(model, wanted)
		require.NoError(t, err)
		hints := Hints(s, wanted)
		require.Len(t, hints, want, root)
		if want > 0 {
			assert.Contains(t, hints[0].Msg, "cannot receive what happens to calls")
		}
	}
}

// subscribing is a model with what the presets of slices have: subscriptions, and not what a handler of
// their notifications needs.
const subscribing = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="subscription"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/></EntityType>
  <ComplexType Name="changeNotificationCollection"/>
  <EntityContainer Name="service"><EntitySet Name="subscriptions" EntityType="microsoft.graph.subscription"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

// TestHintsAreAboutWhatIsNoPreset: what a preset selects gets no hints until it is changed.
func TestHintsAreAboutWhatIsNoPreset(t *testing.T) {
	model, err := csdl.Read("d.xml", []byte(subscribing))
	require.NoError(t, err)
	s, err := choose.Select(model, choose.Wanted{Roots: []string{"/subscriptions"}})
	require.NoError(t, err)
	for _, name := range []string{"mail", "teams", "files"} {
		p, err := Named(name)
		require.NoError(t, err)
		wanted := choose.Wanted{Roots: slices.Clone(p.Roots), Exclude: slices.Clone(p.Exclude), Hierarchies: p.Hierarchies}
		slices.Reverse(wanted.Roots)
		assert.Empty(t, Hints(s, wanted), name)
		wanted.Exclude = wanted.Exclude[1:]
		assert.Len(t, Hints(s, wanted), 1, name)
		wanted.Exclude, wanted.Roots = p.Exclude, append(wanted.Roots, "/sites")
		assert.Len(t, Hints(s, wanted), 1, name)
	}
}
