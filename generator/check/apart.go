package check

import (
	"go/ast"
	"slices"
)

// runtime returns the part of a build that is not made from a schema.
func (b build) runtime() build {
	return build{arch: b.arch, files: b.part(true)}
}

// part returns the files of a build that are made from a schema, or the others.
func (b build) part(isRuntime bool) []*ast.File {
	var files []*ast.File
	for i, f := range b.files {
		if b.isRuntime[i] == isRuntime {
			files = append(files, f)
		}
	}
	return files
}

// apart reports whether the files that are made from a schema are the same in two builds, and
// use no name that differs between these.
func apart(a, b build) bool {
	var schema, differ []*ast.File
	for _, pair := range [2][2]build{{a, b}, {b, a}} {
		for i, f := range pair[0].files {
			switch common := slices.Contains(pair[1].files, f); {
			case common && !pair[0].isRuntime[i]:
				schema = append(schema, f)
			case common:
			case pair[0].isRuntime[i]:
				differ = append(differ, f)
			default:
				return false
			}
		}
	}
	names := declaredIn(differ)
	return !slices.ContainsFunc(schema, names.usedIn)
}

// declared is the names that some files declare.
type declared struct {
	inPackage map[string]bool
	inTypes   map[string]bool // fields and methods
}

func declaredIn(files []*ast.File) declared {
	d := declared{make(map[string]bool), make(map[string]bool)}
	for _, f := range files {
		for _, decl := range f.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Recv != nil {
					d.inTypes[decl.Name.Name] = true
				} else {
					d.inPackage[decl.Name.Name] = true
				}
			case *ast.GenDecl:
				d.general(decl)
			}
		}
	}
	return d
}

// general adds the names of a declaration of types, variables or constants.
func (d declared) general(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				d.inPackage[name.Name] = true
			}
		case *ast.TypeSpec:
			d.inPackage[spec.Name.Name] = true
			ast.Inspect(spec.Type, func(n ast.Node) bool {
				if field, ok := n.(*ast.Field); ok {
					for _, name := range field.Names {
						d.inTypes[name.Name] = true
					}
				}
				return true
			})
		}
	}
}

// usedIn reports whether a file has one of the names where it may mean what they declare.
func (d declared) usedIn(f *ast.File) bool {
	used := false
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			used = used || d.inPackage[n.Name]
		case *ast.SelectorExpr: // what is selected is no name of the package
			used = used || d.inTypes[n.Sel.Name]
			ast.Inspect(n.X, visit)
			return false
		case *ast.FuncDecl:
			if n.Recv == nil {
				break
			}
			ast.Inspect(n.Recv, visit)
			ast.Inspect(n.Type, visit)
			if n.Body != nil {
				ast.Inspect(n.Body, visit)
			}
			return false
		}
		return !used
	}
	ast.Inspect(f, visit)
	return used
}
