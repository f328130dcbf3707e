package split

import (
	"fmt"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
)

// cut divides a package into the types and the rest. It fails if a method of a type sends
// requests: methods belong to the package of their type.
func cut(pkg *goir.Package, at Paths) (types, rest *goir.Package, err error) {
	types = &goir.Package{Name: names.TypesFolder, Header: pkg.Header, Doc: slices.Clone(pkg.Doc), Fields: pkg.Fields}
	types.Doc[0] = "Package " + names.TypesFolder + strings.TrimPrefix(pkg.Doc[0], "Package "+pkg.Name)
	whole := *pkg
	rest = &whole
	rest.Doc = []string{strings.Replace(pkg.Doc[0], " holds Go types for ", " holds request builders and a client for ", 1) +
		" Its types, and what decodes and encodes them, are in package " + names.TypesFolder + "."}
	rest.Files, rest.Fields = nil, nil
	for _, f := range pkg.Files {
		for _, part := range []struct {
			of    *goir.Package
			decls []goir.Decl
		}{{types, apart(f.Decls, true, at)}, {rest, apart(f.Decls, false, at)}} {
			if len(part.decls) > 0 {
				part.of.Files = append(part.of.Files, &goir.File{Name: f.Name, Decls: part.decls})
			}
		}
	}
	return types, rest, methodsOf(types, rest)
}

// apart returns the declarations that belong to the package of the types, or the others.
func apart(decls []goir.Decl, types bool, at Paths) []goir.Decl {
	var list []goir.Decl
	for _, d := range decls {
		isType := true
		switch t := d.(type) {
		case *goir.Struct:
			held := *t
			held.Holder = holder(t.Name, t.Fields, at)
			d = &held
		case *goir.Parameters:
			held := *t
			held.Holder = holder(t.Name, t.Fields, at)
			d = &held
		case *goir.Enum, *goir.KeyStruct, *goir.AnyType, *goir.Show:
		default:
			isType = false
		}
		if isType == types {
			list = append(list, d)
		}
	}
	return list
}

// holder returns what a struct with polymorphic properties embeds; nil for others.
func holder(name string, fields []*goir.Field, at Paths) *goir.Holder {
	if !slices.ContainsFunc(fields, func(f *goir.Field) bool { return f.Holds != "" }) {
		return nil
	}
	return &goir.Holder{Name: "holdsOf" + name, Lists: "listsOf" + name, Import: at.Codec}
}

// methodsOf returns an error that names the first method of a type in the package of the types
// that is declared in the rest.
func methodsOf(types, rest *goir.Package) error {
	declared := make(map[string]bool)
	for d := range declarations(types) {
		declared[d.Declaration().Name] = true
	}
	check := func(symbols []goir.Symbol) error {
		for _, s := range symbols {
			if of, _, isMethod := strings.Cut(s.Name, "."); isMethod && declared[of] {
				return fmt.Errorf("%w: %s", ErrMethod, s.Name)
			}
		}
		return nil
	}
	for d := range declarations(rest) {
		if own, ok := d.(*goir.Own); ok {
			if err := check(own.API); err != nil {
				return err
			}
		}
	}
	for _, s := range rest.Sources {
		if err := check(s.API); err != nil {
			return err
		}
	}
	return nil
}

func declarations(pkg *goir.Package) func(yield func(goir.Decl) bool) {
	return func(yield func(goir.Decl) bool) {
		for _, f := range pkg.Files {
			for _, d := range f.Decls {
				if !yield(d) {
					return
				}
			}
		}
	}
}

// lists returns the lists of types that a package declares.
func lists(types *goir.Package) map[string]goir.NamedList {
	all := make(map[string]goir.NamedList)
	for d := range declarations(types) {
		switch d := d.(type) {
		case *goir.Struct:
			if u := d.Union; u != nil {
				all[u.List] = goir.NamedList{Name: u.List, What: "what [" + u.Name + "] can hold, the base type first", Types: u.Types}
			}
		case *goir.AnyType:
			all[d.List] = goir.NamedList{Name: d.List, What: "every type of package " + types.Name, Types: d.All}
		}
	}
	return all
}

// used returns the lists that some names refer to, and those in them, sorted by name.
func used(all map[string]goir.NamedList, names map[string]bool) []goir.NamedList {
	taken := make(map[string]goir.NamedList)
	var take func(name string)
	take = func(name string) {
		l, ok := all[name]
		if _, done := taken[name]; done || !ok {
			return
		}
		taken[name] = l
		for _, inner := range l.Types.Lists {
			take(inner.Name)
		}
	}
	for name := range names {
		take(name)
	}
	var list []goir.NamedList
	for _, l := range taken {
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b goir.NamedList) int { return strings.Compare(a.Name, b.Name) })
	return list
}
