package emit

import (
	"go/ast"
	"go/build/constraint"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/goir"
)

func TestDocLines(t *testing.T) {
	words := strings.Repeat("word ", 18) + "wording" // fills a line
	for _, test := range []struct {
		name string
		doc  goir.Doc
		want []string
	}{
		{"nothing", goir.Doc{}, nil},
		{"ordinary text", goir.Doc{Paragraphs: []string{"Call is a call, go on #1.", "More: text"}}, []string{"// Call is a call, go on #1.", "//", "// More: text"}},
		{"a paragraph of nothing", goir.Doc{Paragraphs: []string{"\u200b", "A", " "}, Code: "GET /x"}, []string{"// A", "//", "//\tGET /x"}},
		{"code", goir.Doc{Paragraphs: []string{"A", "B"}, Code: "GET /x", Deprecated: "no"}, []string{"// A", "//", "//\tGET /x", "//", "// B.", "//", "// Deprecated: no"}},
		{"code that goes on", goir.Doc{Code: "/x\n+build y", Paragraphs: []string{"A"}}, []string{"// A", "//", "//\t/x +build y"}},
		{"a constraint as code", goir.Doc{Paragraphs: []string{"A"}, Code: "+build x"}, []string{"// A", "//", "//\t" + `\+build x`}},
		{"a constraint", goir.Doc{Paragraphs: []string{"+build ignore"}}, []string{`// \+build ignore`}},
		{"a hidden constraint", goir.Doc{Paragraphs: []string{"\u200b\t+build\u2028ignore"}}, []string{`// \+build ignore`}},
		{"a constraint after wrapping", goir.Doc{Paragraphs: []string{words + " +build ignore"}}, []string{"// " + words, `// \+build ignore`}},
		{"a constraint in a deprecation", goir.Doc{Deprecated: words[12:] + " +build ignore"}, []string{"// Deprecated: " + words[12:], `// \+build ignore`}},
		{"a constraint of today", goir.Doc{Paragraphs: []string{"go:build ignore"}}, []string{`// \go:build ignore`}},
		{"directives", goir.Doc{Paragraphs: []string{"//go:build ignore", "//line a.go:1", "//export f"}}, []string{"// //go:build ignore", "//", "// //line a.go:1", "//", "// //export f"}},
		{"a deprecation in a text", goir.Doc{Paragraphs: []string{"A", "Deprecated: B"}}, []string{"// A", "//", `// \Deprecated: B`}},
		{"a heading", goir.Doc{Paragraphs: []string{"# A"}}, []string{`// \# A`}},
		{"a number sign", goir.Doc{Paragraphs: []string{words + " # of"}}, []string{"// " + words, "// # of"}},
		{"an old heading", goir.Doc{Paragraphs: []string{"A", "Important Words", "B"}}, []string{"// A", "//", "// Important Words.", "//", "// B"}},
		{"a link", goir.Doc{Paragraphs: []string{"[Call]: https://example.org/"}}, []string{`// \[Call]: https://example.org/`}},
		{"a note", goir.Doc{Paragraphs: []string{"BUG(me): all"}}, []string{`// \BUG(me): all`}},
		{"lines", goir.Doc{Paragraphs: []string{"a */ b\r\n/* c"}}, []string{"// a */ b /* c"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			lines := docLines(test.doc)
			assert.Equal(t, test.want, lines)
			source := "package p\n\n" + strings.Join(append(lines, "type T int"), "\n") + "\n"
			formatted, err := format.Source([]byte(source))
			require.NoError(t, err)
			assert.Equal(t, source, string(formatted), "gofmt leaves it alone")
			for _, line := range lines {
				assert.False(t, constraint.IsPlusBuild(line) || constraint.IsGoBuild(line), line)
			}
		})
	}
}

func TestHeader(t *testing.T) {
	assert.Equal(t, []string{Marker, "// a", "//", `// \+build b`, `//   \go:build c`, "// d e", "// # f"},
		Header([]string{"a", "", "+build b", "  go:build c", "d\ne\u202e", "# f"}))
}

// No other file writes a comment: what comment.go knows of their dangers would not hold.
func TestCommentsComeFromOnePlace(t *testing.T) {
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == "comment.go" {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				assert.NotContains(t, []string{"Comment", "Commentf", "HeaderComment", "PackageComment", "CgoPreamble"}, s.Sel.Name, fset.Position(s.Pos()))
			}
			return true
		})
	}
}
