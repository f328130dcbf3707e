package generator_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/output"
)

// TestCallbacksOfASlice: a slice has as much of the callback side as its types allow.
func TestCallbacksOfASlice(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it generates three packages")
	}
	cfg := ours(t)
	cfg.All, cfg.Fake = false, false
	for _, test := range []struct {
		roots       []string
		models      bool
		hierarchies map[string][]string
		has, not    []string
	}{
		{roots: []string{"/communications/calls"}, not: []string{"NotificationHandler", "CallTracker"}},
		{roots: []string{"/communications/calls", "microsoft.graph.commsNotifications"}, models: true, not: []string{"NotificationHandler"}},
		{roots: []string{"microsoft.graph.commsNotifications"}, has: []string{
			"OnCall(", "OnParticipants(", "OnDeltaParticipants(", "OnOperation(", "OnPlayPromptOperation(",
			"type CallTracker struct", "type Roster struct", "func ParseCallResource"}},
		{roots: []string{"/communications/calls", "microsoft.graph.commsNotifications"},
			hierarchies: map[string][]string{"microsoft.graph.entity": {"microsoft.graph.call", "microsoft.graph.participant", "microsoft.graph.commsOperation"}},
			has:         []string{"OnCall(", "type CallTracker struct"}, not: []string{"type Roster struct", "type CallSession struct"}},
	} {
		cfg.Roots, cfg.Models, cfg.Hierarchies = test.roots, test.models, test.hierarchies
		result, err := generator.Generate(cfg, nil) // type-checks what it makes
		require.NoError(t, err, test.roots)
		var all strings.Builder
		for _, f := range result.Files {
			all.Write(f.Data)
		}
		for _, text := range test.has {
			assert.Contains(t, all.String(), text, test.roots)
		}
		for _, text := range test.not {
			assert.NotContains(t, all.String(), text, test.roots)
		}
		assert.Equal(t, len(test.has) > 0, slices.ContainsFunc(result.Files, func(f output.File) bool { return f.Name == "callbacks.gen.go" }))
	}
}
