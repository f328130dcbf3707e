package names

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// Overloads holds the actions and functions with one name that are bound to one type, or to
// a collection of it: one action, or the overloads of a function.
type Overloads struct {
	Name edm.QName
	List []*edm.Operation // those with the fewest parameters first

	merged bool // where that is possible
}

// GroupOverloads returns operations bound to one type, or unbound ones, by name. Overloads of
// Microsoft Graph are one request where that is possible; others keep their own parameters.
func GroupOverloads(m *edm.Model, operations []*edm.Operation) []Overloads {
	merged := IsGraph(m)
	var all []Overloads
	for _, op := range operations {
		i := slices.IndexFunc(all, func(o Overloads) bool { return o.Name == op.Name })
		if i < 0 {
			i = len(all)
			all = append(all, Overloads{Name: op.Name, merged: merged})
		}
		all[i].List = append(all[i].List, op)
	}
	slices.SortFunc(all, func(a, b Overloads) int {
		return cmp.Or(cmp.Compare(a.Name.Name, b.Name.Name), cmp.Compare(a.Name.Namespace, b.Name.Namespace))
	})
	for _, o := range all {
		slices.SortFunc(o.List, func(a, b *edm.Operation) int {
			return cmp.Or(cmp.Compare(len(a.Parameters), len(b.Parameters)), cmp.Compare(by(a), by(b)), cmp.Compare(a.Overload(), b.Overload()))
		})
	}
	return all
}

// Merge makes one operation of the overloads of Microsoft Graph whose results are the same and whose parameters of
// one name have the same type: its parameters are those of all of them, and which are set
// decides what is called.
func (o Overloads) Merge() (*edm.Operation, bool) {
	if len(o.List) == 1 {
		return o.List[0], true
	}
	if !o.merged {
		return nil, false
	}
	merged := *o.List[0]
	merged.Parameters = slices.Clone(merged.Parameters)
	for _, op := range o.List[1:] {
		if !op.Function || !merged.Function || result(op) != result(&merged) {
			return nil, false
		}
		for _, p := range op.CallParameters() {
			i := slices.IndexFunc(merged.Parameters, func(q *edm.Parameter) bool { return q.Name == p.Name })
			switch {
			case i < 0:
				merged.Parameters = append(merged.Parameters, p)
			case merged.Parameters[i].Type.String() != p.Type.String():
				return nil, false
			}
		}
	}
	return &merged, true
}

func result(op *edm.Operation) string {
	if op.Return == nil {
		return ""
	}
	return op.Return.Type.String()
}

// by returns what distinguishes overloads that cannot be merged: the names of their
// parameters.
func by(op *edm.Operation) string {
	var b strings.Builder
	for i, p := range op.CallParameters() {
		if i == 0 {
			b.WriteString("By")
		}
		b.WriteString(Pascal(p.Name))
	}
	return b.String()
}
