package generator

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"github.com/callgen/callgen/generator/check"
	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/plan"
)

// Lines are the lines of a generated package.
type Lines struct {
	Of     map[string]int // by the schema element whose declarations they are
	Others int            // the runtime, the client and what belongs to no element
}

// Measure counts the lines of the package that would be generated for a selection.
func Measure(cfg *config.Config, selection *choose.Selection) (*Lines, error) {
	pkg, err := planned(cfg, selection)
	if err != nil {
		return nil, err
	}
	files, err := emitted(pkg)
	if err != nil {
		return nil, err
	}
	lines := &Lines{Of: make(map[string]int)}
	owners := owners(pkg)
	for _, f := range files {
		lines.Others += bytes.Count(f.Data, []byte("\n"))
		if strings.HasPrefix(f.Name, check.RuntimePrefix) {
			continue
		}
		if err := lines.count(f.Data, owners); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// count gives the declarations of a file to the elements that they were made from.
func (l *Lines) count(source []byte, owners map[string]string) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	give := func(name string, node ast.Node, doc *ast.CommentGroup) {
		element := owners[name]
		if element == "" {
			return
		}
		from := node.Pos()
		if doc != nil {
			from = doc.Pos()
		}
		n := set.Position(node.End()).Line - set.Position(from).Line + 1
		l.Of[element] += n
		l.Others -= n
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			give(owner(d), d, d.Doc)
		case *ast.GenDecl:
			declared(d, owners, give)
		}
	}
	return nil
}

// declared gives the declarations of types and constants to what they belong to.
func declared(d *ast.GenDecl, owners map[string]string, give func(string, ast.Node, *ast.CommentGroup)) {
	switch spec := d.Specs[0].(type) {
	case *ast.TypeSpec:
		give(spec.Name.Name, d, d.Doc)
	case *ast.ValueSpec:
		if owners[spec.Names[0].Name] == "" { // the members of an enum
			give(named(spec.Type), d, d.Doc)
			return
		}
		for _, s := range d.Specs {
			if value, ok := s.(*ast.ValueSpec); ok {
				give(value.Names[0].Name, value, value.Doc)
			}
		}
	}
}

// owner names the receiver of a method, or a function.
func owner(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	return named(d.Recv.List[0].Type)
}

func named(t ast.Expr) string {
	if pointer, ok := t.(*ast.StarExpr); ok {
		t = pointer.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// owners are the schema elements of the Go names that a package declares.
func owners(pkg *plan.Package) map[string]string {
	elements := make(map[string]string)
	for _, f := range pkg.Files {
		for _, e := range f.Enums {
			elements[e.Name] = e.Source.Element
		}
		for _, s := range f.Structs {
			elements[s.Name] = s.Source.Element
			for _, c := range s.Properties {
				elements[c.Name] = s.Source.Element
			}
			if u := s.Union; u != nil {
				elements[u.Name], elements[u.List], elements[u.Unmarshal] = s.Source.Element, s.Source.Element, s.Source.Element
			}
		}
		for _, b := range f.Builders {
			elements[b.Name] = b.Source.Element
			for _, m := range b.Methods {
				for _, arg := range m.Args {
					if arg.Type.Name == strings.TrimSuffix(b.Name, "RequestBuilder")+m.Name+"Parameters" {
						elements[arg.Type.Name] = b.Source.Element
					}
				}
			}
		}
	}
	return elements
}
