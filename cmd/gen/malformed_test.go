package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const pointDescription = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <ComplexType Name="point"><Property Name="x" Type="Edm.Int32"/></ComplexType>
</Schema></edmx:DataServices></edmx:Edmx>`

// genOutput runs the command, with the real generator.
func genOutput(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	code = run(args, &out, &errs)
	return code, out.String(), errs.String()
}

func inFolder(t *testing.T, files ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for i := 0; i < len(files); i += 2 {
		require.NoError(t, os.MkdirAll(filepath.Dir(files[i]), 0o755))
		require.NoError(t, os.WriteFile(files[i], []byte(files[i+1]), 0o644))
	}
}

func change(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}

// TestMalformedDescriptions expects each finding on its line, exit code 1, and the
// output as it was.
func TestMalformedDescriptions(t *testing.T) {
	inFolder(t, "gen.yaml", "spec: d.xml\nstrict: true\nall: true\nmodels: true\nout: points\n", "d.xml", pointDescription)
	code, _, _ := genOutput(t)
	require.Equal(t, 0, code)
	before := written(t)
	for name, c := range map[string]struct{ text, want string }{
		"unknown base": {strings.Replace(pointDescription, `Name="point"`, `Name="point" BaseType="microsoft.graph.none"`, 1),
			"d.xml:3:3: microsoft.graph.point: undefined base type \"microsoft.graph.none\": correct the name or declare it\ngen: 1 finding; nothing was written\n"},
		"cycle": {strings.Replace(pointDescription, `Name="point"`, `Name="point" BaseType="microsoft.graph.point"`, 1),
			"d.xml:3:3: microsoft.graph.point: base types form a cycle: microsoft.graph.point → microsoft.graph.point; change one BaseType\ngen: 1 finding; nothing was written\n"},
		"duplicate": {strings.Replace(pointDescription, `</Schema>`, `<EnumType Name="point"/></Schema>`, 1),
			"d.xml:4:1: microsoft.graph.point: duplicate type: first declared at d.xml:3:3; remove one\ngen: 1 finding; nothing was written\n"},
		"undefined types": {strings.Replace(pointDescription, `Edm.Int32"/>`, `Edm.Int33"/><Property Name="y" Type="none"/>`, 1),
			"d.xml:3:29: microsoft.graph.point/x: undefined type \"Edm.Int33\": correct the name or declare it\nd.xml:3:66: microsoft.graph.point/y: \"none\" is not a qualified name: put a namespace or alias and a dot before it\ngen: 2 findings; nothing was written\n"},
		"bad XML":  {pointDescription[:200], "d.xml:3:17: bad XML: unexpected EOF\ngen: 1 finding; nothing was written\n"},
		"not CSDL": {"<svg/>", "d.xml:1:1: not CSDL XML: the root element is <svg>, not <edmx:Edmx>\ngen: 1 finding; nothing was written\n"},
		"empty":    {"", "d.xml:1:1: empty file: a CSDL XML document is needed\ngen: 1 finding; nothing was written\n"},
	} {
		t.Run(name, func(t *testing.T) {
			change(t, "d.xml", c.text)
			code, stdout, stderr := genOutput(t)
			assert.Equal(t, 1, code)
			assert.Empty(t, stdout)
			assert.Equal(t, c.want, stderr)
			assert.Equal(t, before, written(t))
		})
	}
}

// TestHugeFiles: what is too large to be a description is not read at all.
func TestHugeFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it reads files of a gigabyte")
	}
	inFolder(t, "d.xml", pointDescription)
	for _, name := range []string{"huge.xml", "overlay.xml"} {
		f, err := os.Create(name)
		require.NoError(t, err)
		require.NoError(t, f.Truncate(1<<30)) // no disk is used
		require.NoError(t, f.Close())
	}
	const want = ": the file has more than 256 MB: name a description\ngen: 1 finding; nothing was written\n"
	code, _, stderr := genOutput(t, "--spec", "huge.xml", "--all", "--out", "points")
	assert.Equal(t, 1, code)
	assert.Equal(t, "huge.xml"+want, stderr)
	code, _, stderr = genOutput(t, "--spec", "d.xml", "--overlay", "overlay.xml", "--all", "--out", "points")
	assert.Equal(t, 1, code)
	assert.Equal(t, "overlay.xml"+want, stderr)
	assert.NoDirExists(t, "points")
}

// written returns the files of the output with their times and contents.
func written(t *testing.T) map[string]string {
	t.Helper()
	all := make(map[string]string)
	entries, err := os.ReadDir("points")
	require.NoError(t, err)
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(t, err)
		text, err := os.ReadFile(filepath.Join("points", e.Name()))
		require.NoError(t, err)
		all[e.Name()] = info.ModTime().String() + string(text)
	}
	return all
}
