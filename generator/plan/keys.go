package plan

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// byKey plans the method that takes the key of one entity of a collection.
func (r *requests) byKey(t *edm.StructuredType, path string) []*goir.Method {
	key := keyOf(t)
	if key == nil {
		return nil
	}
	param := goir.Param{Name: names.Parameters([]string{key.Name}, reservedLocals()...)[0], Type: r.keyType(key)}
	m := r.navigate(r.names.ByKey(t), r.leads(t, false), param)
	m.Path = []goir.Segment{{Key: param.Name}}
	if param.Type.Name != "string" {
		m.Path = []goir.Segment{{Call: &goir.Function{Values: []goir.Value{{Name: key.Name, Param: param.Name}}}}}
	}
	m.Key = t.Name.String()
	if key.Owner != nil {
		m.Key = names.Element(key.Owner.Name, key.Name)
	}
	m.Doc = goir.Paragraph(m.Name + " returns a builder for the entity with the given " + sentence(key.Name) + ".")
	m.Doc.Code = under(path, keySegment(t))
	return []*goir.Method{m}
}

func (r *requests) keyType(key *edm.Property) goir.Type {
	t, _ := r.goType(key.Type, true, false)
	t.Prefix = ""
	return t
}

// byAlternateKeys plans the methods that take an alternate key:
// users(userPrincipalName='…').
func (r *requests) byAlternateKeys(t *edm.StructuredType, path string) []*goir.Method {
	var list []*goir.Method
	for _, key := range t.AlternateKeys() {
		if m := r.byAlternateKey(t, key, path); m != nil {
			list = append(list, m)
		}
	}
	return list
}

// isUsable reports whether a builder has a method for an alternate key: the key differs
// from the type's own, and each of its properties has a name that a URL can hold.
func isUsable(t *edm.StructuredType, key edm.AlternateKey) bool {
	return !slices.ContainsFunc(key, func(part edm.AlternateKeyPart) bool {
		p := t.PropertyAt(part.Path)
		return p == nil || p == keyOf(t) || p.Type.Collection || !edm.IsIdentifier(part.Alias)
	})
}

// shownKey returns an alternate key as shown in a path:
// (userPrincipalName={userPrincipalName}).
func shownKey(key edm.AlternateKey) string {
	var parts []string
	for _, part := range key {
		parts = append(parts, part.Alias+"={"+part.Alias+"}")
	}
	return "(" + strings.Join(parts, ",") + ")"
}

func (r *requests) byAlternateKey(t *edm.StructuredType, key edm.AlternateKey, path string) *goir.Method {
	if !isUsable(t, key) {
		return nil
	}
	var aliases []string
	for _, part := range key {
		aliases = append(aliases, part.Alias)
	}
	locals := names.Parameters(aliases, reservedLocals()...)
	call := new(goir.Function)
	var params []goir.Param
	for i, part := range key {
		params = append(params, goir.Param{Name: locals[i], Type: r.alternateType(t.PropertyAt(part.Path))})
		call.Values = append(call.Values, goir.Value{Name: part.Alias, Param: locals[i]})
	}
	m := r.navigate(r.names.ByAlternateKey(t, key), r.leads(t, false), params...)
	m.Path = []goir.Segment{{Call: call}}
	m.Doc = goir.Paragraph(m.Name + " returns a builder for the entity with the given " + strings.Join(aliases, " and ") + ", an alternate key.")
	m.Doc.Code = path + shownKey(key)
	return m
}

// alternateType returns the type of a parameter: a GUID must not be quoted.
func (r *requests) alternateType(p *edm.Property) goir.Type {
	if p.Type.Name == (edm.QName{Namespace: "Edm", Name: "Guid"}) {
		return goir.Type{Name: "GUID"}
	}
	return r.keyType(p)
}
