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
)

// Apart is the codec as a package of its own, for packages whose types are not beside the
// client.
type Apart struct {
	Files []File            // of the package codec
	Face  File              // declares the exported names of the codec in another package
	Names map[string]string // what the codec's names in one package are called in the package codec
}

// Codec returns the codec as a package of its own, with the import path that the face of pkg
// uses. The files begin with the given comment lines.
func Codec(pkg, importPath string, header []string) (*Apart, error) {
	l, err := load()
	if err != nil {
		return nil, err
	}
	a := &Apart{Names: make(map[string]string)}
	f := &face{codec: importPath, imports: make(map[string]bool)}
	for _, s := range append(slices.Clone(l.sources), l.bridge) {
		if s.pkg != "codec" {
			continue
		}
		data, err := l.merged(s, "codec", header, nil)
		if err != nil {
			return nil, err
		}
		a.Files = append(a.Files, File{s.name, s.pkg, data})
		if s == l.bridge {
			continue
		}
		if err := f.add(s); err != nil {
			return nil, err
		}
	}
	for name := range l.declared["codec"] {
		if token.IsExported(name) {
			a.Names[name] = name
		}
	}
	for exported, name := range l.bridges["codec"] {
		a.Names[name] = exported
	}
	a.Face.Name, a.Face.Of = "codec", "codec"
	a.Face.Data, err = f.file(pkg, header)
	return a, err
}

// face collects declarations that stand for those of the codec.
type face struct {
	codec   string          // import path
	imports map[string]bool // others
	decls   bytes.Buffer
}

// add adds what stands for the exported declarations of a file.
func (f *face) add(s *source) error {
	for _, d := range s.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.IsExported() {
				f.function(s, d)
			}
		case *ast.GenDecl:
			if err := f.general(s, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// function declares a function that passes its arguments on.
func (f *face) function(s *source, d *ast.FuncDecl) {
	var args []string
	for _, field := range d.Type.Params.List {
		for _, name := range field.Names {
			arg := name.Name
			if _, ok := field.Type.(*ast.Ellipsis); ok {
				arg += "..."
			}
			args = append(args, arg)
		}
	}
	f.importsOf(s, d.Type)
	f.comment(d.Doc)
	fmt.Fprintf(&f.decls, "%s {\n\treturn codec.%s(%s)\n}\n\n", s.text(d.Pos(), d.Type.End()), d.Name.Name, strings.Join(args, ", "))
}

// general declares aliases of types.
func (f *face) general(s *source, d *ast.GenDecl) error {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			if i := slices.IndexFunc(spec.Names, (*ast.Ident).IsExported); i >= 0 {
				return fmt.Errorf("%s: nothing in another package can stand for %s: make it a function", s.fset.Position(spec.Pos()), spec.Names[i].Name)
			}
		case *ast.TypeSpec:
			if !spec.Name.IsExported() {
				continue
			}
			doc := spec.Doc
			if doc == nil {
				doc = d.Doc
			}
			f.comment(doc)
			parameters, arguments := s.parameters(spec)
			fmt.Fprintf(&f.decls, "type %s%s = codec.%[1]s%[3]s\n\n", spec.Name.Name, parameters, arguments)
		}
	}
	return nil
}

// parameters returns the type parameters of a type, and what passes them on.
func (s *source) parameters(spec *ast.TypeSpec) (parameters, arguments string) {
	if spec.TypeParams == nil {
		return "", ""
	}
	var names []string
	for _, field := range spec.TypeParams.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	return s.text(spec.TypeParams.Pos(), spec.TypeParams.End()), "[" + strings.Join(names, ", ") + "]"
}

func (f *face) comment(doc *ast.CommentGroup) {
	if doc == nil {
		return
	}
	for _, c := range doc.List {
		f.decls.WriteString(c.Text + "\n")
	}
}

// importsOf adds the imports that a signature has need of.
func (f *face) importsOf(s *source, signature ast.Node) {
	ast.Inspect(signature, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			for _, spec := range s.file.Imports {
				path, _ := strconv.Unquote(spec.Path.Value) // it was parsed
				if of, ok := sel.X.(*ast.Ident); ok && path[strings.LastIndexByte(path, '/')+1:] == of.Name {
					f.imports[path] = true
				}
			}
		}
		return true
	})
}

// file returns the declarations as a file of a package.
func (f *face) file(pkg string, header []string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(strings.Join(header, "\n") + "\n\npackage " + pkg + "\n\nimport (\n")
	for path := range f.imports {
		b.WriteString(strconv.Quote(path) + "\n")
	}
	b.WriteString("\n" + strconv.Quote(f.codec) + "\n)\n\n")
	b.Write(f.decls.Bytes())
	return format.Source(b.Bytes())
}

func (s *source) text(from, to token.Pos) string { return string(s.data[s.offset(from):s.offset(to)]) }
