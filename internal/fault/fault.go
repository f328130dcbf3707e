// Package fault puts single faults, as published descriptions have them, into descriptions
// for tests. Whatever one fault does to a valid description, the rest must still be
// readable.
package fault

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// One puts a random fault into a CSDL document, and names it.
func One(r *rand.Rand, document []byte) (broken []byte, what string, err error) {
	root, err := parse(document)
	if err != nil {
		return nil, "", err
	}
	f := &faulty{Rand: r}
	root.collect(&f.nodes)
	kinds := []func() string{
		f.attributeRemoved, f.attributeRenamed, f.attributeAdded, f.valueChanged, f.valueChanged, f.valueChanged,
		f.elementRemoved, f.elementRenamed, f.elementRepeated, f.elementMoved, f.textAdded, f.namespaceChanged,
	}
	for what == "" {
		what = kinds[r.IntN(len(kinds))]()
	}
	return root.bytes(), what, nil
}

// faulty is a document that gets a fault. Each kind of fault returns what it did, or "" if
// it does not fit the place that chance chose.
type faulty struct {
	*rand.Rand
	nodes []*node
}

func pick[T any](f *faulty, list []T) T { return list[f.IntN(len(list))] }

// node returns an element other than the root.
func (f *faulty) node() *node {
	if len(f.nodes) < 2 {
		return f.nodes[0]
	}
	return pick(f, f.nodes[1:])
}

// attribute returns an element with attributes, and the index of one of them.
func (f *faulty) attribute() (*node, int) {
	n := pick(f, f.nodes)
	if len(n.attrs) == 0 {
		return n, -1
	}
	return n, f.IntN(len(n.attrs))
}

func (f *faulty) attributeRemoved() string {
	n, i := f.attribute()
	if i < 0 || n.attrs[i].name == "xmlns" || strings.HasPrefix(n.attrs[i].name, "xmlns:") {
		return ""
	}
	what := fmt.Sprintf("%s without %s=%q", n, n.attrs[i].name, n.attrs[i].value)
	n.attrs = slices.Delete(n.attrs, i, i+1)
	return what
}

func (f *faulty) attributeRenamed() string {
	n, i := f.attribute()
	if i < 0 || strings.HasPrefix(n.attrs[i].name, "xmlns") {
		return ""
	}
	old := n.attrs[i].name
	n.attrs[i].name = pick(f, []string{strings.ToLower(old), "Other", old + "s", "none:" + old})
	return fmt.Sprintf("%s with %s for %s", n, n.attrs[i].name, old)
}

func (f *faulty) attributeAdded() string {
	n := pick(f, f.nodes)
	name := pick(f, []string{"ConcurrencyMode", "ReturnType", "FixedLength", "Nullable", "Name", "Type", "Alias", "Bool", "none:Lazy"})
	for _, a := range n.attrs {
		if a.name == name {
			return ""
		}
	}
	n.attrs = append(n.attrs, attr{name, pick(f, []string{"true", "Fixed", "Edm.String", "x.y", ""})})
	return fmt.Sprintf("%s with %s=%q", n, name, n.attrs[len(n.attrs)-1].value)
}

func (f *faulty) valueChanged() string {
	n, i := f.attribute()
	if i < 0 || strings.HasPrefix(n.attrs[i].name, "xmlns") {
		return ""
	}
	a := &n.attrs[i]
	old := a.value
	a.value = pick(f, f.values(n, *a))
	if a.value == old {
		return ""
	}
	return fmt.Sprintf("%s with %s=%q for %q", n, a.name, a.value, old)
}

// values returns values that may be given for an attribute by mistake.
func (f *faulty) values(n *node, a attr) []string {
	flipped := strings.ToUpper(a.value)
	if flipped == a.value {
		flipped = strings.ToLower(a.value)
	}
	general := []string{"", " ", flipped, a.value + " ", " " + a.value, a.value + "x", "*/", "a\nb", "`"}
	switch a.name {
	case "Name", "Namespace", "Alias", "Property", "Path":
		return append(general, "1a", "prefix/project2", "a.b", "a b", f.otherValue(a.name))
	case "Type", "BaseType", "UnderlyingType", "EntityType", "Term", "Function", "Action", "Target", "EntitySet", "Extends":
		return append(general, "x.Nothing", "Nothing", "Edm.Nothing", "Edm.DateTime", "Collection("+a.value, "Collection(Edm.String)",
			f.otherValue(a.name), f.otherValue("Type"), f.otherValue("Name"), "no.such."+n.tag)
	}
	return append(general, "True", "FALSE", "1", "yes", "Variable", "Max", "-1", "1.5", "99999999999999999999")
}

// otherValue returns the value that an attribute has somewhere else.
func (f *faulty) otherValue(name string) string {
	var values []string
	for _, n := range f.nodes {
		for _, a := range n.attrs {
			if a.name == name {
				values = append(values, a.value)
			}
		}
	}
	if len(values) == 0 {
		return ""
	}
	return pick(f, values)
}

func (f *faulty) elementRemoved() string {
	n := f.node()
	if n.parent == nil {
		return ""
	}
	n.parent.remove(n)
	return fmt.Sprintf("%s without %s", n.parent, n)
}

func (f *faulty) elementRenamed() string {
	n := f.node()
	old := n.tag
	prefix := old[:strings.IndexByte(old, ':')+1]
	n.tag = prefix + pick(f, []string{"Unknown", "Runtime", "Property", "Documentation", strings.ToLower(old[len(prefix):])})
	return fmt.Sprintf("%s for %s", n, old)
}

func (f *faulty) elementRepeated() string {
	n := f.node()
	if n.parent == nil {
		return ""
	}
	n.parent.children = append(n.parent.children, n)
	return fmt.Sprintf("%s twice", n)
}

func (f *faulty) elementMoved() string {
	n, to := f.node(), pick(f, f.nodes)
	for p := to; p != nil; p = p.parent {
		if p == n {
			return ""
		}
	}
	if n.parent == nil || to == n.parent {
		return ""
	}
	n.parent.remove(n)
	to.children = append(to.children, n)
	return fmt.Sprintf("%s in %s", n, to)
}

func (f *faulty) textAdded() string {
	n := pick(f, f.nodes)
	n.children = append(n.children, "text")
	return fmt.Sprintf("text in %s", n)
}

func (f *faulty) namespaceChanged() string {
	n := f.node()
	if strings.Contains(n.tag, ":") {
		return ""
	}
	space := pick(f, []string{"", "http://schemas.microsoft.com/ado/2009/11/edm", "urn:other", "http://docs.oasis-open.org/odata/ns/edmx"})
	n.attrs = slices.DeleteFunc(n.attrs, func(a attr) bool { return a.name == "xmlns" })
	n.attrs = append(n.attrs, attr{"xmlns", space})
	return fmt.Sprintf("%s in XML namespace %q", n, space)
}
