package templates

import (
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPackagesImportInOneDirection(t *testing.T) {
	order := packages()
	imported := 0
	for i, pkg := range order {
		files, err := filepath.Glob(filepath.Join("runtime", pkg, "*.go"))
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, name := range files {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
			require.NoError(t, err)
			for _, spec := range f.Imports {
				path, err := strconv.Unquote(spec.Path.Value)
				require.NoError(t, err)
				rest, ours := strings.CutPrefix(path, modulePath)
				if !ours || rest == modelPackage && (pkg == "session" || pkg == "keeper") || rest == "internal/models" && strings.HasSuffix(name, "_test.go") {
					continue
				}
				imported++
				assert.Nil(t, spec.Name, "%s imports %s by another name", name, path)
				assert.Contains(t, order[:i], rest, "%s imports %s", name, path)
			}
		}
	}
	assert.NotZero(t, imported)
}

func TestPackagesCompileAndVet(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it vets the runtime twice")
	}
	for _, tags := range []string{"", "purego"} {
		args := []string{"vet", "-tags", tags}
		for _, pkg := range packages() {
			args = append(args, "./"+filepath.ToSlash(filepath.Join("runtime", pkg)))
		}
		out, err := exec.Command("go", args...).CombinedOutput()
		assert.NoError(t, err, "go %s\n%s", strings.Join(args, " "), out)
	}
}

func TestNamesAreDeclaredOnce(t *testing.T) {
	l, err := load()
	require.NoError(t, err)
	order := packages()
	for i, pkg := range order {
		for name := range l.declared[pkg] {
			at := slices.IndexFunc(order[:i], func(below string) bool { return l.declared[below][name] })
			assert.Equal(t, -1, at, "%s is declared in %s and in a package below it", name, pkg)
		}
	}
}
