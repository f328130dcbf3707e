package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/internal/fetch"
)

// published serves a description, which the test may change.
func published(t *testing.T) (url string, text *string) {
	text = new(string)
	*text = pointDescription
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(*text)) }))
	t.Cleanup(server.Close)
	return server.URL + "/$metadata", text
}

func TestUpdate(t *testing.T) {
	url, text := published(t)
	yaml := "# ours\nspec: " + url + " # the newest\nall: true\nmodels: true\nout: points\n"
	inFolder(t, "gen.yaml", yaml)
	code, _, stderr := genOutput(t)
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "run gen update to write it")

	code, stdout, stderr := genOutput(t, "update")
	require.Equal(t, 0, code, stderr)
	hash := fetch.Hash([]byte(pointDescription))
	assert.Contains(t, stdout, "gen.yaml: sha256 "+hash+"\n")
	data, err := os.ReadFile("gen.yaml")
	require.NoError(t, err)
	assert.Equal(t, strings.Replace(yaml, "newest\n", "newest\nsha256: \""+hash+"\"\n", 1), string(data))
	code, stdout, _ = genOutput(t, "check")
	assert.Equal(t, 0, code)
	assert.Contains(t, stdout, "up to date")

	// The service changes; what is pinned stays until it is updated.
	*text = strings.Replace(pointDescription, `Name="x"`, `Name="y"`, 1)
	code, _, _ = genOutput(t, "check")
	assert.Equal(t, 0, code)
	code, stdout, stderr = genOutput(t, "update")
	require.Equal(t, 0, code, stderr)
	assert.Contains(t, stdout, "property microsoft.graph.point/x: removed: Edm.Int32\n    → Go: removes field Point.X")
	assert.Contains(t, stdout, "1 breaking, 1 additive, 0 docs, 0 none\ngen.yaml: sha256 ")
	generated, err := os.ReadFile("points/complex.gen.go")
	require.NoError(t, err)
	assert.Contains(t, string(generated), `json:"y,omitempty"`)
}

// TestUpdateOfALink: a gen.yaml that is a link stays one.
func TestUpdateOfALink(t *testing.T) {
	url, _ := published(t)
	inFolder(t, "real/gen.yaml", "spec: "+url+"\nall: true\nmodels: true\nout: points\n")
	require.NoError(t, os.Chmod("real/gen.yaml", 0o600))
	if err := os.Symlink("real/gen.yaml", "gen.yaml"); err != nil {
		t.Skip("links cannot be made here: ", err)
	}
	code, _, stderr := genOutput(t, "update")
	require.Equal(t, 0, code, stderr)
	info, err := os.Lstat("gen.yaml")
	require.NoError(t, err)
	assert.Equal(t, os.ModeSymlink, info.Mode().Type())
	info, err = os.Stat("real/gen.yaml")
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	assert.Contains(t, textOf(t, "real/gen.yaml"), "sha256: ")
}

func TestUpdateThatFails(t *testing.T) {
	url, text := published(t)
	inFolder(t, "gen.yaml", "spec: "+url+"\nstrict: true\nall: true\nmodels: true\nout: points\n")
	code, _, _ := genOutput(t, "update")
	require.Equal(t, 0, code)
	before, files := textOf(t, "gen.yaml"), written(t)
	*text = strings.Replace(pointDescription, "Edm.Int32", "Edm.Int33", 1)
	code, stdout, stderr := genOutput(t, "update")
	assert.Equal(t, 1, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, url+":3:29: microsoft.graph.point/x: undefined type \"Edm.Int33\"")
	assert.Contains(t, stderr, "nothing was written")
	assert.Equal(t, before, textOf(t, "gen.yaml"))
	assert.Equal(t, files, written(t))

	change(t, "gen.yaml", "spec: d.xml\nall: true\nout: points\n")
	change(t, "d.xml", pointDescription)
	code, _, stderr = genOutput(t, "update")
	assert.Equal(t, 1, code)
	assert.Equal(t, "gen.yaml: spec: d.xml is a file, and update fetches only URLs: edit the file, then run gen\ngen: 1 finding; nothing was written\n", stderr)
	require.NoError(t, os.Remove("gen.yaml"))
	code, _, _ = genOutput(t, "update")
	assert.Equal(t, 2, code)
}

// TestPinnedFile: a hash holds for files, too.
func TestPinnedFile(t *testing.T) {
	inFolder(t, "d.xml", pointDescription, "gen.yaml", "spec: d.xml\nsha256: \""+strings.Repeat("0", 64)+"\"\nall: true\nout: points\n")
	code, _, stderr := genOutput(t)
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "d.xml: the description has changed: its SHA-256 is "+fetch.Hash([]byte(pointDescription)))
}

func textOf(t *testing.T, name string) string {
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(data)
}

// overlaid is an overlay that adds a property.
func overlaid(name string) string {
	return strings.Replace(pointDescription, `<Property Name="x" Type="Edm.Int32"/>`,
		`<Property Name="`+name+`" Type="Edm.Int32"><Annotation Term="Callgen.Reason" String="seen"/></Property>`, 1)
}

// TestNothingToDo: a run from the same inputs does not generate at all, as long as what
// was written is there.
func TestNothingToDo(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it generates the package a dozen times")
	}
	inFolder(t, "d.xml", pointDescription, "o.xml", overlaid("y"),
		"gen.yaml", "spec: d.xml\nall: true\nmodels: true\nout: points\n")
	generations := 0
	counting := func(cfg *config.Config, step func(string)) (*generator.Result, error) {
		generations++
		return generator.Generate(cfg, step)
	}
	expect := func(times int, args ...string) {
		t.Helper()
		before := generations
		code, _, stderr := gen(counting, args...)
		assert.Equal(t, 0, code, stderr)
		assert.Equal(t, times, generations-before, args)
	}
	expect(1)
	files := written(t)
	expect(0)
	expect(0, "check")
	assert.Equal(t, files, written(t))

	// Whatever the output depends on makes a run generate.
	change(t, "gen.yaml", "spec: d.xml\nall: true\nmodels: true\nout: points\nheader: Ours.\n")
	expect(1)
	expect(0)
	change(t, "d.xml", strings.Replace(pointDescription, `"x"`, `"z"`, 1))
	expect(1)
	expect(1, "--overlay", "o.xml")
	expect(0, "--overlay", "o.xml")
	change(t, "o.xml", overlaid("w"))
	expect(1, "--overlay", "o.xml")
	expect(1)

	// So does what happens to the output.
	require.NoError(t, os.Remove("points/doc.gen.go"))
	expect(1)
	assert.FileExists(t, "points/doc.gen.go")
	expect(0)
	change(t, "points/doc.gen.go", "// Code generated by callgen; DO NOT EDIT.\n\npackage points\n")
	code, _, stderr := gen(counting)
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "edited by hand")
	expect(1, "--force")
	require.NoError(t, os.RemoveAll("points"))
	expect(1)
}

// TestEditMeanwhile: a run whose description was edited while it worked is not remembered.
func TestEditMeanwhile(t *testing.T) {
	inFolder(t, "gen.yaml", "spec: d.xml\nall: true\nmodels: true\nout: points\n")
	// The description is edited after it was hashed, and the edit undone later.
	change(t, "d.xml", strings.Replace(pointDescription, `"x"`, `"before"`, 1))
	code, _, _ := gen(func(cfg *config.Config, step func(string)) (*generator.Result, error) {
		change(t, "d.xml", strings.Replace(pointDescription, `"x"`, `"after"`, 1))
		return generator.Generate(cfg, step)
	})
	require.Equal(t, 0, code)
	change(t, "d.xml", strings.Replace(pointDescription, `"x"`, `"before"`, 1))
	code, stdout, _ := genOutput(t, "check")
	assert.Equal(t, 1, code, "the folder holds what the edit gave: %s", stdout)
}

// TestNotesAreRepeated: a run that does nothing still says what there is to know.
func TestNotesAreRepeated(t *testing.T) {
	inFolder(t, "d.yaml", "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    a: {type: object, properties: {b: {$ref: '#/components/schemas/none'}}}\n")
	args := []string{"--spec", "d.yaml", "--all", "--models", "--out", "points"}
	code, _, first := genOutput(t, args...)
	require.Equal(t, 0, code, first)
	require.Contains(t, first, "leads nowhere")
	_, stdout, again := genOutput(t, args...)
	assert.Equal(t, first, again)
	assert.Contains(t, stdout, "up to date")
}
