package csdl

import (
	"strconv"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// attr returns an attribute and removes it from the unread ones.
func (e *element) attr(name string) (string, bool) {
	for i, a := range e.attrs {
		if a.Name.Local == name {
			e.attrs = append(e.attrs[:i], e.attrs[i+1:]...)
			return a.Value, true
		}
	}
	return "", false
}

// text returns an attribute without surrounding white space, "" if absent.
func (e *element) text(name string) string {
	s, _ := e.attr(name)
	trimmed := strings.TrimSpace(s)
	if trimmed != s {
		e.fault("remove it", "it is read without", "white space around %s of <%s>", name, e.tag)
	}
	return trimmed
}

// optional returns an attribute unchanged, nil if absent.
func (e *element) optional(name string) *string {
	if s, ok := e.attr(name); ok {
		return &s
	}
	return nil
}

// need returns a required attribute. done says what happens to e without it.
func (e *element) need(name, done string) string {
	s := e.text(name)
	if s == "" {
		e.fault("state it", done, "<%s> has no %s", e.tag, name)
	}
	return s
}

// What happens to faulty elements and attributes.
const (
	leftOut    = "it is left out"
	passedOver = "it is ignored"
	firstHolds = "the first one is used"
	keptRaw    = "its JSON is kept as it is (Edm.Untyped)"
)

// name returns the Name of an element and uses it in findings. It returns "" if the name is
// missing or unusable, and the element is left out.
func (e *element) name() string {
	done := leftOut
	if e.tag == "Parameter" {
		done = "its operation is left out, and gets no request"
	}
	e.id = e.need("Name", done)
	return e.identifier("Name", e.id, done)
}

const identifierRule = "use letters, digits, _ and -, at most 128, a letter or _ first"

// identifier returns an attribute that becomes part of identifiers, or "" if it is not
// valid.
func (e *element) identifier(attribute, s, done string) string {
	if s != "" && !edm.IsIdentifier(s) {
		e.fault(identifierRule, done, "%s %s is not an identifier", attribute, edm.Quote(s))
		return ""
	}
	return s
}

// namespace returns a required attribute that must be a namespace, or "" if e is left out
// for lack of it.
func (e *element) namespace(name string) string {
	s := e.need(name, leftOut)
	if s != "" && !edm.IsNamespace(s) {
		e.fault("use identifiers joined by dots", leftOut, "%s %s is not a namespace", name, edm.Quote(s))
		return ""
	}
	return s
}

// ofSchema returns the Namespace of a schema: one that is missing is made up, one that is
// badly formed is read as it is if names can be told from it.
func (e *element) ofSchema() string {
	s := e.text("Namespace")
	if s == "" {
		s = "Default"
		for _, a := range e.attrs {
			if a.Name.Local == "Alias" && edm.IsIdentifier(a.Value) {
				s = a.Value
			}
		}
		e.fault("state it", "it is read as "+s, "<Schema> has no Namespace")
		return s
	}
	switch {
	case edm.IsNamespace(s):
		return s
	case edm.IsNamespace("_" + strings.ReplaceAll(s, ".", "._")): // but for digits at the start of a part
		e.fault("use identifiers joined by dots", "it is read anyway", "Namespace %s is not a namespace", edm.Quote(s))
		return s
	}
	e.fault("use identifiers joined by dots", leftOut, "Namespace %s is not a namespace", edm.Quote(s))
	return ""
}

// alias returns the Alias. CSDL requires an identifier, but some aliases have dots.
func (e *element) alias() string {
	s := e.text("Alias")
	switch {
	case s == "" || edm.IsIdentifier(s):
	case edm.IsNamespace(s):
		e.fault(identifierRule, "it is read as an alias with dots", "Alias %s is not an identifier", edm.Quote(s))
	default:
		e.fault(identifierRule, passedOver, "Alias %s is not an identifier", edm.Quote(s))
		return ""
	}
	return s
}

// qualifier returns the Qualifier. CSDL requires an identifier, but some in Graph have
// dots.
func (e *element) qualifier() string {
	s := e.text("Qualifier")
	if s != "" && !edm.IsNamespace(s) {
		e.fault("use letters, digits, _ and -", passedOver, "Qualifier %s is not an identifier", edm.Quote(s))
		return ""
	}
	return s
}

// path returns an attribute made of names and slashes, "" if it is absent or not a path.
func (e *element) path(name string) string {
	s := e.text(name)
	if s != "" && !edm.IsPath(s) {
		e.fault("use identifiers and qualified names joined by slashes", passedOver, "%s %s is not a path", name, edm.Quote(s))
		return ""
	}
	return s
}

// needPath is path for a required attribute, without which e is left out.
func (e *element) needPath(name string) string {
	s := e.need(name, leftOut)
	if s != "" && !edm.IsPath(s) {
		e.fault("use identifiers and qualified names joined by slashes", leftOut, "%s %s is not a path", name, edm.Quote(s))
		return ""
	}
	return s
}

// boolean returns a Boolean attribute, nil if it is absent or not a Boolean.
func (e *element) boolean(name string) *bool {
	s, ok := e.attr(name)
	if !ok {
		return nil
	}
	v := false
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "1":
		v = true
	case "false", "0":
	default:
		e.fault("a Boolean is true or false", passedOver, "%s is %s", name, edm.Quote(s))
		return nil
	}
	if s != "true" && s != "false" {
		e.fault("a Boolean is true or false", "it is read as "+strconv.FormatBool(v), "%s is %s", name, edm.Quote(s))
	}
	return &v
}

// flag returns a Boolean attribute, false if it is absent.
func (e *element) flag(name string) bool {
	v := e.boolean(name)
	return v != nil && *v
}

// integer returns an integer attribute, nil if it is absent or not an integer.
func (e *element) integer(name string) *int64 {
	s, ok := e.attr(name)
	if !ok {
		return nil
	}
	v, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		e.fault("an integer of at most 64 bits is needed", passedOver, "%s is %s", name, edm.Quote(s))
		return nil
	}
	return &v
}

// facet returns a facet: a non-negative number, or one of some words.
func (e *element) facet(name string, words ...string) string {
	s, ok := e.attr(name)
	if !ok {
		return ""
	}
	const fix = "a whole number that is not negative is needed"
	for _, w := range words {
		if s == w {
			return s
		}
		if strings.EqualFold(s, w) {
			e.fault(fix+", or "+w, "it is read as "+w, "%s is %s", name, edm.Quote(s))
			return w
		}
	}
	if _, err := strconv.ParseUint(s, 10, 31); err != nil {
		e.fault(fix, passedOver, "%s is %s", name, edm.Quote(s))
		return ""
	}
	return s
}

// typeRef returns the type named by an attribute, with the facets beside it.
func (e *element) typeRef(attribute string) edm.TypeRef {
	ref := edm.TypeRef{Text: e.need(attribute, keptRaw), Nullable: e.boolean("Nullable")}
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
