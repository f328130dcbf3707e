package generated_test

import (
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	code     = regexp.MustCompile("`([^`]+)`")
	link     = regexp.MustCompile(`\]\(([^)]+)\)`)
	testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// TestFactsOfThePage holds docs/create-call.md against this repository: it has 35 facts, and
// every symbol, test and file that it names is there.
func TestFactsOfThePage(t *testing.T) {
	text, err := os.ReadFile("../docs/create-call.md")
	require.NoError(t, err)
	symbols, tests := symbolsOf(t), testsBelow(t, "..")
	number := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, " | ")
		n, err := strconv.Atoi(strings.TrimPrefix(cells[0], "| "))
		if err != nil {
			continue
		}
		number++
		require.Equal(t, number, n)
		require.Len(t, cells, 4, line)
		where, held := cells[2], cells[3]
		links := link.FindAllStringSubmatch(where, -1)
		names := code.FindAllStringSubmatch(where, -1)
		assert.True(t, len(names)+len(links) > 0 || strings.HasPrefix(where, "as "), "fact %d: where is it?", n)
		for _, name := range names {
			assert.Contains(t, symbols, name[1], "fact %d", n)
		}
		for _, l := range links {
			assert.FileExists(t, filepath.Join("../docs", l[1]), "fact %d", n)
		}
		holding := code.FindAllStringSubmatch(held, -1)
		assert.NotEmpty(t, holding, "fact %d: what holds it?", n)
		for _, name := range holding {
			assert.Contains(t, tests, name[1], "fact %d", n)
		}
	}
	assert.Equal(t, 35, number)
}

// symbolsOf returns the exported symbols of the package, "Call" and "Call.Targets", those of
// embedded structs as well.
func symbolsOf(t *testing.T) map[string]bool {
	all := make(map[string]bool)
	for _, line := range api(t, "./communications") {
		words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '(' || r == '[' })
		all[words[1]] = true
	}
	return all
}

// testsBelow returns the names of the tests in a folder.
func testsBelow(t *testing.T, root string) map[string]bool {
	all := make(map[string]bool)
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, name := range testFunc.FindAllSubmatch(text, -1) {
			all[string(name[1])] = true
		}
		return err
	})
	require.NoError(t, err)
	return all
}

// TestExamplesNameTheirPermissions holds the comments of the examples against the notes of
// the page. Examples 6 and 7 have no note of a permission there, example 8 has none of its own.
func TestExamplesNameTheirPermissions(t *testing.T) {
	want := [][]string{
		{"Calls.Initiate.All"},
		{"Calls.Initiate.All", "Calls.AccessMedia.All"},
		{"Calls.InitiateGroupCall.All"},
		{"Calls.InitiateGroupCall.All", "Calls.AccessMedia.All"},
		{"Calls.JoinGroupCall.All", "Calls.JoinGroupCalls.Chat"},
		{},
		{},
		{"Calls.AccessMedia.All"},
		{"Calls.JoinGroupCall.All"},
		{"Calls.JoinGroupCallAsGuest.All"},
		{"Calls.Initiate.All"},
		{"Calls.Initiate.All", "Calls.AccessMedia.All"},
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("communications", "example_test.go"), nil, parser.ParseComments)
	require.NoError(t, err)
	examples := doc.Examples(file)
	slices.SortFunc(examples, func(a, b *doc.Example) int { return a.Order - b.Order })
	require.Len(t, examples, len(want))
	permission := regexp.MustCompile(`Calls\.\w+\.\w+`)
	for i, e := range examples {
		named := make(map[string]bool)
		for _, name := range permission.FindAllString(e.Doc, -1) {
			named[name] = true
		}
		assert.ElementsMatch(t, want[i], slices.Collect(maps.Keys(named)), e.Name)
	}
}
