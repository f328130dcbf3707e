package edm

import (
	"strings"

	"github.com/callgen/callgen/spec/diag"
)

// callgen is the namespace of the terms that this generator defines. They need neither a
// schema nor an alias.
const callgen = "Callgen"

// scope resolves names. An alias applies to the whole document that declares it, in any of
// its schemas, and to no other document.
type scope struct {
	namespaces map[string]bool // of schemas, read or included
	documents  map[string]*document
	last       *document // the document of the last look-up
	file       string
}

// document is a document that a model was read from.
type document struct {
	own      map[string]bool   // namespaces of its schemas and of the included ones
	included map[string]string // locations of included schemas by namespace, as stated by the document
	aliases  map[string]string
}

func newScope(m *Model, faults *diag.List) *scope {
	s := &scope{namespaces: map[string]bool{"Edm": true, callgen: true}, documents: make(map[string]*document)}
	for _, schema := range m.Schemas {
		s.namespaces[schema.Namespace], s.add(schema.Pos).own[schema.Namespace] = true, true
	}
	for _, ref := range m.References {
		for _, inc := range ref.Includes {
			d := s.add(ref.Pos)
			s.namespaces[inc.Namespace], d.own[inc.Namespace], d.included[inc.Namespace] = true, true, ref.URI
		}
	}
	for _, ref := range m.References {
		for _, inc := range ref.Includes {
			s.document(ref.Pos.File).alias(&inc.Alias, inc.Namespace, inc.Pos, faults)
		}
	}
	for _, schema := range m.Schemas {
		s.document(schema.Pos.File).alias(&schema.Alias, schema.Namespace, schema.Pos, faults)
	}
	return s
}

// add returns the document of a position, creating it if necessary.
func (s *scope) add(pos diag.Pos) *document {
	d := s.documents[pos.File]
	if d == nil {
		d = &document{own: map[string]bool{"Edm": true, callgen: true}, included: make(map[string]string), aliases: make(map[string]string)}
		s.documents[pos.File] = d
	}
	return d
}

// document returns the document of a file, an empty one for files without schemas.
func (s *scope) document(file string) *document {
	if s.last == nil || s.file != file {
		s.file, s.last = file, s.documents[file]
		if s.last == nil {
			s.last = new(document)
		}
	}
	return s.last
}

// alias declares an alias of a namespace, or removes it if it has another meaning already.
// Repeating a declaration is harmless.
func (d *document) alias(alias *string, namespace string, pos diag.Pos, faults *diag.List) {
	other, taken := d.aliases[*alias]
	const fix, done = "choose another", passedOver
	switch {
	case *alias == "" || *alias == namespace || other == namespace && taken:
		return
	case taken:
		faults.Fault(pos, Shown(namespace), fix, done, "alias %s also stands for %s", Shown(*alias), Shown(other))
	case d.own[*alias]:
		faults.Fault(pos, Shown(namespace), fix, done, "alias %s is also a namespace", Shown(*alias))
	default:
		d.aliases[*alias] = namespace
		return
	}
	*alias = ""
}

// problem describes what is wrong with a name, and what its author should do.
type problem struct{ text, fix string }

// resolve splits a qualified name in a file and resolves its alias. The second result
// describes what is wrong with the name, or is nil.
func (s *scope) resolve(text, file string) (QName, *problem) {
	q := ParseQName(text)
	if q.Namespace == "" {
		return q, &problem{Quote(text) + " is not a qualified name", "put a namespace or alias and a dot before it"}
	}
	if namespace, ok := s.document(file).aliases[q.Namespace]; ok {
		return QName{namespace, q.Name}, nil
	}
	switch {
	case s.namespaces[q.Namespace]:
		return q, nil
	case isVocabulary(q.Namespace):
		return QName{"Org.OData." + q.Namespace + ".V1", q.Name}, nil
	case !strings.Contains(q.Namespace, "."):
		return q, &problem{"undefined alias " + Quote(q.Namespace), "declare it by Alias of a <Schema> or <edmx:Include>, or use the namespace"}
	}
	return q, nil // in a schema that is not read, or undefined
}

// isVocabulary reports whether an alias is the usual one of an OData vocabulary.
// Descriptions use these without declaring them.
func isVocabulary(alias string) bool {
	switch alias {
	case "Aggregation", "Authorization", "Capabilities", "Core", "JSON", "Measures", "Repeatability", "Temporal", "Validation":
		return true
	}
	return false
}

// qualify resolves the aliases in all unresolved names.
func (l *linker) qualify() {
	for t := range l.m.structured {
		if t.base.IsZero() && t.BaseName != "" {
			t.base = l.resolve(t.BaseName, withoutBase, place{t.Pos, t.Name, ""})
		}
	}
	l.m.typeRefs(func(ref *TypeRef, at place) { l.qualifyRef(ref, at) })
	for _, schema := range l.m.Schemas {
		for _, t := range schema.Terms {
			at := place{t.Pos, t.Name, ""}
			l.qualifyRef(&t.Type, at)
			if t.base.IsZero() && t.BaseTerm != "" {
				t.base = l.resolve(t.BaseTerm, passedOver, at)
			}
		}
	}
	for _, c := range l.m.containers() {
		l.qualifyContainer(c)
	}
	l.qualifyAnnotations()
}

// resolve resolves a name by the scope. done says what happens to the element with a bad
// name.
func (l *linker) resolve(text, done string, at place) QName {
	q, problem := l.scope.resolve(text, at.pos.File)
	if problem != nil {
		l.fault(at, problem.fix, done, "%s", problem.text)
	}
	return q
}

func (l *linker) qualifyRef(ref *TypeRef, at place) {
	if !ref.Name.IsZero() || ref.Text == "" {
		return
	}
	name := ref.Text
	if kind, inner, ok := strings.Cut(name, "("); ok && strings.EqualFold(kind, "Collection") {
		inner, ok = strings.CutSuffix(inner, ")")
		if !ok {
			l.fault(at, "write it", "it is read as if it had", "type %s lacks its closing parenthesis", Quote(ref.Text))
		}
		ref.Collection, name = true, strings.TrimSpace(inner)
		if kind != "Collection" || name != inner {
			l.fault(at, "write Collection("+Shown(name)+")", "it is read as that", "type %s is not quite a collection", Quote(ref.Text))
		}
	}
	if primitive := l.meantPrimitive(name, at.pos.File); primitive != "" {
		l.fault(at, "write Edm."+primitive, "it is read as that", "type %s is not quite a primitive one", Quote(ref.Text))
		name = "Edm." + primitive
	}
	ref.Name = l.resolve(name, keptRaw, at)
}

// meantPrimitive returns the primitive type that is meant by a name without namespace, or in
// letters of another case. It returns "" for names that need no correction.
func (l *linker) meantPrimitive(name, file string) string {
	q := ParseQName(name)
	d := l.scope.document(file)
	if q.Namespace == "Edm" && IsPrimitive(q.Name) || q.Namespace != "" && !strings.EqualFold(q.Namespace, "Edm") {
		return ""
	}
	if _, alias := d.aliases[q.Namespace]; alias || q.Namespace != "Edm" && d.own[q.Namespace] {
		return ""
	}
	for _, primitive := range primitiveNames() {
		if strings.EqualFold(q.Name, primitive) {
			return primitive
		}
	}
	return ""
}

func (l *linker) qualifyContainer(c *EntityContainer) {
	if c.extends.IsZero() && c.Extends != "" {
		c.extends = l.resolve(c.Extends, passedOver, place{c.Pos, c.Name, ""})
	}
	for _, set := range c.EntitySets {
		if set.typeName.IsZero() && set.TypeName != "" {
			set.typeName = l.resolve(set.TypeName, leftOut, place{set.Pos, c.Name, set.Name})
		}
	}
	for _, single := range c.Singletons {
		if single.typeName.IsZero() && single.TypeName != "" {
			single.typeName = l.resolve(single.TypeName, leftOut, place{single.Pos, c.Name, single.Name})
		}
	}
	for _, list := range [][]*OperationImport{c.ActionImports, c.FunctionImports} {
		for _, i := range list {
			if i.Operation == "" && i.Written != "" {
				i.Operation = l.resolve(i.Written, leftOut, place{i.Pos, c.Name, i.Name}).String()
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
			term := l.resolve(a.Written, passedOver, at)
			a.Term = term.String()
			if term.Namespace == callgen && !isCallgenTerm(a.Term) {
				fix := strings.Join([]string{TermReason, TermNew, TermHoist, TermOneOrMany}, ", ") + " and " + TermSecret + " are known"
				l.fault(at, fix, passedOver, "unknown term %s", Quote(a.Term))
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
			target, problem := l.scope.target(t.Target, t.Pos.File)
			if problem != nil {
				l.faults.Fault(t.Pos, Shown(t.Target), problem.fix, passedOver, "%s", problem.text)
			}
			t.target = target
		}
	}
}
