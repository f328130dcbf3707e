package openapi

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// keyPart is a property of a key written with names, and the placeholder of its value:
// (joinWebUrl='{joinWebUrl}').
type keyPart struct{ property, variable string }

// keyParts returns the properties named by a key in parentheses.
func keyParts(segment string) (parts []keyPart) {
	inner, ok := strings.CutPrefix(segment, "(")
	if !ok {
		return nil
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(inner, ")"), ",") {
		if name, value, ok := strings.Cut(part, "="); ok {
			parts = append(parts, keyPart{strings.TrimSpace(name), strings.Trim(value, " '{}@")})
		}
	}
	return parts
}

// keys distinguishes keys in parentheses, as in OData URLs, from arguments of functions.
type keys struct {
	reader *reader
	sets   map[string]bool // texts before a parenthesis that are paths themselves
}

func (r *reader) newKeys() *keys {
	k := &keys{reader: r, sets: make(map[string]bool)}
	for path := range r.root.doc.Paths.Map() {
		k.sets[plainPath(path)] = true
	}
	return k
}

// plainPath returns a path whose keys in parentheses are separate segments.
func plainPath(path string) string {
	return strings.ReplaceAll(strings.ReplaceAll(path, "({", "/{"), "})", "}")
}

// cut splits a segment of a path into a name and a key, "" without a key. Parentheses
// without names hold a key; with names they do so after a path that exists without them,
// unless the path is marked as a function call.
func (k *keys) cut(before, segment string) (name, key string) {
	at := strings.IndexByte(segment, '(')
	if at <= 0 || !strings.HasSuffix(segment, ")") || strings.Contains(segment[:at], ".") || segment[at+1:] == ")" {
		return segment, ""
	}
	name, key = segment[:at], segment[at:]
	if len(keyParts(key)) == 0 && strings.Contains(key, "{") {
		return name, key
	}
	item := k.reader.root.doc.Paths.Value(before + "/" + segment)
	if item != nil && k.reader.isCall(&node{item: item}) || !k.sets[plainPath(before+"/"+name)] {
		return segment, ""
	}
	return name, key
}

// partsOf returns the properties of a type that make up a key with names, nil if the type
// lacks one of them.
func (c *component) partsOf(n *node) (names []string) {
	for _, p := range n.parts {
		if c.owner(p.property) == nil {
			return nil
		}
		names = append(names, p.property)
	}
	return names
}

// keyedBy makes properties the key of a type, unless it has a key.
func (c *component) keyedBy(names []string) {
	if len(names) == 0 || c.keyed() != nil {
		return
	}
	for b := range c.bases {
		if slices.ContainsFunc(names, func(name string) bool { return b.membership[name] != nil && !b.discarded[name] }) {
			b.key = names
			return
		}
	}
}

// alternate adds an alternate key to a type, and reports whether it is valid.
func (w *walker) alternate(n *node, to *component) bool {
	names := to.partsOf(n)
	if names == nil {
		w.pass(n, "a key of "+shown(to.name)+" with parts that are not its properties")
		return false
	}
	if keyed := to.keyed(); keyed != nil && sameNames(keyed.key, names) {
		return true
	}
	key := collection(n.pos)
	for _, name := range names {
		key.Items = append(key.Items, record(n.pos, valueOf("Name", constant("PropertyPath", name, n.pos)), valueOf("Alias", constant("String", name, n.pos))))
	}
	entry := record(n.pos, valueOf("Key", key))
	list := &to.structure.Annotations
	a := list.Get(termAlternateKeys)
	if a == nil {
		a = annotation(termAlternateKeys, collection(n.pos), n.pos)
		*list = append(*list, a)
	}
	if !slices.ContainsFunc(a.Value.Items, entry.Equal) {
		a.Value.Items = append(a.Value.Items, entry)
	}
	return true
}

func sameNames(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// madeType makes an entity type for a place without schema, from what the paths below show.
func (w *walker) madeType(n *node) *component {
	c := newMade(w.reader, n)
	name, id := n.segment, ""
	if key := n.key(); key != nil {
		typ, p := w.keyNames(key)
		if typ != "" {
			name = typ
		}
		id = p
	}
	q := edm.ParseQName(name)
	if q.Namespace == "" || !edm.IsNamespace(q.Namespace) {
		q = edm.QName{Namespace: w.namespace, Name: q.Name}
	}
	q.Name = identifier(q.Name)
	if known := w.types[q.String()]; known != nil && known.root().entity {
		return known
	}
	c.name = w.within(edm.QName{Namespace: q.Namespace}, q.Name)
	c.name.Name = strings.ToLower(c.name.Name[:1]) + c.name.Name[1:]
	if edm.IsIdentifier(id) {
		u := primitiveUse("String").nullable(false)
		u.ref.Text = u.ref.String()
		m := &property{name: id, use: u, pos: n.pos, access: new(access)}
		c.members, c.membership[id], c.key = append(c.members, m), m, []string{id}
	}
	w.components = append(w.components, c)
	w.index(c)
	w.finish()
	w.note(n.pos, n.element(), "no schema says what is here: the entity type %s is made for the paths below", c.name)
	return c
}
