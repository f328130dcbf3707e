package generator_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/generator/preset"
	"github.com/callgen/callgen/internal/shared"
)

// TestNotificationsOfGraph generates the preset of change notifications from Graph v1.0, with messages
// of chats. The package has what its selection allows.
func TestNotificationsOfGraph(t *testing.T) {
	file := shared.Path(t, "metadata", "graph-v1.0.csdl.xml")
	if testing.Short() {
		t.Skip("left out by -short: it reads all of Graph")
	}
	p, err := preset.Named("notifications")
	require.NoError(t, err)
	file, err = filepath.Abs(file)
	require.NoError(t, err)
	for _, test := range []struct {
		roots    []string
		models   bool
		has, not []string
	}{
		{roots: slices.Concat(p.Roots, []string{"microsoft.graph.chatMessage"}), has: []string{"runtime_notification_handler", "runtime_keeper_keeper", "runtime_direct_requests"}},
		{roots: p.Roots[1:], has: []string{"runtime_notification_handler"}, not: []string{"runtime_keeper_keeper", "runtime_direct_requests"}},
		{roots: p.Roots, models: true, not: []string{"runtime_notification_handler", "runtime_keeper_keeper"}},
		{roots: p.Roots[:1], not: []string{"runtime_notification_handler", "runtime_keeper_keeper", "runtime_inbound_read"}},
	} {
		name := filepath.Join(t.TempDir(), "gen.yaml")
		require.NoError(t, os.WriteFile(name, []byte("spec: "+file+"\nout: graph\nroots: ["+strings.Join(test.roots, ", ")+"]\n"), 0o644))
		cfg, err := config.Load(name)
		require.NoError(t, err)
		cfg.Models = test.models
		result, err := generator.Generate(cfg, nil) // type-checks what it makes
		require.NoError(t, err, test.roots)
		has := func(file string) bool {
			return slices.ContainsFunc(result.Files, func(f output.File) bool { return f.Name == file+".gen.go" })
		}
		for _, file := range test.has {
			assert.True(t, has(file), "%s of %v", file, test.roots)
		}
		for _, file := range test.not {
			assert.False(t, has(file), "%s of %v", file, test.roots)
		}
	}
}
