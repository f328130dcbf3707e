package templates

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/templates/edits"
)

// modulePath begins the import paths of the runtime's packages.
const modulePath = "github.com/callgen/callgen/templates/runtime/"

// modelPackage stands in for what depends on the description. It is not emitted.
const modelPackage = "model"

// merged returns a file as emitted, with the whole runtime in one package. The package clause
// and comment, which is meant for readers of the generator, are replaced. A build constraint
// before them stays.
func (l *library) merged(s *source, pkg string, header []string, model map[string]string) ([]byte, error) {
	body, err := l.body(s, model)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, line := range header {
		b.WriteString(line + "\n")
	}
	b.WriteString("\n")
	for _, group := range s.file.Comments {
		if strings.HasPrefix(group.List[0].Text, "//go:build ") && group.Pos() < s.file.Package {
			b.WriteString(group.List[0].Text + "\n\n")
		}
	}
	b.WriteString("package " + pkg)
	b.Write(body)
	return b.Bytes(), nil
}

// body returns what follows the package clause of a file. It is the same in every package,
// and formatting it takes longer than printing a small one, so that it is made once, unless
// it uses types that depend on the description.
func (l *library) body(s *source, model map[string]string) ([]byte, error) {
	if s.usesModel() {
		return l.makeBody(s, model)
	}
	s.once.Do(func() { s.body, s.err = l.makeBody(s, nil) })
	return s.body, s.err
}

// usesModel reports whether a file uses types that depend on the description.
func (s *source) usesModel() bool {
	return slices.ContainsFunc(s.file.Imports, func(spec *ast.ImportSpec) bool {
		return spec.Path.Value == strconv.Quote(modulePath+modelPackage)
	})
}

// makeBody replaces the names of other packages of the runtime by those that stand for
// them, and removes the imports of these packages.
func (l *library) makeBody(s *source, model map[string]string) ([]byte, error) {
	list, err := l.edits(s, model)
	if err != nil {
		return nil, err
	}
	at := s.offset(s.file.Name.End())
	if len(list) == 0 {
		return s.data[at:], nil
	}
	const clause = "package p"
	formatted, err := format.Source(edits.Apply(s.data, append(list, edits.Edit{Start: 0, End: at, Text: clause})))
	return bytes.TrimPrefix(formatted, []byte(clause)), err
}

func (s *source) offset(pos token.Pos) int { return s.fset.Position(pos).Offset }

// edits returns the edits of a file.
func (l *library) edits(s *source, model map[string]string) ([]edits.Edit, error) {
	var list []edits.Edit
	imported := make(map[string]bool)
	for _, d := range s.file.Decls {
		if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.IMPORT {
			list = append(list, s.withoutImports(d, imported)...)
		}
	}
	var err error
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of, ok := sel.X.(*ast.Ident)
		if !ok || !imported[of.Name] {
			return true
		}
		name := l.name(of.Name, sel.Sel.Name)
		if of.Name == modelPackage {
			name = model[sel.Sel.Name]
		}
		if name == "" {
			err = fmt.Errorf("%s: nothing that is emitted is %s.%s: say in runtime/%[2]s/%[4]s what it stands for",
				s.fset.Position(sel.Pos()), of.Name, sel.Sel.Name, bridgeName)
		}
		list = append(list, edits.Edit{Start: s.offset(sel.Pos()), End: s.offset(sel.End()), Text: name})
		return true
	})
	return list, err
}

// name returns what a name of a package is called in the emitted package, "" if it is not
// emitted.
func (l *library) name(pkg, name string) string {
	if !l.declared[pkg][name] {
		name = l.bridges[pkg][name]
	}
	if !l.declared[pkg][name] {
		return ""
	}
	return name
}

// withoutImports removes imports of the runtime's packages from a declaration, and records
// them.
func (s *source) withoutImports(d *ast.GenDecl, imported map[string]bool) []edits.Edit {
	var list []edits.Edit
	for _, spec := range d.Specs {
		path, err := strconv.Unquote(spec.(*ast.ImportSpec).Path.Value)
		if pkg, ok := strings.CutPrefix(path, modulePath); ok && err == nil {
			imported[pkg] = true
			list = append(list, edits.Edit{Start: s.offset(spec.Pos()), End: s.offset(spec.End())})
		}
	}
	if len(list) == len(d.Specs) {
		return []edits.Edit{{Start: s.offset(d.Pos()), End: s.offset(d.End())}}
	}
	return list
}
