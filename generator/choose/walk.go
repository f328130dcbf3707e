package choose

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// walk follows all paths that match the steps of a pattern, the shortest first, and each up
// to its first match, since that includes everything below. A navigation property is
// followed once for each step of the pattern, however many paths lead to it. Properties of
// complex types are followed, too, but no path ends with one.
type walk struct {
	model *edm.Model
	steps []string
	cut   Cut
	seen  map[state]bool
	found map[string]bool // paths of ends
	queue []visit
	ends  []end
}

// state is a position in the description, with the number of steps matched on the way.
type state struct {
	element    any // as in end
	collection bool
	matched    int // steps of the pattern
}

// segment is a segment of a path: a key, or the name of a property, entity set or
// singleton.
type segment struct {
	name  string
	isKey bool
}

func key() segment { return segment{"{id}", true} }

func named(name string) segment { return segment{name, false} }

// visit is a state to continue from.
type visit struct {
	state
	end end
}

func (w *walk) all() {
	w.seen, w.found = make(map[state]bool), make(map[string]bool)
	for _, e := range containerElements(w.model) {
		w.step(0, named(e.name), end{"/" + e.name, e.element, e.to, e.collection})
	}
	for len(w.queue) > 0 {
		v := w.queue[0]
		w.queue = w.queue[1:]
		w.operations(v)
		if v.collection {
			v.end.path, v.end.collection = v.end.path+"/{id}", false
			w.step(v.matched, key(), v.end)
			continue
		}
		for t := v.end.to; t != nil; t = t.Base {
			for _, p := range t.Properties {
				if to, ok := p.Type.Type.(*edm.StructuredType); ok && !p.Type.Collection {
					w.step(v.matched, named(p.Name), end{v.end.path + "/" + p.Name, p, to, false})
				}
			}
			for _, n := range t.Navigation {
				if to, ok := n.Type.Type.(*edm.StructuredType); ok {
					w.step(v.matched, named(n.Name), end{v.end.path + "/" + n.Name, n, to, n.Type.Collection})
				}
			}
		}
	}
}

// operations ends with what the last step of the pattern calls.
func (w *walk) operations(v visit) {
	last := w.steps[len(w.steps)-1]
	if v.matched != len(w.steps)-1 || strings.Contains(last, "*") {
		return
	}
	for _, op := range boundTo(w.model, v.end.to, v.collection, last) {
		w.ends = append(w.ends, called(v.end.path+"/"+last, op))
	}
}

// step goes one segment further, if the pattern does so, too.
func (w *walk) step(matched int, s segment, e end) {
	if e.to == nil || w.cut[e.element] || w.cut[e.to] {
		return
	}
	next := w.after(matched, s)
	if _, passed := e.element.(*edm.Property); passed { // on the way to navigation properties
		next = slices.DeleteFunc(next, func(i int) bool { return i == len(w.steps) })
	}
	if slices.Contains(next, len(w.steps)) {
		if !w.found[e.path] {
			w.found[e.path] = true
			w.ends = append(w.ends, e)
		}
		return
	}
	for _, i := range next {
		at := state{e.element, e.collection, i}
		if !w.seen[at] {
			w.seen[at] = true
			w.queue = append(w.queue, visit{at, e})
		}
	}
}

// after returns the numbers of steps that can be matched after a segment.
func (w *walk) after(matched int, s segment) []int {
	if matched == len(w.steps) {
		return nil
	}
	switch step := w.steps[matched]; {
	case step == "**": // matches this segment and possibly more, or none
		return append(w.after(matched+1, s), matched, matched+1)
	case s.isKey && (step == "*" || strings.HasPrefix(step, "{")), !s.isKey && matches(step, s.name):
		return []int{matched + 1}
	}
	return nil
}
