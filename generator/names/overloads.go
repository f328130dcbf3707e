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
	List []*edm.Operation // by ascending number of parameters
}

// GroupOverloads groups operations bound to one type by name.
func GroupOverloads(operations []*edm.Operation) []Overloads {
	var all []Overloads
	for _, op := range operations {
		i := slices.IndexFunc(all, func(o Overloads) bool { return o.Name == op.Name })
		if i < 0 {
			i = len(all)
			all = append(all, Overloads{Name: op.Name})
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

// Merge merges overloads with the same result whose parameters of the same name have the
// same type. The merged operation has the parameters of all of them; the ones that are set
// decide which overload is called.
func (o Overloads) Merge() (*edm.Operation, bool) {
	if len(o.List) == 1 {
		return o.List[0], true
	}
	merged := *o.List[0]
	merged.Parameters = slices.Clone(merged.Parameters)
	for _, op := range o.List[1:] {
		if !op.Function || !merged.Function || result(op) != result(&merged) {
			return nil, false
		}
		for _, p := range op.Parameters[1:] {
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
	for i, p := range op.Parameters[1:] {
		if i == 0 {
			b.WriteString("By")
		}
		b.WriteString(Pascal(p.Name))
	}
	return b.String()
}
