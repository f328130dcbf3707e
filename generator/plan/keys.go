package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// byKey plans the method that takes the key of one entity of a collection.
func (r *requests) byKey(decls *requestDecls, t *edm.StructuredType, path string) []*goir.Method {
	parts := keyParts(t)
	if len(parts) == 0 {
		return nil
	}
	var m *goir.Method
	if len(parts) > names.MostKeys {
		m = r.byKeyStruct(decls, t, parts)
	} else {
		m = r.byKeyParts(t, parts)
	}
	m.Key = t.Name.String()
	if owner := parts[0].property.Owner; owner != nil {
		m.Key = names.Element(owner.Name, parts[0].property.Name)
	}
	shown := parts[0].property.Name
	if len(parts) > 1 {
		shown = "key"
	}
	m.Doc = goir.Paragraph(m.Name + " returns a builder for the entity with the given " + sentence(shown) + ".")
	m.Doc.Code = itemPath(step{to: t, path: cmp.Or(path, "…")})
	return []*goir.Method{m}
}

// byKeyParts plans a method with a parameter for each part of the key.
func (r *requests) byKeyParts(t *edm.StructuredType, parts []keyPart) *goir.Method {
	var wanted []string
	for _, part := range parts {
		wanted = append(wanted, part.ref.URLName())
	}
	var params []goir.Param
	var values []goir.Value
	for i, local := range names.Parameters(wanted, reservedLocals()...) {
		params = append(params, goir.Param{Name: local, Type: r.keyType(parts[i].property)})
		values = append(values, goir.Value{Name: wanted[i], Param: local})
	}
	m := r.navigate(r.names.ByKey(t), r.leads(t, false), params...)
	switch {
	case len(parts) > 1:
		m.Path = []goir.Segment{{Keys: values}}
	case params[0].Type.Name == "string":
		m.Path = []goir.Segment{{Key: params[0].Name}}
	case r.dialect.graph:
		m.Path = []goir.Segment{{Call: &goir.Function{Values: values}}}
	default:
		m.Path = []goir.Segment{{KeyOf: params[0].Name}}
	}
	return m
}

// byKeyStruct plans a method with a struct for the key, which has many parts.
func (r *requests) byKeyStruct(decls *requestDecls, t *edm.StructuredType, parts []keyPart) *goir.Method {
	key := &goir.KeyStruct{Declared: r.declared(r.names.KeyStruct(t), t)}
	key.Doc = goir.Paragraph(key.Name + " is the key of [" + r.names.Type(t) + "].")
	var values []goir.Value
	for _, part := range parts {
		f := &goir.Field{Name: r.names.KeyField(part.ref), Type: r.keyType(part.property), Element: key.Element}
		key.Fields = append(key.Fields, f)
		values = append(values, goir.Value{Name: part.ref.URLName(), Param: "key", Field: f.Name})
	}
	if !r.structs[key.Name] {
		r.structs[key.Name] = true
		decls.keys = append(decls.keys, key)
	}
	m := r.navigate(r.names.ByKey(t), r.leads(t, false), goir.Param{Name: "key", Type: goir.Type{Name: key.Name}})
	m.Path = []goir.Segment{{Keys: values}}
	return m
}

// keyPart is a part of a key, and the property that it is.
type keyPart struct {
	ref      *edm.PropertyRef
	property *edm.Property
}

// keyParts returns the parts of the key of a type, or nil if it has no key that can stand in
// URLs.
func keyParts(t *edm.StructuredType) []keyPart {
	for ; t != nil; t = t.Base {
		if len(t.Key) == 0 {
			continue
		}
		var parts []keyPart
		for _, ref := range t.Key {
			p := t.PropertyAt(ref.Name)
			if p == nil || p.Type.Collection {
				return nil
			}
			if _, ok := p.Type.Type.(*edm.StructuredType); ok {
				return nil
			}
			parts = append(parts, keyPart{ref, p})
		}
		return parts
	}
	return nil
}

func (r *requests) keyType(key *edm.Property) goir.Type {
	t, _ := r.goType(key.Type, true, false)
	t.Prefix = strings.TrimPrefix(t.Prefix, "*")
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
