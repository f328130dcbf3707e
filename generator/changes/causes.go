package changes

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// assignCauses attaches each effect to the schema change that caused it.
func (f *facts) assignCauses(list []effect) {
	for _, e := range list {
		c := f.cause(e)
		switch {
		case c != nil:
		case e.Does == Documents:
			continue // a comment that mentions something changed elsewhere
		default:
			c = f.indirect(e.of)
		}
		c.Go = append(c.Go, e.Effect)
		c.Grade = max(c.Grade, e.Grade)
	}
}

// cause returns the change that caused an effect, or nil if none is apparent.
func (f *facts) cause(e effect) *Change {
	own := f.of[e.of.element]
	if e.Does == Documents || own.has(factAdded, factRemoved) && e.owners == nil {
		return own
	}
	for _, element := range append(slices.Clone(e.owners), f.candidates(e.of)...) {
		if c := f.of[element]; c.isStructural() {
			return c
		}
	}
	return nil
}

// candidates returns the elements that may have changed a symbol, the likeliest first: the
// key, for a key property; the elements on the path, for requests; its own element; an
// operation and its parameters; the types that it refers to.
func (f *facts) candidates(of symbol) []string {
	var list []string
	if owner, name, _ := cutElement(of.element); f.of[owner].keyChanges(name) {
		list = append(list, owner)
	}
	if of.byPath {
		list = append(list, f.leads[of.element]...)
	}
	list = append(list, of.element)
	if owner, _, _ := cutElement(of.element); strings.HasSuffix(owner, ")") {
		list = append(list, owner)
	}
	if strings.HasSuffix(of.element, ")") {
		for _, element := range keys(f.of) {
			if strings.HasPrefix(element, of.element+"/") {
				list = append(list, element)
			}
		}
	}
	typeRefs := f.refersTo(of.element)
	list = append(list, typeRefs...)
	if of.byPath {
		for _, t := range typeRefs {
			list = append(list, f.leads[t]...)
		}
	}
	return append(list, f.leads[of.element]...) // a type is selected because something refers to it
}

// keyChanges reports whether a property was added to or removed from the key of a type.
func (c *Change) keyChanges(property string) bool {
	return c != nil && slices.ContainsFunc(c.Schema, func(f Fact) bool {
		in := func(key string) bool { return slices.Contains(strings.Split(key, ", "), property) }
		return f.What == factKey && in(f.Old) != in(f.New)
	})
}

// refersTo returns the types that an element refers to, in either model.
func (f *facts) refersTo(element string) []string {
	var list []string
	for _, s := range []Side{f.next, f.prev} {
		for _, ref := range s.typeRefs(element) {
			if name := ref.Name.String(); !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	return list
}

// typeRefs returns the type references of a property, navigation property, operation,
// parameter or container element.
func (s Side) typeRefs(element string) []edm.TypeRef {
	owner, name, isPart := cutElement(element)
	if owner == "" {
		if e := s.served()[name]; e != nil {
			return []edm.TypeRef{refTo(e)}
		}
		return nil
	}
	if operation, _, ok := strings.Cut(owner, "("); ok {
		var list []edm.TypeRef
		for _, op := range s.Model.Overloads(edm.ParseQName(operation)) {
			if op.Element() == owner {
				list = append(list, operationTypes(op)...)
			}
		}
		return list
	}
	t := s.Model.Structured(owner)
	if t == nil || !isPart {
		return nil
	}
	if p := s.ownProperties(t)[name]; p != nil {
		return []edm.TypeRef{p.typ}
	}
	return nil
}

// cutElement splits an element into its owner and its own name.
func cutElement(element string) (owner, name string, isPart bool) {
	i := strings.LastIndexByte(element, '/')
	if i < 0 {
		return element, "", false
	}
	return element[:i], element[i+1:], true
}

// indirect returns the change of an element whose own declaration stays the same, texts
// aside.
func (f *facts) indirect(of symbol) *Change {
	a := f.next.find(of.element)
	if a.kind == "" {
		a = f.prev.find(of.element)
	}
	if !f.of[of.element].has(factIndirect) {
		f.note(a, Fact{What: factIndirect})
	}
	return f.of[of.element]
}

// find returns an element by name. Its kind is "" if the side has no such element.
func (s Side) find(element string) at {
	owner, name, isPart := cutElement(element)
	a := at{element: element}
	if t := s.Model.Type(edm.ParseQName(owner)); t != nil {
		a.kind, a.pos = kindOf(t), t.Position()
		if structured, ok := t.(*edm.StructuredType); ok && isPart {
			if p := s.ownProperties(structured)[name]; p != nil {
				a.kind, a.pos = p.kind, p.pos
			}
		}
		return a
	}
	if served := s.served()[name]; owner == "" && served != nil {
		a.kind, a.pos = served.kind, served.pos
		return a
	}
	for op := range s.Model.Operations() {
		if op.Element() == owner {
			a.kind, a.pos = operationKind(op), op.Pos
			return a
		}
	}
	return a
}
