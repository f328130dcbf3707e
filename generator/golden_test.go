package generator_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
)

var update = flag.Bool("update", false, "rewrite the wanted files of the golden cases")

// TestGolden generates a package from each testdata/*.txtar. An archive holds in.csdl
// or in.yaml, which is OpenAPI, and maybe gen.yaml and what in.csdl refers to under refs/, and what is wanted: files under
// want/ as they are generated, those of package fields under want/fields/, the notes in want.notes, or the error in want.err. Every
// package is type-checked for all systems; use_test.go is run in it, which is vetted then, and
// request_test.go beside it, so that no golden file can be Go that does not work.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	module := newModule(t)
	for _, file := range cases {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) { golden(t, file, module, name) })
	}
	if testing.Short() {
		return // compared, and type-checked, they are: the rest takes most of the time
	}
	tested := used(t, module)
	inModule(t, module, nil, append([]string{"vet", unoptimized, "./sent"}, tested...)...) // most of each package is the runtime, which is vetted where it is
	inModule(t, module, nil, "test", unoptimized, "-vet=off", "./...")
	if few := tested[:min(2, len(tested))]; len(few) > 0 { // the tag changes the codec, which all have
		inModule(t, module, nil, append([]string{"test", unoptimized, "-vet=off", "-tags", "purego"}, few...)...)
	}
}

// unoptimized lets the compiler take less time: what is in these packages is run once.
const unoptimized = "-gcflags=-N -l"

// used returns the packages that are tested from within. They decode and encode, which is
// what the tag purego changes; requests are the same with it.
func used(t *testing.T, module string) []string {
	tests, err := filepath.Glob(filepath.Join(module, "*", "use_test.go"))
	require.NoError(t, err)
	var packages []string
	for _, file := range tests {
		packages = append(packages, "./"+filepath.Base(filepath.Dir(file)))
	}
	return packages
}

// newModule makes a module for generated packages. Its package sent has the request
// tests of all of them, which are linked once.
func newModule(t *testing.T) string {
	module := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(module, "go.mod"), []byte("module golden\n\ngo 1.26\n"), 0o644))
	serve, err := os.ReadFile(filepath.Join("testdata", "sent", "serve_test.go.txt"))
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(module, "sent"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(module, "sent", "serve_test.go"), serve, 0o644))
	return module
}

func inModule(t *testing.T, module string, env []string, args ...string) {
	cmd := exec.Command("go", args...)
	cmd.Dir = module
	cmd.Env = append(append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off"), env...)
	out, err := cmd.CombinedOutput()
	assert.NoError(t, err, "%s go %s\n%s", strings.Join(env, " "), strings.Join(args, " "), out)
}

func golden(t *testing.T, file, module, name string) {
	archive, err := txtar.ParseFile(file)
	require.NoError(t, err)
	file, err = filepath.Abs(file)
	require.NoError(t, err)
	t.Chdir(t.TempDir()) // so that positions name in.csdl and nothing else
	result, err := generate(t, archive, name)
	if want, ok := section(archive, "want.err"); ok {
		require.Error(t, err)
		if *update {
			setSection(archive, "want.err", err.Error()+"\n")
			require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
			return
		}
		assert.Equal(t, want, err.Error()+"\n")
		return
	}
	require.NoError(t, err)
	compare(t, archive, file, result)
	for folder, files := range map[string][]output.File{name: result.Files, name + "/fields": result.Fields} {
		_, err = output.Write(filepath.Join(module, folder), files, output.Options{})
		require.NoError(t, err)
	}
	for _, test := range []struct{ name, as string }{
		{"use_test.go", filepath.Join(name, "use_test.go")},
		{"request_test.go", filepath.Join("sent", name+"_test.go")},
	} {
		if text, ok := section(archive, test.name); ok {
			require.NoError(t, os.WriteFile(filepath.Join(module, test.as), []byte(text), 0o644))
		}
	}
}

// generate generates what an archive describes, in the current folder, as it is in the module
// golden.
func generate(t *testing.T, archive *txtar.Archive, name string) (*generator.Result, error) {
	in := "in.csdl"
	text, ok := section(archive, in)
	if !ok {
		in = "in.yaml"
		text, ok = section(archive, in)
	}
	require.True(t, ok, "neither in.csdl nor in.yaml")
	require.NoError(t, os.WriteFile(in, []byte(text), 0o644))
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "refs/") {
			require.NoError(t, os.MkdirAll("refs", 0o755))
			require.NoError(t, os.WriteFile(f.Name, f.Data, 0o644))
		}
	}
	settings, _ := section(archive, "gen.yaml")
	if !strings.HasPrefix(settings, "roots:") {
		settings = "all: true\n" + settings
	}
	require.NoError(t, os.WriteFile("gen.yaml", []byte("spec: "+in+"\npackage: golden\nout: "+name+"\n"+settings), 0o644))
	require.NoError(t, os.WriteFile("go.mod", []byte("module golden\n"), 0o644))
	cfg, err := config.Load("gen.yaml")
	require.NoError(t, err)
	return generator.Generate(cfg, nil)
}

// compare compares the files that the archive wants, and the notes, or rewrites them.
func compare(t *testing.T, archive *txtar.Archive, file string, result *generator.Result) {
	for i := range archive.Files {
		f := &archive.Files[i]
		name, ok := strings.CutPrefix(f.Name, "want/")
		if !ok {
			continue
		}
		files := result.Files
		base, ok := strings.CutPrefix(name, "fields/")
		if ok {
			files = result.Fields
		}
		at := slices.IndexFunc(files, func(g output.File) bool { return g.Name == base })
		require.GreaterOrEqual(t, at, 0, name)
		if *update {
			f.Data = files[at].Data
			continue
		}
		assert.Equal(t, string(f.Data), string(files[at].Data), name)
	}
	var notes strings.Builder
	for _, n := range result.Notes {
		notes.WriteString(n.String() + "\n")
	}
	if *update {
		setSection(archive, "want.notes", notes.String())
		require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
		return
	}
	want, _ := section(archive, "want.notes")
	assert.Equal(t, want, notes.String(), "notes")
}

// section returns a file of an archive.
func section(archive *txtar.Archive, name string) (string, bool) {
	for _, f := range archive.Files {
		if f.Name == name {
			return string(f.Data), true
		}
	}
	return "", false
}

// setSection replaces a file of an archive, adds it, before the first that is wanted, or
// removes it when it is empty.
func setSection(archive *txtar.Archive, name, text string) {
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == name })
	switch {
	case i >= 0 && text == "":
		archive.Files = slices.Delete(archive.Files, i, i+1)
	case i >= 0:
		archive.Files[i].Data = []byte(text)
	case text != "":
		i = slices.IndexFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want/") })
		if i < 0 {
			i = len(archive.Files)
		}
		archive.Files = slices.Insert(archive.Files, i, txtar.File{Name: name, Data: []byte(text)})
	}
}
