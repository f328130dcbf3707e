package split

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/generator/emit"
	"github.com/callgen/callgen/templates/edits"
)

// scope says what the names of one package are called in a part of it.
type scope struct {
	names map[string]qualified // of other parts
	links map[string]string    // the same for the links of comments; "" for a name that cannot be linked to
}

// qualified is a name of another package.
type qualified struct{ path, name string }

// qualify returns a file of one package as a file of a part: what is declared in another part
// gets the name of that part's package. It is the parser that tells which identifiers something
// in the file declares; those that have the name of a package get another one.
func (s scope) qualify(f emit.File) (emit.File, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, f.Name, f.Data, parser.ParseComments)
	if err != nil {
		return f, fmt.Errorf("%s cannot be divided: %w", f.Name, err)
	}
	at := func(p token.Pos) int { return fset.PositionFor(p, false).Offset }
	var list []edits.Edit
	paths := make(map[string]bool)
	for _, id := range file.Unresolved {
		if q, ok := s.names[id.Name]; ok {
			list = append(list, edits.Edit{Start: at(id.Pos()), End: at(id.End()), Text: base(q.path) + "." + q.name})
			paths[q.path] = true
		}
	}
	for path := range paths {
		list = append(list, renamed(file, base(path), at)...)
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if text := s.relinked(c.Text); text != c.Text {
				list = append(list, edits.Edit{Start: at(c.Pos()), End: at(c.End()), Text: text})
			}
		}
	}
	if len(list) == 0 {
		return f, nil
	}
	if e, ok := imports(file, paths, at); ok {
		list = append(list, e)
	}
	data, err := format.Source(edits.Apply(f.Data, list))
	if err != nil {
		return f, fmt.Errorf("%s cannot be divided: %w", f.Name, err)
	}
	return moved(f, data), nil
}

// base returns the name of the package with an import path.
func base(importPath string) string { return path.Base(importPath) }

// renamed returns the edits by which parameters and variables do not hide a package.
func renamed(file *ast.File, pkg string, at func(token.Pos) int) []edits.Edit {
	taken, fields := make(map[string]bool), make(map[ast.Expr]bool)
	var hiding []*ast.Ident
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			fields[n.Key] = true // generated code has no map with such keys
		case *ast.StructType:
			for _, f := range n.Fields.List {
				for _, name := range f.Names {
					fields[name] = true
				}
			}
		case *ast.Ident:
			taken[n.Name] = true
			if n.Name == pkg && n.Obj != nil && n.Obj.Kind == ast.Var && !fields[n] {
				hiding = append(hiding, n)
			}
		}
		return true
	})
	name := pkg + "Value"
	for taken[name] {
		name += "2"
	}
	var list []edits.Edit
	for _, id := range hiding {
		list = append(list, edits.Edit{Start: at(id.Pos()), End: at(id.End()), Text: name})
	}
	return list
}

// moved returns a file with new contents, whose lines are further down by as many as were added
// to the imports.
func moved(f emit.File, data []byte) emit.File {
	down := bytes.Count(data, []byte("\n")) - bytes.Count(f.Data, []byte("\n"))
	f.Data = data
	f.Spans = slices.Clone(f.Spans)
	for i := range f.Spans {
		f.Spans[i].From += down
		f.Spans[i].To += down
	}
	return f
}

// imports returns the edit that adds imports to a file, after those of the standard library.
func imports(file *ast.File, paths map[string]bool, at func(token.Pos) int) (edits.Edit, bool) {
	for _, spec := range file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			delete(paths, path)
		}
	}
	if len(paths) == 0 {
		return edits.Edit{}, false
	}
	var list []string
	for path := range paths {
		list = append(list, strconv.Quote(path))
	}
	slices.Sort(list)
	added := "\n\n" + strings.Join(list, "\n") + "\n"
	for _, d := range file.Decls {
		d, ok := d.(*ast.GenDecl)
		switch {
		case !ok || d.Tok != token.IMPORT:
		case d.Rparen.IsValid():
			return edits.Edit{Start: at(d.Rparen), End: at(d.Rparen), Text: added}, true
		default:
			spec := d.Specs[0].(*ast.ImportSpec)
			return edits.Edit{Start: at(d.Pos()), End: at(d.End()), Text: "import (\n" + spec.Path.Value + added + ")"}, true
		}
	}
	end := at(file.Name.End())
	return edits.Edit{Start: end, End: end, Text: "\n\nimport (" + strings.TrimPrefix(added, "\n") + ")"}, true
}

// link matches a link in a comment to a name of the package, or to a member of it.
var link = regexp.MustCompile(`\[(\*?)([A-Z]\w*)((?:\.\w+)?)\]`)

// relinked returns a comment with links to what other parts declare.
func (s scope) relinked(comment string) string {
	return link.ReplaceAllStringFunc(comment, func(text string) string {
		parts := link.FindStringSubmatch(text)
		switch to, ok := s.links[parts[2]]; {
		case !ok:
			return text
		case to == "":
			return parts[2] + parts[3]
		default:
			return "[" + parts[1] + to + parts[3] + "]"
		}
	})
}

// unresolved returns the identifiers of files that the files do not declare themselves.
func unresolved(files []emit.File) (map[string]bool, error) {
	names := make(map[string]bool)
	for _, f := range files {
		file, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, 0)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be divided: %w", f.Name, err)
		}
		for _, id := range file.Unresolved {
			names[id.Name] = true
		}
	}
	return names, nil
}
