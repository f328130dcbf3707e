package templates

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
)

// Declared is what the runtime declares, all of its parts together.
type Declared struct {
	Names   []string            // in the scope of the package, sorted
	Members map[string][]string // fields and methods, by type
}

// Declarations returns what the runtime declares.
func Declarations() (*Declared, error) {
	sources, err := sources()
	if err != nil {
		return nil, err
	}
	names, members := make(map[string]bool), make(map[string][]string)
	for _, s := range sources {
		f, err := parser.ParseFile(token.NewFileSet(), s.Name, s.Data, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					names[d.Name.Name] = true
				} else if of := receiver(d.Recv.List[0].Type); of != "" {
					members[of] = append(members[of], d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					declared(spec, names, members)
				}
			}
		}
	}
	return &Declared{Names: slices.Sorted(maps.Keys(names)), Members: members}, nil
}

// declared adds the names that a specification declares.
func declared(spec ast.Spec, names map[string]bool, members map[string][]string) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		names[spec.Name.Name] = true
		if s, ok := spec.Type.(*ast.StructType); ok {
			for _, field := range s.Fields.List {
				for _, name := range field.Names {
					members[spec.Name.Name] = append(members[spec.Name.Name], name.Name)
				}
			}
		}
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			names[name.Name] = true
		}
	}
}

// receiver returns the name of a receiver's type.
func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}
