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
// or in.yaml, which is OpenAPI, and maybe gen.yaml, and what is wanted: files under
// want/ as they are generated, the notes in want.notes, or the error in want.err. Every package is compiled and vetted, and use_test.go is run
// in it, so that no golden file can be Go that does not work.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	module := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(module, "go.mod"), []byte("module golden\n\ngo 1.26\n"), 0o644))
	for _, file := range cases {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) { golden(t, file, filepath.Join(module, name)) })
	}
	if testing.Short() {
		return // compared, and type-checked, they are: the rest takes most of the time
	}
	for _, args := range [][]string{{"vet", "./..."}, {"test", "./..."}, {"test", "-tags", "purego", "./..."}} {
		cmd := exec.Command("go", args...)
		cmd.Dir = module
		cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off")
		out, err := cmd.CombinedOutput()
		assert.NoError(t, err, "go %s\n%s", strings.Join(args, " "), out)
	}
}

func golden(t *testing.T, file, dir string) {
	archive, err := txtar.ParseFile(file)
	require.NoError(t, err)
	files := make(map[string]string)
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	file, err = filepath.Abs(file)
	require.NoError(t, err)
	source := t.TempDir()
	t.Chdir(source) // so that positions name in.csdl and nothing else
	in := "in.csdl"
	if _, ok := files["in.yaml"]; ok {
		in = "in.yaml"
	}
	require.NoError(t, os.WriteFile(in, []byte(files[in]), 0o644))
	models := "models: true\n"
	if strings.Contains(files["gen.yaml"], "models:") {
		models = ""
	}
	require.NoError(t, os.WriteFile("gen.yaml", []byte("spec: "+in+"\nall: true\n"+models+"package: golden\nout: out\n"+files["gen.yaml"]), 0o644))
	cfg, err := config.Load("gen.yaml")
	require.NoError(t, err)
	result, err := generator.Generate(cfg, nil)
	if want, ok := files["want.err"]; ok {
		require.Error(t, err)
		if *update {
			for i := range archive.Files {
				if archive.Files[i].Name == "want.err" {
					archive.Files[i].Data = []byte(err.Error() + "\n")
				}
			}
			require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
			return
		}
		assert.Equal(t, want, err.Error()+"\n")
		return
	}
	require.NoError(t, err)
	var lines strings.Builder
	for _, n := range result.Notes {
		lines.WriteString(n.String() + "\n")
	}
	wanted := append(slices.Clone(result.Files), output.File{Name: "notes", Data: []byte(lines.String())})
	compare(t, archive, file, wanted)
	_, err = output.Write(dir, result.Files, output.Options{})
	require.NoError(t, err)
	if use, ok := files["use_test.go"]; ok {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "use_test.go"), []byte(use), 0o644))
	}
}

// compare compares the files that the archive wants, or rewrites them.
func compare(t *testing.T, archive *txtar.Archive, file string, got []output.File) {
	changed := false
	for i := range archive.Files {
		f := &archive.Files[i]
		name, ok := strings.CutPrefix(f.Name, "want/")
		if !ok && f.Name != "want.notes" {
			continue
		}
		name = strings.TrimPrefix(name, "want.")
		data := ""
		for _, g := range got {
			if g.Name == name {
				data = string(g.Data)
			}
		}
		require.NotEmpty(t, data, name)
		if *update {
			f.Data, changed = []byte(data), true
			continue
		}
		assert.Equal(t, string(f.Data), data, name)
	}
	if changed {
		require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
	}
}
