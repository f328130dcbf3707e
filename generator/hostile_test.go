package generator_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"go/ast"
	gobuild "go/build"
	"go/build/constraint"
	"go/doc/comment"
	"go/parser"
	"go/printer"
	"go/token"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/internal/visible"
	"github.com/callgen/callgen/spec/diag"
)

// hostileTexts try to become more than text.
func hostileTexts() []string {
	texts := []string{
		// build constraints, at once and after wrapping
		"+build ignore", "+build", "  +build linux", "a\n+build ignore", "a\n\n+build ignore\n\nb", strings.Repeat("+build ignore ", 60),
		strings.Repeat("word ", 19) + "+build ignore", strings.Repeat("x", 97) + " +build !linux", "go:build ignore", "//go:build ignore", "\n//go:build ignore\n\n", "// +build ignore",
		"\u2028+build ignore", "\u0085//go:build ignore", "\u200b+build ignore", "\r+build ignore\r\n", "\u00a0+build ignore",
		// directives
		"//go:embed /etc/passwd", "a\n//go:generate rm -rf /", "//go:linkname a b", "//line a.go:1", "//export f", "#cgo LDFLAGS: -lm", "//extern f",
		// the end of a comment or literal
		"*/ func init() { panic(1) } /*", "/*", "\nfunc init() { panic(1) }\n", "\"; import \"os\"; var _ = \"", "`+`", `\`, `\n+build ignore`, "'", "}", "import \"C\"",
		// what go doc and its readers take for more
		"# Heading", "Important Words", "Deprecated: all", "a\n\nDeprecated: all", "\tcode\n\tmore", "- a\n- b", "[Call]: https://example.org/", "BUG(a): all",
		// what is not seen, or seems to be something else
		"\u202eevil\u202c", "a\u200db\u2066c", "\ufeffpackage q", "a\x00b", "\x1b[31mred",
		// names of systems, formats and templates
		"linux", "org.windows", "arm64", "test", "CON", "../../x", "%s%d%!", "${x}{{.}}", "]]><a/>",
	}
	return texts
}

var slot = regexp.MustCompile(`«[^»]*»`)

// template is a description with slots for texts from outside. What stands in a slot is a
// harmless text; equal ones are one slot. Those with a space are text in any language;
// the others mean something to the service, such as names.
type template struct {
	file   string
	text   string
	quoted func(string) string
}

func (t template) slots() []string {
	all := slot.FindAllString(t.text, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// fill puts a text into some slots, and the harmless texts into the others.
func (t template) fill(into []string, text string) []byte {
	return []byte(slot.ReplaceAllStringFunc(t.text, func(s string) string {
		if slices.Contains(into, s) {
			return t.quoted(text)
		}
		return strings.Trim(s, "«»")
	}))
}

// places returns slots that a text is put into at once: those of texts together, which
// change nothing but comments, and each of the others.
func (t template) places() [][]string {
	var texts []string
	var all [][]string
	for _, s := range t.slots() {
		if strings.Contains(s, " ") {
			texts = append(texts, s)
		} else {
			all = append(all, []string{s})
		}
	}
	return append(all, texts)
}

func hostileTemplates(t *testing.T) []template {
	var all []template
	for _, in := range []template{{file: "in.csdl", quoted: inXML}, {file: "in.yaml", quoted: inJSON}} {
		text, err := os.ReadFile("testdata/hostile/" + in.file)
		require.NoError(t, err)
		in.text = string(text)
		all = append(all, in)
	}
	return all
}

func inXML(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer has room
	return b.String()
}

func inJSON(text string) string {
	quoted, _ := json.Marshal(text) // every string can be
	return string(quoted[1 : len(quoted)-1])
}

// TestHostileTexts puts each of many texts into each slot of a description. It is refused,
// in words that hide nothing, or gives the same code as a harmless text: comments that are
// comments, and files that are built everywhere.
func TestHostileTexts(t *testing.T) {
	if raced || testing.Short() {
		t.Skip("left out by -short, and run once more without the race detector: it takes minutes with it")
	}
	for _, in := range hostileTemplates(t) {
		t.Run(in.file, func(t *testing.T) {
			base, err := printed(in.file, in.fill(nil, ""))
			require.NoError(t, err)
			wanted := newHarmless(t, base)
			var mu sync.Mutex
			inputs, refused := 0, 0
			each(in.places(), func(slots []string, text string) {
				files, err := printed(in.file, in.fill(slots, text))
				problems := visibly(err)
				if err == nil {
					problems = wanted.differences(files, len(slots) > 1)
				}
				mu.Lock()
				defer mu.Unlock()
				inputs += len(slots)
				if err != nil {
					refused += len(slots)
				}
				for _, p := range problems {
					t.Errorf("%q in %s: %s", text, slots, p)
				}
			})
			t.Logf("%d texts, %d inputs, %d refused", len(hostileTexts()), inputs, refused)
			assert.GreaterOrEqual(t, inputs, 576)
			assert.Less(t, refused, inputs/2)
		})
	}
}

// The name of the description is in the package's comment, and the header in each file.
func TestHostileConfiguration(t *testing.T) {
	in := hostileTemplates(t)[0]
	description := in.fill(nil, "")
	base, err := printed(in.file, description)
	require.NoError(t, err)
	wanted := newHarmless(t, base)
	for _, text := range hostileTexts() {
		files, err := printed("a "+text, description)
		require.NoError(t, err, text)
		assert.Empty(t, wanted.differences(files, true), "%q as a file name", text)

		cfg := allOf(in.file, text)
		if err := cfg.Validate(); err != nil {
			assert.Equal(t, visible.Escape(err.Error()), err.Error())
			continue
		}
		model, _, err := read.Other(cfg.Source, description)
		require.NoError(t, err)
		files, err = generator.Printed(cfg, model)
		require.NoError(t, err, text)
		assert.Empty(t, wanted.differences(files, true), "%q as a header", text)
	}
}

// What comes of all texts at once compiles, together with the runtime.
func TestHostileTextsCompile(t *testing.T) {
	for _, in := range hostileTemplates(t) {
		places := in.places()
		cfg := allOf(in.file, "# header")
		model, _, err := read.Other(cfg.Source, in.fill(places[len(places)-1], strings.Repeat("+build ignore */ \" ` ", 20)))
		require.NoError(t, err)
		_, err = generator.FromModel(cfg, model)
		assert.NoError(t, err)
	}
}

// each calls f with every text in every place, several at a time.
func each(places [][]string, f func(slots []string, text string)) {
	var done sync.WaitGroup
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, slots := range places {
		for _, text := range hostileTexts() {
			room <- struct{}{}
			done.Go(func() {
				defer func() { <-room }()
				f(slots, text)
			})
		}
	}
	done.Wait()
}

// allOf configures the package of everything in a description.
func allOf(file, header string) *config.Config {
	return &config.Config{
		Source:  config.Source{Spec: file},
		Choice:  config.Choice{All: true},
		Package: config.Package{Name: "p", Out: "out", APIVersion: "v1.0", Header: header},
	}
}

func printed(file string, description []byte) ([]output.File, error) {
	cfg := allOf(file, "")
	model, _, err := read.Other(cfg.Source, description)
	if err != nil {
		return nil, err
	}
	return generator.Printed(cfg, model)
}

// visibly says what is wrong with the words of an error.
func visibly(err error) []string {
	var found *diag.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &found):
		return []string{"no finding: " + err.Error()}
	}
	var problems []string
	for _, f := range found.Findings {
		if s := f.String(); s != visible.Escape(s) || len(s) > 1000 || f.Pos.Line == 0 {
			problems = append(problems, fmt.Sprintf("finding %q", s))
		}
	}
	return problems
}

// parsed is what a file holds.
type parsed struct {
	file     *ast.File
	data     []byte
	declared map[string]int // how many of each kind, and 1 for each import
}

// harmless are the files that a description without hostile texts gives.
type harmless struct {
	files    map[string]*parsed
	declared map[string]int
}

func newHarmless(t *testing.T, files []output.File) *harmless {
	h := &harmless{make(map[string]*parsed), make(map[string]int)}
	for _, f := range files {
		p, problems := parseFile(f)
		require.Empty(t, problems)
		h.files[f.Name] = p
		add(h.declared, p.declared)
	}
	return h
}

func add(to, more map[string]int) {
	for kind, n := range more {
		if to[kind] += n; strings.HasPrefix(kind, "import ") {
			to[kind] = 1
		}
	}
}

// differences says in what files are more than the harmless ones. The code of texts is the
// same; that of names may be less, where a name has no use.
func (h *harmless) differences(files []output.File, areTexts bool) []string {
	var problems []string
	declared := make(map[string]int)
	for _, f := range files {
		old := h.files[f.Name]
		if old != nil && bytes.Equal(old.data, f.Data) {
			add(declared, old.declared)
			continue
		}
		p, more := parseFile(f)
		problems = append(problems, more...)
		if p == nil {
			continue
		}
		add(declared, p.declared)
		if areTexts && (old == nil || code(old.file) != code(p.file)) {
			problems = append(problems, f.Name+" is another file")
		}
	}
	if areTexts && len(files) != len(h.files) {
		problems = append(problems, "files are missing")
	}
	for kind, n := range declared {
		if n > h.declared[kind] {
			problems = append(problems, fmt.Sprintf("%d times %s instead of %d", n, kind, h.declared[kind]))
		}
	}
	return problems
}

// parseFile describes a file, and reports what in it is neither text nor our code.
func parseFile(f output.File) (*parsed, []string) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, f.Name, f.Data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, []string{err.Error()}
	}
	problems := unbuilt(f)
	p := &parsed{file: file, data: f.Data, declared: make(map[string]int)}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if constraint.IsGoBuild(c.Text) || constraint.IsPlusBuild(c.Text) || c.Text != "//" && !strings.HasPrefix(c.Text, "// ") && !strings.HasPrefix(c.Text, "//\t") {
				problems = append(problems, fmt.Sprintf("comment %q", c.Text))
			}
		}
		if group.Pos() > file.Package || group == file.Doc {
			p.declared["deprecation"] += deprecations(group)
			problems = append(problems, meanings(group)...)
		}
	}
	for _, spec := range file.Imports {
		p.declared["import "+spec.Path.Value] = 1
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			p.declared["func"]++
		case *ast.GenDecl:
			if d.Tok != token.IMPORT {
				p.declared[d.Tok.String()] += len(d.Specs)
			}
		}
	}
	return p, problems
}

// code returns a file without comments.
func code(file *ast.File) string {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.File:
			n.Doc, n.Comments = nil, nil
		case *ast.FuncDecl:
			n.Doc = nil
		case *ast.GenDecl:
			n.Doc = nil
		case *ast.Field:
			n.Doc = nil
		case *ast.ValueSpec:
			n.Doc = nil
		}
		return true
	})
	var b bytes.Buffer
	if err := printer.Fprint(&b, token.NewFileSet(), file); err != nil {
		return err.Error()
	}
	return b.String()
}

// unbuilt says where the go command would ignore a file.
func unbuilt(f output.File) []string {
	var problems []string
	for _, system := range [][2]string{{"linux", "amd64"}, {"windows", "amd64"}, {"darwin", "arm64"}, {"plan9", "386"}} {
		ctx := gobuild.Default
		ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = system[0], system[1], false
		ctx.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.Data)), nil }
		if match, err := ctx.MatchFile("", f.Name); err != nil || !match {
			problems = append(problems, fmt.Sprintf("%s is not built for %s (%v)", f.Name, system, err))
		}
	}
	return problems
}

func deprecations(group *ast.CommentGroup) int {
	n := 0
	for paragraph := range strings.SplitSeq(group.Text(), "\n\n") {
		if strings.HasPrefix(paragraph, "Deprecated:") {
			n++
		}
	}
	return n
}

// meanings says what go doc would make of a comment that it is not meant to be.
func meanings(group *ast.CommentGroup) []string {
	var problems []string
	doc := new(comment.Parser).Parse(group.Text())
	for _, block := range doc.Content {
		switch block := block.(type) {
		case *comment.List:
			if strings.Contains(group.Text(), "\nPermissions, of which one is needed:\n") && len(block.Items) < 10 {
				continue // ours
			}
			problems = append(problems, fmt.Sprintf("%T in %q", block, group.Text()))
		case *comment.Heading:
			problems = append(problems, fmt.Sprintf("%T in %q", block, group.Text()))
		}
	}
	if len(doc.Links) > 0 || strings.HasPrefix(group.Text(), "BUG(") {
		problems = append(problems, fmt.Sprintf("a link or note in %q", group.Text()))
	}
	return problems
}
