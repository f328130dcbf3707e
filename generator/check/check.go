// Package check type-checks a generated package in memory, so that nothing is ever
// written that does not compile.
package check

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/callgen/callgen/generator/output"
)

// tags are the build tags under which a package is checked, beside none.
var tags = []string{"", "purego"}

// Check parses the Go files of a package and type-checks them, once for each set of
// build tags. It returns an error for the first of them that does not compile or
// that imports more than the standard library. element names the schema element that
// a line was made from; the error says it.
func Check(files []output.File, pkg string, element func(file string, line int) string) error {
	c := &checker{fset: token.NewFileSet(), files: files, element: element}
	parsed := c.parse()
	if err := c.err(); err != nil {
		return err
	}
	imports, err := c.imports(parsed)
	if err != nil {
		return err
	}
	for _, tag := range tags {
		c.types(parsed, pkg, tag, imports)
		if err := c.err(); err != nil {
			return err
		}
	}
	return nil
}

type checker struct {
	fset    *token.FileSet
	files   []output.File
	element func(file string, line int) string

	mu     sync.Mutex
	errors []string
}

// most is how many errors are shown.
const most = 20

func (c *checker) add(pos token.Position, msg string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	where := ""
	if e := c.element(pos.Filename, pos.Line); e != "" {
		where = " (from " + e + ")"
	}
	c.errors = append(c.errors, fmt.Sprintf("generated %s%s: %s\n\t%s", pos, where, msg, c.line(pos)))
}

// line returns the source line at a position, with its number.
func (c *checker) line(pos token.Position) string {
	for _, f := range c.files {
		if f.Name == pos.Filename {
			lines := strings.Split(string(f.Data), "\n")
			if pos.Line > 0 && pos.Line <= len(lines) {
				return strconv.Itoa(pos.Line) + " | " + lines[pos.Line-1]
			}
		}
	}
	return ""
}

func (c *checker) err() error {
	if len(c.errors) == 0 {
		return nil
	}
	slices.Sort(c.errors)
	shown := c.errors[:min(len(c.errors), most)]
	text := strings.Join(shown, "\n")
	if more := len(c.errors) - len(shown); more > 0 {
		text += fmt.Sprintf("\nand %d more", more)
	}
	return fmt.Errorf("the generated package does not compile, which is a bug of the generator or a name to override:\n%s", text)
}

// parse parses the files at the same time.
func (c *checker) parse() []*ast.File {
	parsed := make([]*ast.File, len(c.files))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, f := range c.files {
		if !strings.HasSuffix(f.Name, ".go") {
			continue
		}
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			var err error
			parsed[i], err = parser.ParseFile(c.fset, f.Name, f.Data, parser.SkipObjectResolution|parser.ParseComments)
			c.syntax(err)
		})
	}
	wg.Wait()
	return slices.DeleteFunc(parsed, func(f *ast.File) bool { return f == nil })
}

func (c *checker) syntax(err error) {
	if list, ok := err.(scanner.ErrorList); ok {
		for _, e := range list {
			c.add(e.Pos, e.Msg)
		}
	}
}

// imports returns the packages that the files import, from their export data.
func (c *checker) imports(files []*ast.File) (types.Importer, error) {
	var paths []string
	for _, f := range files {
		for _, spec := range f.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") || path == "C" {
				c.add(c.fset.Position(spec.Pos()), "a generated package imports the standard library only")
				continue
			}
			paths = append(paths, path)
		}
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	slices.Sort(paths)
	return load(slices.Compact(paths))
}

// types type-checks the files that a build with a tag has.
func (c *checker) types(files []*ast.File, pkg, tag string, imports types.Importer) {
	var built []*ast.File
	for _, f := range files {
		if isBuilt(f, tag) {
			built = append(built, f)
		}
	}
	conf := types.Config{
		Importer: imports,
		Error: func(err error) {
			if e, ok := err.(types.Error); ok {
				c.add(c.fset.Position(e.Pos), e.Msg)
			}
		},
	}
	conf.Check(pkg, c.fset, built, nil) // errors went to conf.Error
}

// isBuilt reports whether a file belongs to a build with a tag.
func isBuilt(f *ast.File, tag string) bool {
	for _, group := range f.Comments {
		if group.Pos() > f.Package {
			break
		}
		for _, line := range group.List {
			if expr, err := constraint.Parse(line.Text); err == nil {
				return expr.Eval(func(t string) bool { return t == tag })
			}
		}
	}
	return true
}
