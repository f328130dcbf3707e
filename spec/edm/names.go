package edm

import (
	"strings"

	"github.com/callgen/callgen/spec/diag"
)

// callgen is the namespace of the terms that this generator defines. It needs no
// schema and no alias.
const callgen = "Callgen"

// scope is what the names in one document can mean. Aliases hold in the whole
// document, whichever schema declares them.
type scope struct {
	namespaces map[string]bool // of schemas, read or included
	included   map[string]bool // from other documents, and so not read
	aliases    map[string]string
}

func newScope(m *Model, findings *diag.List) *scope {
	s := &scope{
		namespaces: map[string]bool{"Edm": true, callgen: true},
		included:   make(map[string]bool),
		aliases:    make(map[string]string),
	}
	first := make(declared)
	for _, schema := range m.Schemas {
		if pos, ok := first.repeats(schema.Namespace, schema.Pos); ok {
			findings.Add(schema.Pos, Shown(schema.Namespace), "duplicate schema: its namespace is that of the schema at %v; make them one", pos)
		}
		s.namespaces[schema.Namespace] = true
	}
	for _, ref := range m.References {
		for _, inc := range ref.Includes {
			s.namespaces[inc.Namespace], s.included[inc.Namespace] = true, true
		}
	}
	for _, ref := range m.References {
		for _, inc := range ref.Includes {
			s.alias(inc.Alias, inc.Namespace, inc.Pos, findings)
		}
	}
	for _, schema := range m.Schemas {
		s.alias(schema.Alias, schema.Namespace, schema.Pos, findings)
	}
	return s
}

// alias declares an alias of a namespace. Saying the same twice does no harm.
func (s *scope) alias(alias, namespace string, pos diag.Pos, findings *diag.List) {
	other, taken := s.aliases[alias]
	switch {
	case alias == "" || alias == namespace || other == namespace && taken:
		return
	case taken:
		findings.Add(pos, Shown(namespace), "alias %s is also that of %s: choose another", Shown(alias), Shown(other))
	case s.namespaces[alias]:
		findings.Add(pos, Shown(namespace), "alias %s is also a namespace: choose another", Shown(alias))
	}
	s.aliases[alias] = namespace
}

// resolve splits a qualified name and replaces its alias. The second result says
// what is wrong with the name, if anything is.
func (s *scope) resolve(text string) (QName, string) {
	q := ParseQName(text)
	switch {
	case q.Namespace == "":
		return q, Quote(text) + " is no qualified name: put a namespace or alias and a dot before it"
	case s.namespaces[q.Namespace]:
		return q, ""
	}
	if namespace, ok := s.aliases[q.Namespace]; ok {
		return QName{namespace, q.Name}, ""
	}
	if isVocabulary(q.Namespace) {
		return QName{"Org.OData." + q.Namespace + ".V1", q.Name}, ""
	}
	if !strings.Contains(q.Namespace, ".") {
		return q, "undefined alias " + Quote(q.Namespace) + ": declare it by Alias of a <Schema> or <edmx:Include>, or use the namespace"
	}
	return q, "" // of a schema that is not read, or nowhere
}

// isVocabulary reports whether an alias is the usual one of a vocabulary of OData.
// Descriptions use these without declaring them.
func isVocabulary(alias string) bool {
	switch alias {
	case "Aggregation", "Authorization", "Capabilities", "Core", "JSON", "Measures", "Repeatability", "Temporal", "Validation":
		return true
	}
	return false
}

// qualify resolves the aliases in all names that are not resolved yet.
func (l *linker) qualify() {
	for t := range l.m.structured {
		if t.base.IsZero() && t.BaseName != "" {
			t.base = l.resolve(t.BaseName, place{t.Pos, t.Name, ""})
		}
	}
	l.m.typeRefs(func(ref *TypeRef, at place) { l.qualifyRef(ref, at) })
	for _, schema := range l.m.Schemas {
		for _, t := range schema.Terms {
			l.qualifyRef(&t.Type, place{t.Pos, t.Name, ""})
			if t.base.IsZero() && t.BaseTerm != "" {
				t.base = l.resolve(t.BaseTerm, place{t.Pos, t.Name, ""})
			}
		}
	}
	l.qualifyContainer()
	l.qualifyAnnotations()
}

func (l *linker) resolve(text string, at place) QName {
	q, problem := l.scope.resolve(text)
	if problem != "" {
		l.finding(at, "%s", problem)
	}
	return q
}

func (l *linker) qualifyRef(ref *TypeRef, at place) {
	if !ref.Name.IsZero() || ref.Text == "" {
		return
	}
	name := ref.Text
	if inner, ok := strings.CutPrefix(name, "Collection("); ok {
		inner, ok = strings.CutSuffix(inner, ")")
		if !ok {
			l.finding(at, "type %s lacks its closing parenthesis", Quote(ref.Text))
		}
		ref.Collection, name = true, inner
	}
	ref.Name = l.resolve(name, at)
}

func (l *linker) qualifyContainer() {
	c := l.m.Container
	if c == nil {
		return
	}
	for _, set := range c.EntitySets {
		if set.typeName.IsZero() && set.TypeName != "" {
			set.typeName = l.resolve(set.TypeName, place{set.Pos, c.Name, set.Name})
		}
	}
	for _, single := range c.Singletons {
		if single.typeName.IsZero() && single.TypeName != "" {
			single.typeName = l.resolve(single.TypeName, place{single.Pos, c.Name, single.Name})
		}
	}
	for _, list := range [][]*OperationImport{c.ActionImports, c.FunctionImports} {
		for _, i := range list {
			if i.Operation == "" && i.Written != "" {
				i.Operation = l.resolve(i.Written, place{i.Pos, c.Name, i.Name}).String()
			}
		}
	}
}

func (l *linker) qualifyAnnotations() {
	qualify := func(list Annotations, at place) {
		list.each(func(a *Annotation) {
			if a.Term != "" || a.Written == "" {
				return
			}
			at.pos = a.Pos
			term := l.resolve(a.Written, at)
			a.Term = term.String()
			if term.Namespace == callgen && !isCallgenTerm(a.Term) {
				l.finding(at, "unknown term %s: %s, %s, %s, %s and %s are known", Quote(a.Term), TermReason, TermNew, TermHoist, TermOneOrMany, TermSecret)
			}
		})
	}
	l.m.annotated(func(list *Annotations, at place) { qualify(*list, at) })
	for _, schema := range l.m.Schemas {
		for _, t := range schema.External {
			qualify(t.Annotations, place{owner: QName{Name: t.Target}})
			if t.target != nil || t.Target == "" {
				continue
			}
			target, problem := l.scope.target(t.Target)
			if problem != "" {
				l.findings.Add(t.Pos, Shown(t.Target), "%s", problem)
			}
			t.target = target
		}
	}
}
