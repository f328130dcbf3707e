package templates

import (
	"go/ast"
	"maps"
	"slices"
)

// Declared lists the declarations of the runtime, all parts together.
type Declared struct {
	Names   []string            // package-level names, sorted
	Members map[string][]string // fields and methods, by type
}

// Declarations returns the declarations of the runtime.
func Declarations() (*Declared, error) {
	l, err := load()
	if err != nil {
		return nil, err
	}
	names, members := make(map[string]bool), make(map[string][]string)
	for _, declared := range l.declared {
		maps.Copy(names, declared)
	}
	for _, s := range l.sources {
		for _, d := range s.file.Decls {
			addMembers(d, members)
		}
	}
	return &Declared{Names: slices.Sorted(maps.Keys(names)), Members: members}, nil
}

// addMembers adds a method, or the fields of structs.
func addMembers(d ast.Decl, members map[string][]string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			of := receiver(d.Recv.List[0].Type)
			members[of] = append(members[of], d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			t, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			s, ok := t.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, field := range s.Fields.List {
				for _, name := range field.Names {
					members[t.Name.Name] = append(members[t.Name.Name], name.Name)
				}
			}
		}
	}
}

// receiver returns the name of a receiver's type.
func receiver(t ast.Expr) string {
	if pointer, ok := t.(*ast.StarExpr); ok {
		t = pointer.X
	}
	return nameOf(t)
}
