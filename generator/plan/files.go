package plan

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// maxLines is the maximum length of a file of models, by an estimate; the emitted files
// stay well below twice as many lines.
const maxLines = 3000

// files distributes types over files of readable size: one for each namespace and kind,
// divided by first letter if that would be too long, and a long letter into numbered parts.
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

// letter returns what the names of a file's types begin with.
func letter(t edm.Type) string {
	first, _ := utf8.DecodeRuneInString(t.TypeName().Name)
	return strings.ToLower(string(first))
}

// nameFiles gives files names that are not systems to the go command and differ by more
// than letter case.
func nameFiles(files []*goir.File) {
	scope := names.NewScope("")
	for _, f := range files {
		f.Name = scope.Take("", strings.ToLower(names.File(f.Name)))
	}
}

// stem returns the kind of a type, followed by its namespace.
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

// putParts distributes types over as many files as they need.
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

// groups holds lists by key, in order of first appearance of the keys.
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

// lines estimates the length of the declarations of types.
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
