// Package templates holds the runtime that generated packages contain: ordinary Go
// in the folder runtime, which is compiled, vetted and tested where it stands, and
// emitted by replacing its package clause.
package templates

import (
	"embed"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed runtime/*.go
var runtimeFiles embed.FS

// File is a file of the runtime.
type File struct {
	Name string // without the ending
	Data []byte
}

// Files whose names begin so are emitted only when they are wanted. Their identifiers
// are reserved all the same.
const (
	clientPrefix   = "client_"   // of request builders
	callbackPrefix = "callback_" // of the callback side
)

// Parts are the parts of the runtime that not every package has.
type Parts struct{ Client, Callbacks bool }

func (p Parts) has(file string) bool {
	return (p.Client || !strings.HasPrefix(file, clientPrefix)) && (p.Callbacks || !strings.HasPrefix(file, callbackPrefix))
}

// Runtime returns the runtime's files as files of a package, each beginning with
// the given comment lines.
func Runtime(pkg string, header []string, parts Parts) ([]File, error) {
	sources, err := sources()
	if err != nil {
		return nil, err
	}
	var files []File
	for _, s := range sources {
		if !parts.has(s.Name) {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), s.Name, s.Data, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, File{s.Name, emitted(f, s.Data, pkg, header)})
	}
	return files, nil
}

// emitted replaces a file's package clause and comment, which tells the readers of
// the generator what the runtime is. A build constraint before them stays.
func emitted(f *ast.File, source []byte, pkg string, header []string) []byte {
	var b strings.Builder
	for _, line := range header {
		b.WriteString(line + "\n")
	}
	b.WriteString("\n")
	for _, group := range f.Comments {
		if strings.HasPrefix(group.List[0].Text, "//go:build ") && group.Pos() < f.Package {
			b.WriteString(group.List[0].Text + "\n\n")
		}
	}
	b.WriteString("package " + pkg)
	b.Write(source[int(f.Name.End())-1:])
	return []byte(b.String())
}

// sources returns the runtime's files as they are, without tests, by name.
func sources() ([]File, error) {
	entries, err := runtimeFiles.ReadDir("runtime")
	if err != nil {
		return nil, err
	}
	var files []File
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		data, err := runtimeFiles.ReadFile(path.Join("runtime", e.Name()))
		if err != nil {
			return nil, err
		}
		files = append(files, File{strings.TrimSuffix(e.Name(), ".go"), data})
	}
	return files, nil
}

// Reserved returns the identifiers that the runtime declares, sorted, which no
// declaration made from a schema can have.
func Reserved() ([]string, error) {
	names, err := reserved()
	return slices.Clone(names), err
}

// reserved parses the runtime once: it is part of the program.
var reserved = sync.OnceValues(func() ([]string, error) {
	sources, err := sources()
	if err != nil {
		return nil, err
	}
	set := make(map[string]bool)
	for _, name := range []string{ // emitted with the models
		"New", "UnmarshalAny", "NewClient", "NewNotificationHandler", "CallTracker", "NewCallTracker", "Roster", "NewRoster",
	} {
		set[name] = true
	}
	for _, s := range sources {
		f, err := parser.ParseFile(token.NewFileSet(), s.Name, s.Data, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			declared(d, set)
		}
	}
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
})

// declared adds the names that a declaration puts in the package's scope.
func declared(d ast.Decl, set map[string]bool) {
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
