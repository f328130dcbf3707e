package generator_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/internal/wanted"
)

// ours is the configuration that the repository's own package is generated from.
func ours(t *testing.T) *config.Config {
	t.Helper()
	t.Chdir("..")
	cfg, err := config.Load("gen.yaml")
	require.NoError(t, err)
	return cfg
}

func TestGeneratedIsUpToDate(t *testing.T) {
	cfg := ours(t)
	result, err := generator.Generate(cfg, nil)
	require.NoError(t, err)
	diff, err := output.Diff(cfg.Out, result.Files)
	require.NoError(t, err)
	assert.Empty(t, diff, "run make generate")
	diff, err = output.Diff(cfg.FieldsOut(), result.Fields)
	require.NoError(t, err)
	assert.Empty(t, diff, "run make generate")
}

// TestExamplesAreUpToDate is the same for the packages of examples.
func TestExamplesAreUpToDate(t *testing.T) {
	for _, example := range []string{"odata", "redfish"} {
		cfg, err := config.Load(filepath.Join("..", "examples", example, "gen.yaml"))
		require.NoError(t, err)
		result, err := generator.Generate(cfg, nil)
		require.NoError(t, err)
		diff, err := output.Diff(cfg.Out, result.Files)
		require.NoError(t, err)
		assert.Empty(t, diff, "%s: run make generate", example)
	}
}

// TestOrderOfDeclarationsDoesNotMatter generates from a description whose schema
// elements are shuffled, and expects the same bytes.
func TestOrderOfDeclarationsDoesNotMatter(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it generates the package many times")
	}
	cfg := ours(t)
	want, err := generator.Generate(cfg, nil)
	require.NoError(t, err)
	text, err := os.ReadFile(cfg.Spec)
	require.NoError(t, err)
	shuffled := *cfg
	shuffled.Spec = filepath.Join(t.TempDir(), filepath.Base(cfg.Spec))
	for seed := range uint64(3) {
		data := shuffle(string(text), rand.New(rand.NewPCG(seed, 1)))
		require.NotEqual(t, string(text), data)
		require.Len(t, data, len(text))
		require.NoError(t, os.WriteFile(shuffled.Spec, []byte(data), 0o644))
		got, err := generator.Generate(&shuffled, nil)
		require.NoError(t, err)
		assert.Equal(t, want.Files, got.Files)
	}
}

// element matches an element of a schema, by the indentation of our description.
var element = regexp.MustCompile(`(?ms)^      <(\w+) [^\n]*?(?:/>\n|>\n.*?^      </\w+>\n)`)

// shuffle puts the elements of each schema in another order.
func shuffle(text string, r *rand.Rand) string {
	schemas := strings.SplitAfter(text, "</Schema>")
	for i, s := range schemas {
		elements := element.FindAllString(s, -1)
		if len(elements) == 0 {
			continue
		}
		first, _ := element.FindStringIndex(s), 0
		rest := element.ReplaceAllString(s, "")
		r.Shuffle(len(elements), func(a, b int) { elements[a], elements[b] = elements[b], elements[a] })
		schemas[i] = rest[:first[0]] + strings.Join(elements, "") + rest[first[0]:]
	}
	return strings.Join(schemas, "")
}

// TestWholeOfGraph generates everything in the descriptions of Graph that lie beside
// the project; generating type-checks, with and without the build tag purego.
func TestWholeOfGraph(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it generates all of Graph")
	}
	for name, types := range map[string]int{"graph-v1.0.csdl.xml": 1182 + 1780 + 861, "graph-beta-sovereign.csdl.xml": 732 + 1091 + 495} {
		file := shared.Path(t, "metadata", name)
		result, err := generator.Generate(&config.Config{
			Source:  config.Source{Spec: file},
			Choice:  config.Choice{All: true},
			Package: config.Package{Models: true, Name: "graph", Out: "graph"},
		}, nil)
		require.NoError(t, err)
		assert.Equal(t, types, result.Types)
		lines := 0
		for _, f := range result.Files {
			n := strings.Count(string(f.Data), "\n")
			assert.LessOrEqual(t, n, 5000, "%s is too long to be opened", f.Name)
			lines += n
		}
		t.Logf("%s: %d types, %d files, %d lines", name, result.Types, len(result.Files), lines)
	}
}

func TestRootsSelectWhatTheyNeed(t *testing.T) {
	cfg := ours(t)
	cfg.All, cfg.Fake = false, false
	cfg.Roots = []string{"microsoft.graph.meetingInfo"}
	result, err := generator.Generate(cfg, nil)
	require.NoError(t, err)
	var all strings.Builder
	for _, f := range result.Files {
		all.Write(f.Data)
	}
	for _, has := range []string{"type JoinMeetingIDMeetingInfo struct", "type IdentitySet struct", "type AnyIdentity interface"} {
		assert.Contains(t, all.String(), has)
	}
	assert.NotContains(t, all.String(), "type Call struct")

	cfg.Roots = []string{"/communications/calls/{id}/participants"}
	result, err = generator.Generate(cfg, nil)
	require.NoError(t, err)
	assert.Greater(t, result.Types, 20)

	cfg.Roots = []string{"/nothing", "/communications/none", "call", "microsoft.graph.none"}
	_, err = generator.Generate(cfg, nil)
	wanted.Findings(t, err, `/communications/none: microsoft.graph.cloudCommunications has no navigation property, action or function none
/nothing: the description has no entity set or singleton nothing
call: a root is a path such as /communications/calls or a qualified type name such as microsoft.graph.call
microsoft.graph.none: the description has no type of this name: remove it or correct it`)
}

// A path with wildcards gives what the paths that it stands for give, requests included.
func TestWildcardsGiveWhatTheyStandFor(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it generates four packages")
	}
	cfg := ours(t)
	cfg.All, cfg.Fake = false, false
	cfg.Exclude = []string{"/communications/calls/*/operations"}
	for wild, literal := range map[string]string{
		"/communications/*/*/part*": "/communications/calls/{id}/participants",
		"/com*/calls":               "/communications/calls",
	} {
		cfg.Roots = []string{wild}
		got, err := generator.Generate(cfg, nil)
		require.NoError(t, err)
		cfg.Roots = []string{literal}
		want, err := generator.Generate(cfg, nil)
		require.NoError(t, err)
		assert.Equal(t, want.Files, got.Files, wild)
		for _, f := range got.Files {
			assert.NotContains(t, string(f.Data), "CallRequestBuilder) Operations()", "excluded")
		}
	}
}

func TestMissingFilesAreErrors(t *testing.T) {
	_, err := generator.Generate(&config.Config{
		Source:  config.Source{Spec: "none.xml"},
		Package: config.Package{Models: true},
	}, nil)
	assert.ErrorIs(t, err, os.ErrNotExist)
	cfg := ours(t)
	cfg.Overlays = []string{"none.xml"}
	_, err = generator.Generate(cfg, nil)
	assert.ErrorIs(t, err, os.ErrNotExist)
}
