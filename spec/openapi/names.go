package openapi

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// qualified returns the qualified name of a component: the part before the last dot is the
// namespace. Invalid names are repaired.
func (r *reader) qualified(name string, pos diag.Pos) edm.QName {
	q := parseName(name)
	if edm.IsIdentifier(q.Name) && edm.IsNamespace(q.Namespace) {
		return q
	}
	parts := strings.Split(name, ".")
	for i, part := range parts {
		parts[i] = identifier(part)
	}
	q = parseName(strings.Join(parts, "."))
	if !edm.IsNamespace(q.Namespace) {
		q.Namespace = edm.Unqualified
	}
	r.note(pos, edm.Quote(name), "the name is not a qualified name: it is read as %s", q)
	return q
}

// parseName is like that of package edm, with a namespace for names without one.
func parseName(name string) edm.QName {
	q := edm.ParseQName(name)
	if !strings.Contains(name, ".") {
		q.Namespace = edm.Unqualified
	}
	return q
}

// identifier turns any text into an identifier: it joins the parts between other
// characters, each but the first with a capital letter.
func identifier(text string) string {
	var b strings.Builder
	upper := false
	for _, c := range text {
		if c != '-' && c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) || c == utf8.RuneError {
			upper = b.Len() > 0
			continue
		}
		if b.Len() == 0 && c != '_' && !unicode.IsLetter(c) {
			b.WriteByte('_')
		}
		if upper {
			c = unicode.ToUpper(c)
			upper = false
		}
		b.WriteRune(c)
		if b.Len() >= 100 {
			break
		}
	}
	if b.Len() == 0 {
		return "_"
	}
	return b.String()
}

// within returns the name of a type declared inside another element, made from the names of
// the element and of its part with the type.
func (r *reader) within(owner edm.QName, part string) edm.QName {
	first, n := utf8.DecodeRuneInString(identifier(part))
	name := edm.QName{Namespace: owner.Namespace, Name: owner.Name + string(unicode.ToUpper(first)) + identifier(part)[n:]}
	if !edm.IsIdentifier(name.Name) {
		name.Name = "_"
	}
	for i, plain := 2, name.Name; r.taken[name]; i++ {
		name.Name = plain + strconv.Itoa(i)
	}
	r.taken[name] = true
	return name
}

// isControl reports whether a member is OData control information, which types do not
// declare.
func isControl(name string) bool { return strings.Contains(name, "@odata.") }
