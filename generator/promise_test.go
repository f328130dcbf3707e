package generator_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// promised are the folders of packages that other code may build on, with those below
// them: the runtime as part of generated packages. Nobody else can import internal packages,
// and nobody builds on examples.
func promised() []string {
	return []string{"cmd/gen", "examples", "generated", "gentest", "internal", "templates/runtime"}
}

// TestPackagesSayThatTheyAreNotPromised reads the comment of every package of this module.
func TestPackagesSayThatTheyAreNotPromised(t *testing.T) {
	t.Chdir("..")
	const saying = "Not covered by the compatibility promise"
	said := 0
	err := filepath.WalkDir(".", func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || dir == "." {
			return err
		}
		_, err = os.Stat(filepath.Join(dir, "go.mod"))
		if err == nil || d.Name() == "testdata" || d.Name() == "internal" || strings.HasPrefix(d.Name(), ".") || slices.Contains(promised(), filepath.ToSlash(dir)) {
			return fs.SkipDir
		}
		comment := packageComment(t, dir)
		if comment == "" {
			return nil
		}
		assert.Contains(t, comment, saying, dir)
		said++
		return nil
	})
	require.NoError(t, err)
	assert.Greater(t, said, 10)
}

// packageComment returns the comment of the package in a folder, or "" if absent.
func packageComment(t *testing.T, dir string) string {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	comment := ""
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		require.NoError(t, err)
		comment += parsed.Doc.Text()
	}
	return comment
}
