package plan

import (
	"strings"

	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// byAlternateKeys plans the methods that lead to one entity of a collection by another
// key than that of its type: users(userPrincipalName='…').
func (r *requests) byAlternateKeys(t *edm.StructuredType, path string) []*Method {
	var list []*Method
	for _, key := range t.AlternateKeys() {
		if m := r.byAlternateKey(t, key, path); m != nil {
			list = append(list, m)
		}
	}
	return list
}

// byAlternateKey returns nil for a key that is the type's own, or whose properties are
// not those of the type itself.
func (r *requests) byAlternateKey(t *edm.StructuredType, key edm.AlternateKey, path string) *Method {
	m := &Method{Does: Lead, Leads: r.leads(t, false)}
	call := new(Function)
	var parts, suffixes []string
	for _, part := range key {
		p := t.Property(part.Path)
		if p == nil || p == keyOf(t) || p.Type.Collection {
			return nil
		}
		arg := Arg{Name: argument(part.Alias), Type: r.alternateType(p)}
		m.Args = append(m.Args, arg)
		call.Values = append(call.Values, Value{Name: part.Alias, Arg: arg.Name})
		parts = append(parts, part.Alias+"={"+part.Alias+"}")
		suffixes = append(suffixes, names.Pascal(part.Alias))
	}
	m.Name = "By" + strings.Join(suffixes, "And")
	m.Path = []Segment{{Call: call}}
	m.Doc.add(m.Name + " leads to one entity, by another key than its own.")
	m.Doc.Code = path + "(" + strings.Join(parts, ",") + ")"
	return m
}

// alternateType is the type of an argument: a GUID must not be quoted.
func (r *requests) alternateType(p *edm.Property) Type {
	if p.Type.Name == (edm.QName{Namespace: "Edm", Name: "Guid"}) {
		return Type{Name: "GUID"}
	}
	return r.keyType(p)
}
