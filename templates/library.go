package templates

import (
	"cmp"
	"embed"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed runtime/codec/*.go runtime/client/*.go runtime/inbound/*.go runtime/callback/*.go runtime/session/*.go
//go:embed runtime/notification/*.go runtime/keeper/*.go runtime/redfish/*.go
var runtimeFiles embed.FS

// packages returns the names of the runtime's packages. Each may import the ones before it.
func packages() []string {
	return []string{"codec", "client", "inbound", "callback", "session", "notification", "keeper", "redfish"}
}

// bridgeName is the file of a package that exports unexported declarations to the packages
// above it. It is emitted only if the package stays one, see [Codec]. Other files whose names
// begin with bridgePrefix are for tests.
const (
	bridgeName   = "bridge.go"
	bridgePrefix = "bridge"
)

// library is the runtime as embedded.
type library struct {
	sources  []*source                    // by name, without tests and bridges
	bridge   *source                      // of the codec
	declared map[string]map[string]bool   // the package-level names of a package
	bridges  map[string]map[string]string // the names in a package's bridge, and what they stand for
}

// source is a file of the runtime.
type source struct {
	name string // name of the emitted file, without extension
	pkg  string
	data []byte
	fset *token.FileSet
	file *ast.File

	once sync.Once
	body []byte // see library.body
	err  error
}

// load reads the runtime once: it is part of the program.
var load = sync.OnceValues(read)

func read() (*library, error) {
	l := &library{declared: make(map[string]map[string]bool), bridges: make(map[string]map[string]string)}
	for _, pkg := range packages() {
		if err := l.loadPackage(pkg); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(l.sources, func(a, b *source) int { return cmp.Compare(a.name, b.name) })
	return l, nil
}

// loadPackage reads a package of the runtime.
func (l *library) loadPackage(pkg string) error {
	dir := path.Join("runtime", pkg)
	entries, err := runtimeFiles.ReadDir(dir)
	if err != nil {
		return err
	}
	l.declared[pkg] = make(map[string]bool)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		data, err := runtimeFiles.ReadFile(path.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		s, err := parse(pkg, e.Name(), data)
		if err != nil {
			return err
		}
		if e.Name() == bridgeName {
			l.bridges[pkg] = bridged(s.file)
			if pkg == "codec" {
				l.bridge = s
			}
		}
		if strings.HasPrefix(e.Name(), bridgePrefix) {
			continue
		}
		l.sources = append(l.sources, s)
		for _, d := range s.file.Decls {
			addDeclared(d, l.declared[pkg])
		}
	}
	return nil
}

// parse reads a file of a package.
func parse(pkg, name string, data []byte) (*source, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path.Join("runtime", pkg, name), data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return &source{name: emittedName(pkg, strings.TrimSuffix(name, ".go")), pkg: pkg, data: data, fset: fset, file: file}, nil
}

// emittedName returns the name of the emitted file for a file of a package.
func emittedName(pkg, name string) string {
	if strings.HasPrefix(name, sessionPrefix) || strings.HasPrefix(name, directPrefix) || strings.HasPrefix(name, redfishPrefix) {
		return name // of another package, not for each package that has its others
	}
	if pkg == "codec" {
		return name
	}
	return pkg + "_" + name
}

// addDeclared adds the package-level names of a declaration.
func addDeclared(d ast.Decl, set map[string]bool) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			set[d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				set[spec.Name.Name] = true
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					set[name.Name] = true
				}
			}
		}
	}
}

// bridged returns the names that a bridge declares with what they stand for: an alias for
// its type, a function for the function that it passes its arguments to. Other declarations
// stand for nothing.
func bridged(f *ast.File) map[string]string {
	names := make(map[string]string)
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if to := passedTo(d); d.Recv == nil && to != "" {
				names[d.Name.Name] = to
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok && t.Assign.IsValid() {
					names[t.Name.Name] = nameOf(t.Type)
				}
			}
		}
	}
	return names
}

// passedTo returns the function to which a function passes all its arguments in order,
// without doing anything else; "" for other functions.
func passedTo(d *ast.FuncDecl) string {
	if len(d.Body.List) != 1 {
		return ""
	}
	var body ast.Expr
	switch s := d.Body.List[0].(type) {
	case *ast.ReturnStmt:
		if len(s.Results) == 1 {
			body = s.Results[0]
		}
	case *ast.ExprStmt:
		body = s.X
	}
	call, ok := body.(*ast.CallExpr)
	if !ok {
		return ""
	}
	var params, args []string
	for _, field := range d.Type.Params.List {
		for _, name := range field.Names {
			params = append(params, name.Name)
		}
	}
	for _, arg := range call.Args {
		args = append(args, nameOf(arg))
	}
	if !slices.Equal(params, args) {
		return ""
	}
	return nameOf(call.Fun)
}

// nameOf returns the name in an expression, with or without type arguments.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.IndexExpr:
		return nameOf(e.X)
	case *ast.IndexListExpr:
		return nameOf(e.X)
	}
	return ""
}
