package generator_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/spec"
)

// TestFeaturesNeedTheirTypes generates from all of the calling API, and from parts of it that
// lack what its feature uses.
func TestFeaturesNeedTheirTypes(t *testing.T) {
	for _, test := range []struct {
		name string
		cfg  config.Config
		want string
	}{
		{"all", config.Config{Choice: config.Choice{All: true}}, "calling_identity.gen.go calling_link.gen.go calling_meeting.gen.go calling_validate.gen.go"},
		{"models", config.Config{Choice: config.Choice{All: true}, Package: config.Package{Models: true}}, ""},
		{"calls", config.Config{Choice: config.Choice{Roots: []string{"/communications/calls"}}}, "calling_identity.gen.go calling_link.gen.go calling_validate.gen.go"},
		{"no meetings", config.Config{Choice: config.Choice{All: true, Exclude: []string{"microsoft.graph.onlineMeeting"}}}, "calling_identity.gen.go calling_link.gen.go calling_validate.gen.go"},
		{"no calls", config.Config{Choice: config.Choice{Roots: []string{"/communications/onlineMeetings"}}}, ""},
		{"another name", config.Config{Choice: config.Choice{All: true}, Package: config.Package{Overrides: map[string]config.Override{
			"microsoft.graph.onlineMeeting": {Name: "Meeting", Reason: "test"}}}}, "calling_identity.gen.go calling_link.gen.go calling_validate.gen.go"},
	} {
		model, err := spec.Communications()
		require.NoError(t, err)
		cfg := test.cfg
		cfg.Spec, cfg.Package.Name = "communications", "communications"
		result, err := generator.FromModel(&cfg, model)
		require.NoError(t, err, test.name)
		var got []string
		for _, f := range result.Files {
			if strings.HasPrefix(f.Name, "calling_") {
				got = append(got, f.Name)
			}
		}
		assert.Equal(t, strings.Fields(test.want), append([]string{}, got...), test.name)
	}
}
