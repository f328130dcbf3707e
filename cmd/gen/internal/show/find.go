package show

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Find returns the type with a qualified name, or with a name without namespace if it is
// unique. If there is no such type, the finding suggests others.
func Find(m *edm.Model, name string) (edm.Type, error) {
	var same []edm.Type
	for _, schema := range m.Schemas {
		for _, t := range schema.Types {
			switch name {
			case t.TypeName().String():
				return t, nil
			case t.TypeName().Name:
				same = append(same, t)
			}
		}
	}
	var found diag.List
	switch len(same) {
	case 1:
		return same[0], nil
	case 0:
		msg := "the description has no type of this name"
		if near := nearest(m, name); len(near) > 0 {
			msg += "; the nearest are " + strings.Join(near, ", ")
		}
		found.Add(diag.Pos{}, edm.Shown(name), "%s", msg)
	default:
		var names []string
		for _, t := range same {
			names = append(names, t.TypeName().String())
		}
		slices.Sort(names)
		found.Add(diag.Pos{}, edm.Shown(name), "several types have this name: say which of %s", strings.Join(names, ", "))
	}
	return nil, found.Err()
}

// nearest returns the qualified names nearest to the given one, namespaces aside.
func nearest(m *edm.Model, name string) []string {
	const limit = 5
	type candidate struct {
		name     string
		distance int
	}
	wanted := []rune(strings.ToLower(edm.ParseQName(name).Name))
	if len(wanted) > 128 {
		return nil // longer than any name
	}
	var near []candidate
	for _, schema := range m.Schemas {
		for _, t := range schema.Types {
			d := distance(wanted, []rune(strings.ToLower(t.TypeName().Name)))
			if d <= max(1, len(wanted)/3) {
				near = append(near, candidate{t.TypeName().String(), d})
			}
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	var names []string
	for _, c := range near[:min(limit, len(near))] {
		names = append(names, c.name)
	}
	return names
}

// distance returns how many runes must be inserted, removed or replaced to turn a into b.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			replaced := diagonal
			if x != y {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
