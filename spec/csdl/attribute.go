package csdl

import (
	"strconv"

	"github.com/callgen/callgen/spec/edm"
)

// attr returns an attribute and takes it off those not read yet.
func (e *element) attr(name string) (string, bool) {
	for i, a := range e.attrs {
		if a.Name.Local == name {
			e.attrs = append(e.attrs[:i], e.attrs[i+1:]...)
			return a.Value, true
		}
	}
	return "", false
}

// text returns an attribute, "" when it is absent.
func (e *element) text(name string) string {
	s, _ := e.attr(name)
	return s
}

// optional returns an attribute, nil when it is absent.
func (e *element) optional(name string) *string {
	if s, ok := e.attr(name); ok {
		return &s
	}
	return nil
}

// need returns an attribute that must be there.
func (e *element) need(name string) string {
	s, _ := e.attr(name)
	if s == "" {
		e.finding("<%s> has no %s: state it", e.tag, name)
	}
	return s
}

// name returns the Name of an element, which is then called by it in findings.
func (e *element) name() string {
	e.id = e.need("Name")
	e.identifier("Name", e.id)
	return e.id
}

// identifier checks an attribute that becomes part of identifiers, if it is there.
func (e *element) identifier(attribute, s string) {
	if s != "" && !edm.IsIdentifier(s) {
		e.finding("%s %s is no identifier: use letters, digits, _ and -, at most 128, a letter or _ first", attribute, edm.Quote(s))
	}
}

// namespace returns an attribute that must be there and is a namespace.
func (e *element) namespace(name string) string {
	s := e.need(name)
	if s != "" && !edm.IsNamespace(s) {
		e.finding("%s %s is no namespace: use identifiers joined by dots", name, edm.Quote(s))
	}
	return s
}

func (e *element) alias() string {
	s := e.text("Alias")
	e.identifier("Alias", s)
	return s
}

// qualifier returns the Qualifier. CSDL wants an identifier; Graph has dots in some.
func (e *element) qualifier() string {
	s := e.text("Qualifier")
	if s != "" && !edm.IsNamespace(s) {
		e.finding("Qualifier %s is no identifier: use letters, digits, _ and -", edm.Quote(s))
	}
	return s
}

// path returns an attribute made of names and slashes, "" when it is absent.
func (e *element) path(name string) string {
	s := e.text(name)
	if s != "" && !edm.IsPath(s) {
		e.finding("%s %s is no path: use identifiers and qualified names joined by slashes", name, edm.Quote(s))
	}
	return s
}

// needPath is path for an attribute that must be there.
func (e *element) needPath(name string) string {
	s := e.path(name)
	if s == "" {
		e.finding("<%s> has no %s: state it", e.tag, name)
	}
	return s
}

// boolean returns a Boolean attribute, nil when it is absent.
func (e *element) boolean(name string) *bool {
	s, ok := e.attr(name)
	if !ok {
		return nil
	}
	if s != "true" && s != "false" {
		e.finding("%s is %s: a Boolean is true or false", name, edm.Quote(s))
	}
	v := s == "true"
	return &v
}

// flag returns a Boolean attribute, false when it is absent.
func (e *element) flag(name string) bool {
	v := e.boolean(name)
	return v != nil && *v
}

// integer returns an integer attribute, nil when it is absent.
func (e *element) integer(name string) *int64 {
	s, ok := e.attr(name)
	if !ok {
		return nil
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		e.finding("%s is %s: an integer of at most 64 bits is needed", name, edm.Quote(s))
	}
	return &v
}

// facet returns a facet: a number that is not negative, or one of some words.
func (e *element) facet(name string, words ...string) string {
	s, ok := e.attr(name)
	if !ok {
		return ""
	}
	for _, w := range words {
		if s == w {
			return s
		}
	}
	if _, err := strconv.ParseUint(s, 10, 31); err != nil {
		e.finding("%s is %s: a whole number that is not negative is needed", name, edm.Quote(s))
	}
	return s
}

// typeRef returns the type that an attribute names, with the facets beside it.
func (e *element) typeRef(attribute string) edm.TypeRef {
	ref := edm.TypeRef{Text: e.need(attribute), Nullable: e.boolean("Nullable")}
	e.facets(&ref)
	return ref
}

func (e *element) facets(ref *edm.TypeRef) {
	ref.MaxLength = e.facet("MaxLength", "max")
	ref.Precision = e.facet("Precision")
	ref.Scale = e.facet("Scale", "variable", "floating")
	ref.SRID = e.facet("SRID", "variable")
	ref.Unicode = e.boolean("Unicode")
}
