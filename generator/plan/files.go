package plan

import (
	"fmt"
	"strings"

	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// most is how many lines a file of models may have, by a rough count beforehand;
// what is emitted stays well below twice as many.
const most = 3000

// files spreads types over files that a reader can open: one for each namespace
// and kind, cut by first letter where that would be too long, and a long letter
// into numbered parts.
type files struct {
	list   []*File
	byType map[edm.Type]*File
}

func newFiles(types []edm.Type) *files {
	f := &files{byType: make(map[edm.Type]*File)}
	stems := newGroups()
	for _, t := range types {
		stems.add(stem(t), t)
	}
	for _, s := range stems.order {
		if lines(stems.of[s]) <= most {
			f.put(s, stems.of[s])
			continue
		}
		letters := newGroups()
		for _, t := range stems.of[s] {
			letters.add(s+"_"+strings.ToLower(t.TypeName().Name[:1]), t)
		}
		for _, l := range letters.order {
			f.putParts(l, letters.of[l])
		}
	}
	return f
}

// stem is the kind of type, and a namespace after it.
func stem(t edm.Type) string {
	s := "enums"
	if structured, ok := t.(*edm.StructuredType); ok {
		s = "complex"
		if structured.Kind == edm.Entity {
			s = "entities"
		}
	}
	if ns := names.File(t.TypeName().Namespace); ns != "" {
		s += "_" + ns
	}
	return s
}

// putParts puts types into as many files as they need.
func (f *files) putParts(name string, types []edm.Type) {
	part, start, sum := 1, 0, 0
	for i, t := range types {
		n := lines([]edm.Type{t})
		if sum > 0 && sum+n > most {
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
	file := &File{Name: name}
	f.list = append(f.list, file)
	for _, t := range types {
		f.byType[t] = file
	}
}

func (f *files) of(t edm.Type) *File { return f.byType[t] }

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
