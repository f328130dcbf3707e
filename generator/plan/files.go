package plan

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// maxLines is how many lines a file of models may have, by a rough count beforehand;
// what is emitted stays well below twice as many.
const maxLines = 3000

// files spreads types over files that a reader can open: one for each namespace
// and kind, cut by first letter where that would be too long, and a long letter
// into numbered parts.
type files struct {
	list   []*goir.File
	byType map[edm.Type]*goir.File
}

func newFiles(types []edm.Type, table *names.Table) *files {
	f := &files{byType: make(map[edm.Type]*goir.File)}
	stems := newGroups()
	for _, t := range types {
		stems.add(stem(t, table), t)
	}
	for _, s := range stems.order {
		if lines(stems.of[s]) <= maxLines {
			f.put(s, stems.of[s])
			continue
		}
		letters := newGroups()
		for _, t := range stems.of[s] {
			letters.add(s+"_"+letter(t), t)
		}
		for _, l := range letters.order {
			f.putParts(l, letters.of[l])
		}
	}
	return f
}

// letter is what the names of a file's types begin with.
func letter(t edm.Type) string {
	first, _ := utf8.DecodeRuneInString(t.TypeName().Name)
	return strings.ToLower(string(first))
}

// nameFiles gives files names that mean no system to the go command and differ by more than
// letter case.
func nameFiles(files []*goir.File) {
	scope := names.NewScope("")
	for _, f := range files {
		f.Name = scope.Take("", strings.ToLower(names.File(f.Name)))
	}
}

// stem is the kind of type, and a namespace after it.
func stem(t edm.Type, table *names.Table) string {
	s := "enums"
	if structured, ok := t.(*edm.StructuredType); ok {
		s = "complex"
		if structured.Kind == edm.Entity {
			s = "entities"
		}
	}
	if ns := table.FilePart(t.TypeName().Namespace); ns != "" {
		s += "_" + ns
	}
	return s
}

// putParts puts types into as many files as they need.
func (f *files) putParts(name string, types []edm.Type) {
	part, start, sum := 1, 0, 0
	for i, t := range types {
		n := lines([]edm.Type{t})
		if sum > 0 && sum+n > maxLines {
			f.put(partName(name, part), types[start:i])
			part, start, sum = part+1, i, 0
		}
		sum += n
	}
	f.put(partName(name, part), types[start:])
}

func partName(name string, part int) string {
	if part == 1 {
		return name
	}
	return fmt.Sprintf("%s%d", name, part)
}

func (f *files) put(name string, types []edm.Type) {
	file := &goir.File{Name: name}
	f.list = append(f.list, file)
	for _, t := range types {
		f.byType[t] = file
	}
}

func (f *files) of(t edm.Type) *goir.File { return f.byType[t] }

// groups are lists by key, in the order of the keys' first appearance.
type groups struct {
	order []string
	of    map[string][]edm.Type
}

func newGroups() *groups { return &groups{of: make(map[string][]edm.Type)} }

func (g *groups) add(key string, t edm.Type) {
	if _, ok := g.of[key]; !ok {
		g.order = append(g.order, key)
	}
	g.of[key] = append(g.of[key], t)
}

// lines estimates how long the declarations of types are.
func lines(types []edm.Type) int {
	n := 0
	for _, t := range types {
		switch t := t.(type) {
		case *edm.EnumType:
			n += 12 + len(t.Members)
			for _, m := range t.Members {
				n += docLines(m.Annotations)
			}
		case *edm.StructuredType:
			n += 16 + docLines(t.Annotations) + len(t.Derived)*2
			for _, p := range t.Properties {
				n += 2 + docLines(p.Annotations)
			}
			n += 3 * len(t.Navigation)
		}
	}
	return n
}

func docLines(annotations edm.Annotations) int {
	return (len(annotations.Description()) + len(annotations.LongDescription()) + 79) / 80
}
