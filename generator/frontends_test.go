package generator_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/spec/convert"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/openapi"
	"github.com/callgen/callgen/spec/overlay"
)

const (
	specCSDL    = "spec/communications.csdl.xml"
	specOpenAPI = "spec/communications.openapi.yaml"
	specOverlay = "spec/communications.overlay.xml"
)

// loss is something that CSDL says and OpenAPI cannot. It is taken out of the model
// that CSDL gives, and must be there.
type loss struct {
	what, reason string
	take         func(m *edm.Model) (n int)
}

// losses are all differences between the two descriptions of the call schema.
var losses = []loss{
	{
		"references to other documents, and aliases",
		"what an OpenAPI document uses, it holds; names are written in full",
		func(m *edm.Model) int {
			n := len(m.References)
			m.References = nil
			for _, s := range m.Schemas {
				if s.Alias != "" {
					s.Alias, n = "", n+1
				}
			}
			return n
		},
	},
	{
		"abstract types",
		"the discriminator of a type lists what derives from it, and so it does for types that have values of their own",
		func(m *edm.Model) (n int) {
			for t := range structured(m) {
				if t.Abstract {
					t.Abstract, n = false, n+1
				}
			}
			return n
		},
	},
	{
		"values of enum members",
		"an enum lists what JSON has, the names",
		func(m *edm.Model) (n int) {
			for _, s := range m.Schemas {
				for _, t := range s.Types {
					e, ok := t.(*edm.EnumType)
					if !ok {
						continue
					}
					for _, member := range e.Members {
						if member.Value != nil {
							member.Value, n = nil, n+1
						}
					}
				}
			}
			return n
		},
	},
	{
		"containment, where no path leads",
		"it shows in paths: entities are made and changed where they are contained. No path leads to deltaParticipants, " +
			"participantJoiningNotification and participantLeftNotification, which only notifications hold",
		func(m *edm.Model) (n int) {
			for _, name := range []string{"deltaParticipants", "participantJoiningNotification", "participantLeftNotification"} {
				for _, p := range m.Structured("microsoft.graph." + name).Navigation {
					if p.ContainsTarget {
						p.ContainsTarget, n = false, n+1
					}
				}
			}
			return n
		},
	},
	{
		"optional parameters of actions",
		"Graph's bodies of actions do not say which parameters are required",
		func(m *edm.Model) (n int) {
			for o := range m.Operations() {
				if o.Function {
					continue
				}
				for _, p := range o.Parameters {
					kept := slices.DeleteFunc(p.Annotations, func(a *edm.Annotation) bool { return a.Term == "Org.OData.Core.V1.OptionalParameter" })
					n += len(p.Annotations) - len(kept)
					p.Annotations = kept
				}
			}
			return n
		},
	},
	{
		"alternate keys",
		"they show in paths only, which are not written once more for each key",
		func(m *edm.Model) (n int) {
			for t := range structured(m) {
				kept := slices.DeleteFunc(t.Annotations, func(a *edm.Annotation) bool { return a.Term == "Org.OData.Core.V1.AlternateKeys" })
				n += len(t.Annotations) - len(kept)
				t.Annotations = kept
			}
			return n
		},
	},
	{
		"the name of the entity container",
		"paths show what is in it, nothing names it",
		func(m *edm.Model) int {
			if m.Container.Name.Name == "container" {
				return 0
			}
			m.Container.Name.Name = "container"
			return 1
		},
	},
}

// structured iterates over the entity and complex types of a model.
func structured(m *edm.Model) func(yield func(*edm.StructuredType) bool) {
	return func(yield func(*edm.StructuredType) bool) {
		for _, s := range m.Schemas {
			for _, t := range s.Types {
				if t, ok := t.(*edm.StructuredType); ok && !yield(t) {
					return
				}
			}
		}
	}
}

// byName sorts operations by name, since their order has no meaning:
// OpenAPI has them in the order of paths.
func byName(m *edm.Model) {
	for _, s := range m.Schemas {
		for _, list := range [][]*edm.Operation{s.Actions, s.Functions} {
			slices.SortStableFunc(list, func(a, b *edm.Operation) int { return strings.Compare(a.Overload(), b.Overload()) })
			for _, o := range list {
				o.Pos = diag.Pos{}
			}
		}
	}
}

// spaces matches the white space within a text that a dump quotes, which depends on
// how lines of the description were broken.
var spaces = regexp.MustCompile(`(?:\\n| )+`)

func dump(t *testing.T, m *edm.Model) []string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, m.Dump(&b))
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		if text := strings.TrimLeft(line, " "); strings.Contains(text, `"`) {
			lines[i] = line[:len(line)-len(text)] + spaces.ReplaceAllString(text, " ")
		}
	}
	return lines
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return data
}

// frontEnds reads both descriptions of the call schema.
func frontEnds(t *testing.T) (fromCSDL, fromOpenAPI *edm.Model) {
	t.Helper()
	fromCSDL, err := csdl.Read(specCSDL, readFile(t, specCSDL))
	require.NoError(t, err)
	fromOpenAPI, notes, err := openapi.Read(specOpenAPI, readFile(t, specOpenAPI), openapi.Options{})
	require.NoError(t, err)
	assert.Empty(t, notes, "nothing of our own description is to be repaired")
	return fromCSDL, fromOpenAPI
}

// TestTwoFrontEndsOneTruth holds the models of both descriptions of the call schema
// against each other: they are the same, but for what OpenAPI cannot say.
func TestTwoFrontEndsOneTruth(t *testing.T) {
	t.Chdir("..")
	fromCSDL, fromOpenAPI := frontEnds(t)
	for _, l := range losses {
		assert.NotEmpty(t, l.reason, l.what)
		assert.NotZero(t, l.take(fromCSDL), "%s: no difference any more, remove it from the table", l.what)
		assert.Zero(t, l.take(fromOpenAPI), "%s: OpenAPI says it after all, remove it from the table", l.what)
	}
	byName(fromCSDL)
	byName(fromOpenAPI)
	assert.Equal(t, dump(t, fromCSDL), dump(t, fromOpenAPI))
}

// TestTwoFrontEndsGenerateTheSame generates from both descriptions, with and without
// the overlay: the code is the same byte for byte, and so are the comments once the
// losses are taken out of what CSDL says.
func TestTwoFrontEndsGenerateTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it generates six packages")
	}
	t.Chdir("..")
	cfg := &config.Config{
		Source:  config.Source{Spec: "communications"},
		Choice:  config.Choice{All: true},
		Package: config.Package{Models: true, Name: "communications"},
	}
	for _, overlaid := range []bool{false, true} {
		fromCSDL, fromOpenAPI := frontEnds(t)
		if overlaid {
			for _, m := range []*edm.Model{fromCSDL, fromOpenAPI} {
				require.NoError(t, overlay.Apply(m, specOverlay, readFile(t, specOverlay)))
			}
		}
		got, err := generator.FromModel(cfg, fromOpenAPI)
		require.NoError(t, err)
		full, err := generator.FromModel(cfg, fromCSDL)
		require.NoError(t, err)
		assert.Equal(t, withoutComments(full.Files), withoutComments(got.Files))

		for _, l := range losses {
			l.take(fromCSDL)
		}
		same, err := generator.FromModel(cfg, fromCSDL)
		require.NoError(t, err)
		require.Len(t, got.Files, len(same.Files))
		for i, f := range same.Files {
			assert.Equal(t, string(f.Data), string(got.Files[i].Data), f.Name)
		}
	}
}

func withoutComments(files []output.File) map[string]string {
	code := make(map[string]string)
	for _, f := range files {
		if !strings.HasSuffix(f.Name, ".go") {
			continue
		}
		var b strings.Builder
		for line := range strings.Lines(string(f.Data)) {
			// OpenAPI cannot say which types are abstract, so their lists do not either.
			text := strings.TrimSpace(line)
			if !strings.HasPrefix(text, "//") && !strings.HasPrefix(text, "Abstract: []Value{") {
				b.WriteString(strings.Join(strings.Fields(text), " ") + "\n")
			}
		}
		code[f.Name] = b.String()
	}
	return code
}

// TestOpenAPIIsUpToDate keeps the OpenAPI description from drifting away from that
// which it is made from.
func TestOpenAPIIsUpToDate(t *testing.T) {
	t.Chdir("..")
	m, err := csdl.Read(specCSDL, readFile(t, specCSDL))
	require.NoError(t, err)
	data, lost, err := convert.YAML(m, convert.Options{
		Server: "https://graph.microsoft.com/beta", Header: "Generated by gen convert from " + specCSDL + "; edit that file instead.",
	})
	require.NoError(t, err)
	assert.Empty(t, lost)
	assert.True(t, string(readFile(t, specOpenAPI)) == string(data), "%s is stale: run make", specOpenAPI)
}

// TestSeedWithThePackageFromOpenAPI runs the tests that prove the generated package on
// the documents of the page, with the package that the OpenAPI description gives in
// its place.
func TestSeedWithThePackageFromOpenAPI(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it compiles the package and its tests once more")
	}
	t.Chdir("..")
	result, err := generator.Generate(&config.Config{
		Source:  config.Source{Spec: specOpenAPI, Overlays: []string{specOverlay}},
		Choice:  config.Choice{All: true},
		Package: config.Package{APIVersion: "beta", Name: "communications"},
	}, nil)
	require.NoError(t, err)
	dir := t.TempDir()
	_, err = output.Write(dir, result.Files, output.Options{})
	require.NoError(t, err)

	replace := make(map[string]string)
	old, err := filepath.Glob("generated/communications/*.gen.go")
	require.NoError(t, err)
	for _, f := range old {
		replace[f] = "" // gone
	}
	for _, f := range result.Files {
		if strings.HasSuffix(f.Name, ".go") {
			replace["generated/communications/"+f.Name] = filepath.Join(dir, f.Name)
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	file := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(file, list, 0o644))

	out, err := exec.Command("go", "test", "-overlay", file, "-count=1", "-run", "^TestSeed", "-v", "./generated").CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, name := range []string{"IsWhole", "RoundTripsWithoutLoss", "DecodesToTheRightTypesAtEveryLevel", "NotificationsHaveTypedResources"} {
		assert.Contains(t, string(out), "--- PASS: TestSeed"+name+" ")
	}
}

// TestForeignDescriptionsSurviveConversion converts OpenAPI that our converter did not
// write, and reads what it makes of it: the model is the same.
func TestForeignDescriptionsSurviveConversion(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it reads large descriptions")
	}
	theirs := func(name string) func(*testing.T) string {
		return func(t *testing.T) string { return shared.Path(t, "metadata", name) }
	}
	for name, file := range map[string]func(*testing.T) string{
		"service":              func(*testing.T) string { return filepath.Join("..", "spec", "openapi", "testdata", "service.yaml") },
		"communications":       theirs("communications-v1.0.openapi.json"),
		"all of Graph of 2019": theirs("graph-v1.0-2019.openapi.json"),
	} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file(t))
			require.NoError(t, err)
			m, _, err := openapi.Read("foreign", data, openapi.Options{})
			require.NoError(t, err)
			converted, lost, err := convert.YAML(m, convert.Options{Server: "https://example.org/v1"})
			require.NoError(t, err)
			assert.Empty(t, lost)
			again, _, err := openapi.Read("converted.yaml", converted, openapi.Options{})
			require.NoError(t, err)
			byName(m)
			byName(again)
			assert.Equal(t, dump(t, m), dump(t, again))
		})
	}
}
