package generator_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/spec"
)

// TestSessionsByOtherNames generates sessions where types have names of their own, and where
// no kind of operation is selected. Each package is type-checked.
func TestSessionsByOtherNames(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it generates four packages")
	}
	model, err := spec.Communications()
	require.NoError(t, err)
	var kinds []string
	for _, d := range model.Structured("microsoft.graph.commsOperation").Descendants() {
		kinds = append(kinds, d.Name.String())
	}
	named := func(elements ...string) config.Package {
		overrides := make(map[string]config.Override)
		for i, element := range elements {
			overrides[element] = config.Override{Name: string(rune('Q'+i)) + "Thing", Reason: "test"}
		}
		return config.Package{Overrides: overrides}
	}
	for _, test := range []struct {
		name   string
		choice config.Choice
		pkg    config.Package
		has    []string
	}{
		{"types", config.Choice{All: true}, named("microsoft.graph.call", "microsoft.graph.callState", "microsoft.graph.tone", "microsoft.graph.participant"),
			[]string{"New *QThing", "func (s *CallSession) State() RThing", "Tones []SThing", "RosterChange[*TThing]"}},
		{"members", config.Choice{All: true}, named("microsoft.graph.playPrompt", "microsoft.graph.playPrompt/clientContext", "microsoft.graph.call/state", "microsoft.graph.commsOperation"),
			[]string{"func (s *CallSession) QThing(", "&p.RThing", "Result() AnyTThing"}},
		{"no kinds of operations", config.Choice{All: true, Exclude: kinds}, config.Package{}, []string{"Result() AnyCommsOperation"}},
		{"no callbacks", config.Choice{Roots: []string{"/communications/calls"}}, config.Package{}, nil},
	} {
		model, err := spec.Communications()
		require.NoError(t, err)
		cfg := config.Config{Choice: test.choice, Package: test.pkg}
		cfg.Spec, cfg.Package.Name = "communications", "communications"
		result, err := generator.FromModel(&cfg, model)
		require.NoError(t, err, test.name)
		var all []byte
		for _, f := range result.Files {
			all = append(all, f.Data...)
		}
		for _, text := range test.has {
			assert.True(t, bytes.Contains(all, []byte(text)), "%s: %s", test.name, text)
		}
		has := slices.ContainsFunc(result.Files, func(f output.File) bool { return f.Name == "sessions.gen.go" })
		assert.Equal(t, test.has != nil, has, test.name)
		if test.has == nil {
			assert.False(t, bytes.Contains(all, []byte("type CallSession")), test.name)
		}
	}
}
