package generator_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// api are the exported declarations of a package, without comments: "func NewClient", "var
// X", "type T", and members as "T.M". Lists of what there is are left out.
func api(fset *token.FileSet, files map[string]*ast.File) map[string]string {
	all := make(map[string]string)
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if of := receiver(d); of != "" {
					name = of + "." + name
				}
				if ast.IsExported(d.Name.Name) {
					all[name] = shape(d)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					apiOf(all, spec)
				}
			}
		}
	}
	return all
}

func apiOf(all map[string]string, spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		for i, name := range spec.Names {
			if ast.IsExported(name.Name) && i < len(spec.Values) {
				all[name.Name] = literals(spec.Values[i])
			}
		}
	case *ast.TypeSpec:
		if !ast.IsExported(spec.Name.Name) {
			return
		}
		all[spec.Name.Name] = fmt.Sprintf("%T", spec.Type)
		if s, ok := spec.Type.(*ast.StructType); ok {
			for _, f := range s.Fields.List {
				for _, name := range f.Names {
					all[spec.Name.Name+"."+name.Name] = literals(f)
				}
			}
		}
	}
}

// receiver names the type that a method is of, "" for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	t := d.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name
	}
	return "?"
}

// shape is what a method does, so far as its text shows: whether it takes a context, as
// requests do, and the literals in it: paths, names, methods of HTTP.
func shape(d *ast.FuncDecl) string {
	kind := "leads"
	for _, p := range d.Type.Params.List {
		if text := literalsAndNames(p.Type); strings.Contains(text, "Context") || strings.Contains(text, "RequestOption") {
			kind = "requests"
		}
	}
	if d.Body == nil || d.Recv == nil {
		return kind
	}
	return kind + " " + literals(d.Body)
}

// literals are the literals in a part of a program.
func literals(n ast.Node) string {
	var list []string
	ast.Inspect(n, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok {
			list = append(list, l.Value)
		}
		return true
	})
	return strings.Join(list, " ")
}

func literalsAndNames(n ast.Node) string {
	var list []string
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			list = append(list, id.Name)
		}
		return true
	})
	return strings.Join(list, " ")
}

// hidden reports a field or method that hides one of an embedded struct with another
// meaning: Go allows it, but the hidden one cannot be reached by its name any more.
func hidden(files map[string]*ast.File) error {
	embeds, members := make(map[string]string), make(map[string]map[string]string)
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if of := receiver(d); of != "" && ast.IsExported(d.Name.Name) {
					note(members, of, d.Name.Name, meaning(d))
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if spec, ok := spec.(*ast.TypeSpec); ok {
						noteFields(embeds, members, spec)
					}
				}
			}
		}
	}
	for _, of := range slices.Sorted(maps.Keys(members)) {
		for base, steps := embeds[of], 0; base != "" && steps < 100; base, steps = embeds[base], steps+1 {
			for _, name := range slices.Sorted(maps.Keys(members[of])) {
				if under, ok := members[base][name]; ok && under != members[of][name] {
					return fmt.Errorf("%s.%s (%s) hides %s.%s (%s)", of, name, members[of][name], base, name, under)
				}
			}
		}
	}
	return nil
}

// meaning is what methods of one name must share. The methods that every struct has mean
// the same whatever they say; overloads of an operation, bound to a type and to one derived
// from it, differ in parameters.
func meaning(d *ast.FuncDecl) string {
	switch d.Name.Name {
	case "ODataType", "MarshalJSON", "UnmarshalJSON":
		return "of every struct"
	}
	kind, rest, _ := strings.Cut(shape(d), " ")
	path, _, _ := strings.Cut(rest, " ")
	return kind + " " + path
}

func note(members map[string]map[string]string, of, name, what string) {
	if members[of] == nil {
		members[of] = make(map[string]string)
	}
	members[of][name] = what
}

func noteFields(embeds map[string]string, members map[string]map[string]string, spec *ast.TypeSpec) {
	s, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range s.Fields.List {
		for _, name := range f.Names {
			note(members, spec.Name.Name, name.Name, "field "+literals(f))
		}
		if id, ok := f.Type.(*ast.Ident); ok && len(f.Names) == 0 {
			embeds[spec.Name.Name] = id.Name
			note(members, spec.Name.Name, id.Name, "the embedded "+id.Name)
		}
	}
}
