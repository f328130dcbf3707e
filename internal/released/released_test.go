package released_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/released"
)

const version = released.Version

// TestModulesFromAProxy serves the modules of this repository as a module proxy does once
// they are tagged, and uses them as others do: nothing of the clone is at hand.
func TestModulesFromAProxy(t *testing.T) {
	if os.Getenv("CALLGEN_RELEASE") == "" {
		t.Skip("run by make release-check: it builds gen and its dependencies in an empty module")
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	cache := filepath.Join(goEnv(t, "GOMODCACHE"), "cache", "download")
	for module, needs := range map[string]string{"callbackauth": "github.com/coreos/go-oidc/v3", "fleet": "github.com/nats-io/nats.go"} {
		if _, err := os.Stat(filepath.Join(cache, filepath.FromSlash(needs), "@v")); err != nil {
			t.Skipf("the dependencies of %s are not downloaded: run go mod download there", module)
		}
	}
	proxy := t.TempDir()
	require.NoError(t, released.Publish(proxy, "github.com/callgen/callgen", root))
	require.NoError(t, released.Publish(proxy, "github.com/callgen/callgen/callbackauth", filepath.Join(root, "callbackauth")))
	require.NoError(t, released.Publish(proxy, "github.com/callgen/callgen/fleet", filepath.Join(root, "fleet")))

	user, dir := t.TempDir(), ""
	run := func(args ...string) string {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = filepath.Join(user, dir)
		cmd.Env = append(os.Environ(), "GOPROXY="+released.URL(proxy)+","+released.URL(cache), "GOSUMDB=off", "GOWORK=off",
			"GOFLAGS=-modcacherw", "GOMODCACHE="+filepath.Join(user, "cache"), "GOBIN="+filepath.Join(user, "bin"))
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s\n%s", strings.Join(args, " "), out)
		return string(out)
	}
	run("go", "install", "github.com/callgen/callgen/cmd/gen@"+version)
	assert.Regexp(t, `^gen v0\.1\.0 \(go1\.`, run(filepath.Join(user, "bin", "gen"), "version"))

	require.NoError(t, os.WriteFile(filepath.Join(user, "go.mod"), []byte("module user\n\ngo 1.26.0\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(user, "user.go"), []byte(`package user

import (
	"github.com/callgen/callgen/callbackauth"
	"github.com/callgen/callgen/generated/communications"
)

func handler(app string) (*communications.NotificationHandler, error) {
	verifier, err := callbackauth.New(app)
	if err != nil {
		return nil, err
	}
	return communications.NewNotificationHandler(communications.NotificationOptions{Verifier: verifier}), nil
}

var _ = handler
`), 0o644))
	run("go", "get", "github.com/callgen/callgen@"+version, "github.com/callgen/callgen/callbackauth@"+version)
	run("go", "vet", ".")
	run("go", "get", "-tool", "github.com/callgen/callgen/cmd/gen@"+version)
	assert.Contains(t, run("go", "tool", "gen", "version"), version)

	// A module of its own: together, they select versions that no module of ours has downloaded.
	dir = "shared"
	require.NoError(t, os.Mkdir(filepath.Join(user, dir), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(user, dir, "go.mod"), []byte("module shared\n\ngo 1.26.0\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(user, dir, "shared.go"), []byte(`package shared

import (
	"context"

	"github.com/callgen/callgen/fleet"
	"github.com/callgen/callgen/generated/communications"
)

func share(ctx context.Context, h *communications.NotificationHandler) error {
	f, err := fleet.Start(ctx, fleet.Options{Dir: "state"})
	if err != nil {
		return err
	}
	communications.LogNotifications(h, f)
	return f.Close(ctx)
}

var _ = share
`), 0o644))
	run("go", "get", "github.com/callgen/callgen@"+version, "github.com/callgen/callgen/fleet@"+version)
	run("go", "vet", ".")
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}
