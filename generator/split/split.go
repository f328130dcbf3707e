// Package split divides a planned package in three: the types, the codec, which is internal, and
// the rest, which is the client with its request builders. Each compiles alone, so that the
// compiler needs half the memory for all of Microsoft Graph, and a program that only decodes
// does not build the client.
//
// The parts are printed as parts of one package are. Then names of other parts are qualified.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package split

import (
	"errors"
	"go/token"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/callgen/callgen/generator/emit"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/templates"
)

// ErrMethod is the error of a package with types whose methods send requests.
var ErrMethod = errors.New("a method of a type sends requests")

// Paths are the import paths of the parts.
type Paths struct{ Client, Types, Codec string }

// Below returns the paths of a package whose client has a path.
func Below(client string) Paths {
	return Paths{client, path.Join(client, names.TypesFolder), path.Join(client, names.CodecFolder)}
}

// Printed is a package in parts.
type Printed struct {
	Types  *goir.Package // the package of the types, which that of the property names imports
	Codec  Part
	Of     Part // the types
	Client Part
}

// Part is a package.
type Part struct {
	Folder string // below the client's, "" for that
	Path   string
	Name   string
	Files  []emit.File
}

// InOrder returns the parts in the order of their imports.
func (p *Printed) InOrder() []Part { return []Part{p.Codec, p.Of, p.Client} }

// Print prints a package in parts. The files of the runtime are named with a prefix and begin
// with header lines. The error wraps [ErrMethod] if the package cannot be divided.
func Print(pkg *goir.Package, at Paths, prefix string, header []string) (*Printed, error) {
	types, rest, err := cut(pkg, at)
	if err != nil {
		return nil, err
	}
	codec, err := templates.Codec(names.TypesFolder, at.Codec, header)
	if err != nil {
		return nil, err
	}
	p := &Printed{
		Types: types,
		Codec: Part{Folder: names.CodecFolder, Path: at.Codec, Name: path.Base(at.Codec), Files: named(prefix, codec.Files)},
		Of:    Part{Folder: names.TypesFolder, Path: at.Types, Name: names.TypesFolder},
	}
	if p.Of.Files, err = emit.Package(types, token.NewFileSet()); err != nil {
		return nil, err
	}
	p.Client = Part{Path: at.Client, Name: pkg.Name}
	if p.Client.Files, err = client(rest, types, prefix, header); err != nil {
		return nil, err
	}
	runtime, err := templates.Declarations()
	if err != nil {
		return nil, err
	}
	inTypes, inClient := scopes(types, rest, codec.Names, runtime.Names, at)
	if p.Of.Files, err = inTypes.all(p.Of.Files); err != nil {
		return nil, err
	}
	p.Of.Files = append(p.Of.Files, named(prefix, []templates.File{codec.Face})...)
	p.Client.Files, err = inClient.all(p.Client.Files)
	return p, err
}

// client prints the rest of the package, the runtime without the codec, and the lists of types
// that these use: each package has its own, as a list is not exported.
func client(rest, types *goir.Package, prefix string, header []string) ([]emit.File, error) {
	files, err := emit.Package(rest, token.NewFileSet())
	if err != nil {
		return nil, err
	}
	merged, err := templates.Runtime(rest.Name, header, rest.Runtime, rest.Model)
	if err != nil {
		return nil, err
	}
	merged = slices.DeleteFunc(merged, func(f templates.File) bool { return f.Of == "codec" })
	files = append(files, named(prefix, merged)...)
	names, err := unresolved(files)
	if err != nil {
		return nil, err
	}
	wanted := used(lists(types), names)
	if len(wanted) == 0 {
		return files, nil
	}
	more, err := emit.Package(&goir.Package{Name: rest.Name, Header: rest.Header, Doc: []string{""}, Files: []*goir.File{
		{Name: "lists", Decls: []goir.Decl{&goir.Lists{Of: wanted}}},
	}}, token.NewFileSet())
	if err != nil {
		return nil, err
	}
	more = slices.DeleteFunc(more, func(f emit.File) bool { return !strings.HasPrefix(f.Name, "lists.") })
	return append(files, more...), nil
}

// named returns files of the runtime as files of a package.
func named(prefix string, files []templates.File) []emit.File {
	var list []emit.File
	for _, f := range files {
		list = append(list, emit.File{File: output.File{Name: prefix + f.Name + ".gen.go", Data: f.Data}})
	}
	return list
}

// scopes returns what names are called in the package of the types and in that of the client.
// What the codec exports, users find in the package of the types.
func scopes(types, rest *goir.Package, codec map[string]string, runtime []string, at Paths) (inTypes, inClient scope) {
	inTypes = scope{make(map[string]qualified), make(map[string]string)}
	inClient = scope{make(map[string]qualified), make(map[string]string)}
	ofTypes := func(name string) {
		inClient.names[name] = qualified{at.Types, name}
		inClient.links[name] = names.TypesFolder + "." + name
	}
	for name, is := range codec {
		if token.IsExported(name) {
			ofTypes(name)
			continue
		}
		inTypes.names[name] = qualified{at.Codec, is}
		inClient.names[name] = qualified{at.Codec, is}
	}
	for d := range declarations(types) {
		for _, name := range declaredBy(d) {
			ofTypes(name)
		}
	}
	for _, name := range append(declaredIn(rest), runtime...) {
		if _, ok := codec[name]; !ok {
			inTypes.links[name] = "" // the types do not import the client
		}
	}
	return inTypes, inClient
}

// declaredBy returns the exported names that a declaration of the types declares in its package.
func declaredBy(d goir.Decl) []string {
	switch d := d.(type) {
	case *goir.Struct:
		if u := d.Union; u != nil {
			return []string{d.Name, u.Name, u.Unmarshal}
		}
	case *goir.Enum:
		list := []string{d.Name}
		for _, m := range d.Members {
			list = append(list, m.Name)
		}
		return list
	case *goir.AnyType:
		return []string{"New", "UnmarshalAny"}
	case *goir.Show:
		return []string{"Show"}
	}
	return []string{d.Declaration().Name}
}

// declaredIn returns names of the client's package, besides those of the runtime, that comments
// of the types link to.
func declaredIn(rest *goir.Package) []string {
	list := []string{"NewClient"}
	for d := range declarations(rest) {
		list = append(list, d.Declaration().Name)
	}
	return list
}

// all qualifies files, several at a time. They are sorted by name.
func (s scope) all(files []emit.File) ([]emit.File, error) {
	done, errs := make([]emit.File, len(files)), make([]error, len(files))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range files {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			done[i], errs[i] = s.qualify(files[i])
		})
	}
	wg.Wait()
	slices.SortFunc(done, func(a, b emit.File) int { return strings.Compare(a.Name, b.Name) })
	return done, errors.Join(errs...)
}
