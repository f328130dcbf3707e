package fold

import (
	"slices"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// members collects the properties and navigation properties of a type, from the oldest
// version to the newest.
type members struct {
	*folder
	of   *edm.StructuredType
	at   map[string]*member
	gone map[any]bool // members that are of the other kind in a newer version
}

// member is a property or navigation property, of which the other is nil.
type member struct {
	property   *edm.Property
	navigation *edm.NavigationProperty
	since      version // that declares it first
}

// add adds the members that a version declares. They replace those of older versions, in
// their places.
func (m *members) add(t *edm.StructuredType, v version) {
	for _, p := range t.Properties {
		older := m.replaced(p.Name, p.Type, p.Pos, v)
		p.Annotations = newer(older.annotations(), p.Annotations)
		switch {
		case older.property != nil:
			*older.property = *p
		default:
			own := *p
			m.of.Properties = append(m.of.Properties, &own)
			m.gone[older.navigation] = true
			older.property, older.navigation = &own, nil
		}
	}
	for _, n := range t.Navigation {
		older := m.replaced(n.Name, n.Type, n.Pos, v)
		n.Annotations = newer(older.annotations(), n.Annotations)
		switch {
		case older.navigation != nil:
			*older.navigation = *n
		default:
			own := *n
			m.of.Navigation = append(m.of.Navigation, &own)
			m.gone[older.property] = true
			older.property, older.navigation = nil, &own
		}
	}
}

// replaced returns the member of a name so far. It notes that it has another type since a
// version.
func (m *members) replaced(name string, is edm.TypeRef, pos diag.Pos, v version) *member {
	older := m.at[name]
	if older == nil {
		older = &member{since: v}
		m.at[name] = older
		return older
	}
	var was edm.TypeRef
	switch {
	case older.property != nil:
		was = older.property.Type
	default:
		was = older.navigation.Type
	}
	if was.String() != is.String() {
		m.notes.Add(pos, edm.Shown(m.of.Name.String())+"/"+edm.Shown(name), "it is of type %s since version %v, and was of type %s: it has the newer type in Go, and values of the older form are kept as JSON",
			edm.Quote(is.String()), v, edm.Quote(was.String()))
	}
	return older
}

func (m *member) annotations() edm.Annotations {
	switch {
	case m.property != nil:
		return m.property.Annotations
	case m.navigation != nil:
		return m.navigation.Annotations
	}
	return nil
}

// mark removes what is gone, and tells since when there are the members that the oldest version does not have.
func (m *members) mark(oldest version) {
	m.of.Properties = slices.DeleteFunc(m.of.Properties, func(p *edm.Property) bool { return m.gone[p] })
	m.of.Navigation = slices.DeleteFunc(m.of.Navigation, func(n *edm.NavigationProperty) bool { return m.gone[n] })
	for _, p := range m.of.Properties {
		if v := m.at[p.Name].since; v.compare(oldest) > 0 {
			since(&p.Annotations, v, p.Pos)
		}
	}
	for _, n := range m.of.Navigation {
		if v := m.at[n.Name].since; v.compare(oldest) > 0 {
			since(&n.Annotations, v, n.Pos)
		}
	}
}

// since adds the revision that says in which version an element was added, unless the
// description says so itself.
func since(to *edm.Annotations, v version, pos diag.Pos) {
	if _, said := to.Added(); said {
		return
	}
	value := func(name, kind, text string) *edm.PropertyValue {
		return &edm.PropertyValue{Property: name, Value: &edm.Expression{Kind: kind, Value: text, Pos: pos}, Pos: pos}
	}
	record := &edm.Expression{Kind: "Record", Pos: pos, Properties: []*edm.PropertyValue{
		value("Kind", "EnumMember", "Org.OData.Core.V1.RevisionKind/Added"), value("Version", "String", v.String()),
	}}
	items := []*edm.Expression{record}
	rest := slices.Clone(*to)
	if i := slices.IndexFunc(rest, func(a *edm.Annotation) bool {
		return a.Term == edm.TermRevisions && a.Qualifier == "" && a.Value != nil
	}); i >= 0 {
		items = append(items, rest[i].Value.Items...)
		rest = slices.Delete(rest, i, i+1)
	}
	*to = append(rest, &edm.Annotation{
		Term: edm.TermRevisions, Written: edm.TermRevisions, Pos: pos, Value: &edm.Expression{Kind: "Collection", Items: items, Pos: pos},
	})
}
