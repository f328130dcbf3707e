package edm

import (
	"cmp"
	"slices"
	"strings"
)

// target is the target of an Annotations element: an element of a schema, by its qualified
// name, or a part of it, by a path.
type target struct {
	name      QName
	overload  bool     // a signature is given
	signature []string // types of an operation's parameters
	path      string
}

// target reads the Target of an Annotations element and resolves its aliases.
func (s *scope) target(text, file string) (*target, *problem) {
	head, path := cutTarget(text)
	name, signature, overload := strings.Cut(head, "(")
	t := &target{overload: overload, path: path}
	if namespace, ok := s.document(file).aliases[name]; ok {
		name = namespace // a schema itself
	}
	t.name = ParseQName(name)
	if t.name.Namespace == "" {
		return t, nil // no valid name
	}
	var found *problem
	if !s.namespaces[name] {
		t.name, found = s.resolve(name, file)
	}
	signature = strings.TrimSuffix(signature, ")")
	if overload && signature != "" {
		for item := range strings.SplitSeq(signature, ",") {
			resolved, wrong := s.signatureType(strings.TrimSpace(item), file)
			t.signature = append(t.signature, resolved)
			found = cmp.Or(found, wrong)
		}
	}
	return t, found
}

// cutTarget splits a target at the first slash after its name and signature.
func cutTarget(text string) (head, path string) {
	from := strings.LastIndexByte(text, ')') + 1
	if slash := strings.IndexByte(text, '/'); slash >= 0 && slash < from {
		from = 0 // the parenthesis belongs to the path
	}
	head, path, _ = strings.Cut(text[from:], "/")
	return text[:from] + head, path
}

func (s *scope) signatureType(text, file string) (string, *problem) {
	inner, collection := strings.CutPrefix(text, "Collection(")
	if collection {
		inner = strings.TrimSuffix(inner, ")")
	}
	q, problem := s.resolve(inner, file)
	if collection {
		return "Collection(" + q.String() + ")", problem
	}
	return q.String(), problem
}

// annotations applies the Annotations elements to their targets.
func (l *linker) annotations() {
	l.m.annotated(func(list *Annotations, _ place) {
		if slices.ContainsFunc(*list, isExternal) {
			*list = slices.DeleteFunc(*list, isExternal) // from an earlier linking
		}
	})
	for _, s := range l.m.Schemas {
		for _, t := range s.External {
			l.m.apply(t)
		}
	}
}

func isExternal(a *Annotation) bool { return a.External }

func (m *Model) apply(t *AnnotationTarget) {
	lists := m.find(t.target)
	for _, list := range lists {
		*list = append(*list, t.Annotations...)
	}
	t.Applied = len(lists) > 0
}

// Targets returns the annotations of the targets of an Annotations element: none if no
// schema in the model declares them, several if it names an operation without choosing an
// overload. The target must be qualified: see Qualify.
func (m *Model) Targets(t *AnnotationTarget) []*Annotations { return m.find(t.target) }

// find returns the annotations of the elements that match a target. Paths of more than one
// step target an element in the context of another, which the model cannot represent.
func (m *Model) find(t *target) []*Annotations {
	if t == nil {
		return nil
	}
	if ops := m.operations[t.name]; len(ops) > 0 {
		return findOperations(ops, t)
	}
	var found *Annotations
	switch {
	case t.overload:
	case m.served[t.name]:
		found = m.contained[t.path]
	case m.types[t.name] != nil:
		found = typePart(m.types[t.name], t.path)
	case t.path != "":
	case m.terms[t.name] != nil:
		found = &m.terms[t.name].Annotations
	default:
		if s := m.schemas[t.name.String()]; s != nil {
			found = &s.Annotations
		}
	}
	if found == nil {
		return nil
	}
	return []*Annotations{found}
}

func findOperations(ops []*Operation, t *target) (found []*Annotations) {
	for _, o := range ops {
		if t.overload && !o.matches(t.signature) {
			continue
		}
		if part := o.part(t.path); part != nil {
			found = append(found, part)
		}
	}
	return found
}

// matches reports whether a signature matches o: the types of all parameters or, for an
// action, of the binding parameter alone.
func (o *Operation) matches(signature []string) bool {
	parameters := o.Parameters
	if len(signature) == 1 && !o.Function && o.Bound {
		parameters = parameters[:min(1, len(parameters))]
	}
	return slices.EqualFunc(parameters, signature, func(p *Parameter, typ string) bool { return p.Type.String() == typ })
}

// String returns the type with resolved aliases.
func (t TypeRef) String() string {
	if t.Collection {
		return "Collection(" + t.Name.String() + ")"
	}
	return t.Name.String()
}

func (o *Operation) part(path string) *Annotations {
	switch path {
	case "":
		return &o.Annotations
	case "$ReturnType":
		if o.Return != nil {
			return &o.Return.Annotations
		}
	}
	for _, p := range o.Parameters {
		if p.Name == path {
			return &p.Annotations
		}
	}
	return nil
}

func typePart(t Type, path string) *Annotations {
	switch t := t.(type) {
	case *StructuredType:
		return t.part(path)
	case *EnumType:
		if path == "" {
			return &t.Annotations
		}
		for _, m := range t.Members {
			if m.Name == path {
				return &m.Annotations
			}
		}
	case *TypeDefinition:
		if path == "" {
			return &t.Annotations
		}
	}
	return nil
}

// part returns the annotations of a property that t itself declares: those of an inherited
// property would apply to all types that have it.
func (t *StructuredType) part(path string) *Annotations {
	if path == "" {
		return &t.Annotations
	}
	for _, p := range t.Properties {
		if p.Name == path {
			return &p.Annotations
		}
	}
	for _, n := range t.Navigation {
		if n.Name == path {
			return &n.Annotations
		}
	}
	return nil
}
