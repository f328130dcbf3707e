package generator_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/spec"
)

// TestFeaturesNeedTheirTypes generates from all of the calling API, and from parts of it that
// lack what its feature uses.
func TestFeaturesNeedTheirTypes(t *testing.T) {
	for _, test := range []struct {
		name string
		cfg  config.Config
		want bool
	}{
		{"all", config.Config{All: true}, true},
		{"models, which have no callbacks", config.Config{All: true, Models: true}, false},
		{"calls", config.Config{Roots: []string{"/communications/calls", "microsoft.graph.commsNotifications"}}, true},
		{"no meetings", config.Config{All: true, Exclude: []string{"microsoft.graph.onlineMeeting"}}, false},
		{"no callbacks", config.Config{Roots: []string{"/communications/onlineMeetings"}}, false},
	} {
		model, err := spec.Communications()
		require.NoError(t, err)
		cfg := test.cfg
		cfg.Spec, cfg.Package = "communications", "communications"
		result, err := generator.FromModel(&cfg, model)
		require.NoError(t, err, test.name)
		got := slices.ContainsFunc(result.Files, func(f output.File) bool { return strings.HasPrefix(f.Name, "calling_") })
		assert.Equal(t, test.want, got, test.name)
	}
}
