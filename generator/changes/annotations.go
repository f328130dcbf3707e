package changes

import (
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// annotations compares the annotations of an element: texts, deprecation, others.
func (f *facts) annotations(a at, prev, next edm.Annotations) {
	f.differs(a, factDescription, texts(prev), texts(next))
	f.differs(a, factDeprecation, deprecation(prev), deprecation(next))
	for _, o := range prev {
		n := same(next, o)
		switch {
		case isText(o):
		case n == nil:
			f.note(a, Fact{What: "annotation removed", Old: title(o)})
		case !o.Value.Equal(n.Value):
			f.note(a, Fact{What: "annotation changed", Old: title(o), New: title(o)})
		}
	}
	for _, n := range next {
		if !isText(n) && same(prev, n) == nil {
			f.note(a, Fact{What: "annotation added", New: title(n)})
		}
	}
}

// isText reports whether an annotation is compared by its text.
func isText(a *edm.Annotation) bool {
	switch a.Term {
	case edm.TermDescription, edm.TermLongDescription, edm.TermReason:
		return true
	}
	return edm.IsRevisions(a.Term)
}

func same(list edm.Annotations, as *edm.Annotation) *edm.Annotation {
	for _, a := range list {
		if a.Term == as.Term && a.Qualifier == as.Qualifier {
			return a
		}
	}
	return nil
}

// title returns the term of an annotation with its qualifier.
func title(a *edm.Annotation) string {
	if a.Qualifier == "" {
		return a.Term
	}
	return a.Term + "#" + a.Qualifier
}

// texts returns the description of an element, however it is divided into lines and into a
// short and a long text.
func texts(list edm.Annotations) string {
	return strings.Join(strings.Fields(list.Description()+" "+list.LongDescription()), " ")
}

// deprecation returns the text of the deprecation of an element, "" if it is not
// deprecated.
func deprecation(list edm.Annotations) string {
	for _, r := range list.Revisions() {
		if !strings.HasSuffix(r.Kind, "Deprecated") {
			continue
		}
		text := r.Description
		if r.Date != "" {
			text += " since " + r.Date
		}
		if r.RemovalDate != "" {
			text += " until " + r.RemovalDate
		}
		if text = strings.TrimSpace(text); text == "" {
			return "deprecated"
		}
		return text
	}
	return ""
}
