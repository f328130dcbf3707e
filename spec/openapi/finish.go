package openapi

import (
	"cmp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/edm"
)

// detect determines whether the description belongs to an OData service, by control
// information in its schemas or by the extensions of Microsoft's converter.
func (r *reader) detect() {
	doc := r.root.doc
	for _, s := range doc.Components.Schemas {
		if s == nil || s.Value == nil {
			continue
		}
		r.detectIn(s.Value)
		for _, a := range s.Value.AllOf {
			if a != nil && a.Value != nil {
				r.detectIn(a.Value)
			}
		}
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range operations(item) {
			if text(op.Extensions, "x-ms-docs-operation-type") != "" {
				r.odata = true
			}
		}
	}
}

func (r *reader) detectIn(s *openapi3.Schema) {
	if s.Properties["@odata.type"] != nil || s.Discriminator != nil && s.Discriminator.PropertyName == "@odata.type" {
		r.odata = true
	}
	for _, p := range s.Properties {
		if p != nil && p.Value != nil && p.Value.Extensions["x-ms-navigationProperty"] == true {
			r.odata, r.marked = true, true
		}
	}
}

// operations returns the operations of a path.
func operations(item *openapi3.PathItem) map[string]*openapi3.Operation {
	if item == nil {
		return nil
	}
	return item.Operations()
}

// root returns the type at the end of the chain of bases.
func (c *component) root() *component {
	last := c
	for b := range c.bases {
		last = b
	}
	return last
}

// kinds distinguishes entity types and complex types, which look the same as schemas: by
// the name of Graph's root type, by navigation properties, and by paths that reach them
// with a key. All types of a hierarchy are of one kind.
func (r *reader) kinds(tree *node) {
	if !r.odata {
		return
	}
	for _, c := range r.components {
		if c.form != structured {
			continue
		}
		if c.base == nil && c.name.Name == "entity" && c.membership["id"] != nil {
			c.entity = true
		}
		for _, m := range c.members {
			if m.marked && m.use.to != nil {
				m.use.to.root().entity = true
			}
		}
		if key := c.statedKey(); key != nil {
			c.root().entity, c.key = true, key
		}
	}
	for _, child := range tree.children {
		r.entities(child, true)
	}
	r.keys()
}

// statedKey returns the key that a schema states for want of a path that shows it, or nil.
func (c *component) statedKey() []string {
	var key []string
	for _, p := range c.parts {
		names, _ := p.schema.Extensions["x-odata-key"].([]any)
		for _, n := range names {
			name, _ := n.(string)
			if c.membership[name] == nil {
				return nil
			}
			key = append(key, name)
		}
	}
	return key
}

// entities marks the types that paths address: at the beginning of a path, after segments
// without description, and after keys.
func (r *reader) entities(n *node, first bool) {
	u, ok := use{}, false
	if n.isKey() || first && !r.isOperation(n, nil) {
		if u, ok = r.result(n.item.Get, n); ok && u.to != nil {
			u.to.root().entity = true
		}
	}
	if n.isKey() {
		c, property := r.keyOf(n)
		if u.to != nil {
			c = u.to
		}
		if c != nil {
			c.root().entity = true
			if c.owner(property) != nil {
				c.keyedBy([]string{property})
			}
		}
	}
	for _, child := range n.children {
		r.entities(child, first && r.bare(n))
	}
	r.namedKeys(n)
}

// bare reports whether only the paths below a place describe it.
func (r *reader) bare(n *node) bool {
	if len(n.item.Operations()) > 0 {
		return false
	}
	key := n.key()
	if key == nil {
		return n.isKey() || edm.IsIdentifier(n.segment)
	}
	c, _ := r.keyOf(key)
	return c == nil && len(key.item.Operations()) == 0
}

// namedKeys makes the properties named in the keys below the key of a type, unless it has a
// key without names.
func (r *reader) namedKeys(n *node) {
	for _, child := range n.children {
		if len(child.parts) == 0 || len(n.key().parts) == 0 {
			continue
		}
		p := r.declaration(child, child.parts[0].variable)
		stated := p != nil && text(p.Extensions, "x-ms-docs-key-type") != ""
		var c *component
		if u, ok := r.result(child.item.Get, child); ok && u.to != nil {
			c = u.to
		} else if stated {
			c = r.typeNamed(text(p.Extensions, "x-ms-docs-key-type"))
		}
		if c != nil && (stated || c.owner("id") == nil) { // id is usually the key, others are alternate keys
			c.root().entity = true
			c.keyedBy(c.partsOf(child))
		}
	}
}

// keyOf returns the type and the property of a key: {call-id} with the x-ms-docs-key-type
// call stands for the id of a call.
func (r *reader) keyOf(n *node) (*component, string) {
	typ, property := r.keyNames(n)
	if typ == "" {
		return nil, ""
	}
	return r.typeNamed(typ), property
}

// keyNames returns the names of the type and the property of a key, whose parameter may be
// declared only on a longer path.
func (r *reader) keyNames(n *node) (typ, property string) {
	if len(n.parts) > 0 {
		return "", ""
	}
	name := n.variable()
	p := r.declaration(n, name)
	if p == nil {
		return "", ""
	}
	typ = text(p.Extensions, "x-ms-docs-key-type")
	if typ == "" {
		return "", ""
	}
	property, ok := strings.CutPrefix(name, typ+"-")
	if !ok {
		property = name[strings.LastIndexByte(name, '-')+1:]
	}
	// Digits tell keys of one type on a path apart, unless they are a part of the name.
	plain := strings.TrimRight(property, "0123456789")
	for c := r.typeNamed(typ); c != nil && len(property) > len(plain); property = property[:len(property)-1] {
		if c.owner(property) != nil {
			return typ, property
		}
	}
	return typ, plain
}

// declaration returns the parameter of a path, declared on it or on a path below.
func (r *reader) declaration(n *node, name string) *openapi3.Parameter {
	for _, p := range r.parameters(n) {
		if p.In == "path" && p.Name == name {
			return p
		}
	}
	if len(n.item.Operations()) > 0 {
		return nil
	}
	for _, child := range n.children {
		if p := r.declaration(child, name); p != nil {
			return p
		}
	}
	return nil
}

// typeNamed returns the type with a name, qualified or not, if it is unique.
func (r *reader) typeNamed(name string) *component {
	if c := r.types[name]; c != nil {
		return c
	}
	if same := r.simple[name]; len(same) == 1 {
		return same[0]
	}
	return nil
}

// mainNamespace returns the namespace of most types in the description.
func (r *reader) mainNamespace() string {
	count := make(map[string]int)
	for _, c := range r.components {
		if c.form == structured {
			count[c.name.Namespace]++
		}
	}
	best := edm.Unqualified
	for namespace, n := range count {
		if n > count[best] || n == count[best] && namespace < best {
			best = namespace
		}
	}
	return best
}

// owner returns the type that declares a property of c, or nil.
func (c *component) owner(property string) *component {
	for b := range c.bases {
		if b.membership[property] != nil && !b.discarded[property] {
			return b
		}
	}
	return nil
}

// keyed returns the type with a key among c and its base types, or nil.
func (c *component) keyed() *component {
	for b := range c.bases {
		if len(b.key) > 0 {
			return b
		}
	}
	return nil
}

// keys makes id the key of entity types without a key in any path. It starts with base
// types.
func (r *reader) keys() {
	var types []*component
	depth := make(map[*component]int)
	for _, c := range r.components {
		if c.form == structured && c.root().entity {
			types = append(types, c)
			depth[c] = c.depth()
		}
	}
	slices.SortStableFunc(types, func(a, b *component) int { return cmp.Compare(depth[a], depth[b]) })
	for _, c := range types {
		if c.keyed() == nil && c.membership["id"] != nil && !c.discarded["id"] {
			c.key = []string{"id"}
		}
	}
}

// streams removes the stream annotation of types that inherit it: paths show it for every
// type.
func (r *reader) streams() {
	for _, c := range r.components {
		if c.structure == nil || !c.structure.HasStream {
			continue
		}
		for b := range c.bases {
			if b != c && b.structure.HasStream {
				c.structure.HasStream = false
				break
			}
		}
	}
}

// finish adds the remaining components to the model as types.
func (r *reader) finish() {
	for _, c := range r.components {
		if c.typ != nil {
			continue
		}
		switch c.form {
		case structured:
			c.typ = r.structured(c)
		case enumerated:
			c.typ = r.enum(c)
		case defined:
			c.typ = r.definition(c)
		default:
			continue
		}
		s := r.schema(c.name.Namespace, c.pos)
		s.Types = append(s.Types, c.typ)
	}
}

func (r *reader) structured(c *component) *edm.StructuredType {
	t := &edm.StructuredType{Kind: edm.Complex, Name: c.name, Open: c.open, HasStream: c.stream, Pos: c.pos}
	c.structure = t
	if c.root().entity {
		t.Kind = edm.Entity
	}
	if c.base != nil {
		t.BaseName = c.base.name.String()
	}
	for _, name := range c.key {
		t.Key = append(t.Key, &edm.PropertyRef{Name: name, Pos: c.owner(name).membership[name].pos})
	}
	t.Annotations = r.typeAnnotations(c)
	for _, m := range c.members {
		if !c.discarded[m.name] {
			r.place(t, m)
		}
	}
	return t
}

// place adds a property to the structural or the navigation properties of a type.
func (r *reader) place(t *edm.StructuredType, m *property) {
	if m.use.to != nil && m.use.to.root().entity && (m.marked || !r.marked) {
		m.navigation = &edm.NavigationProperty{Name: m.name, Type: m.use.ofEntities().ref, Annotations: m.annotations, Pos: m.pos}
		t.Navigation = append(t.Navigation, m.navigation)
		return
	}
	if m.marked {
		r.note(m.pos, partOf(t.Name, m.name), "a navigation property to %s, which is not an entity type: it is a structural property", m.use.ref)
	}
	m.structural = &edm.Property{Name: m.name, Type: m.use.ref, Default: m.fallback, Annotations: m.annotations, Pos: m.pos}
	t.Properties = append(t.Properties, m.structural)
}

// typeAnnotations returns the annotations of a structured type. They are in the schema
// itself or in the part that allOf adds to the base.
func (r *reader) typeAnnotations(c *component) edm.Annotations {
	var list edm.Annotations
	own, _ := r.split(c)
	for _, p := range slices.Backward(own) {
		if list = about(p.doc, p.schema); len(list) > 0 {
			break
		}
	}
	for _, p := range own {
		if d := deprecation(p.schema.Deprecated, p.schema.Extensions, c.pos); d != nil {
			list = append(list, d...)
			break
		}
	}
	for _, p := range own {
		values := p.schema.AdditionalProperties.Schema
		if values == nil || values.Value == nil {
			continue
		}
		u := r.use(p.doc, values.Value, c.name, "value", shown(c.name))
		if !u.is("Untyped") && !u.ref.Collection {
			pos := p.doc.field(p.schema.Origin, "additionalProperties")
			list = append(list, annotation(termOpen, collection(pos, constant("String", u.ref.Name.String(), pos)), pos))
		}
	}
	return list
}

func (r *reader) definition(c *component) *edm.TypeDefinition {
	u, _ := r.read(c.doc, c.schema, c.name, "", shown(c.name))
	t := &edm.TypeDefinition{Name: c.name, Underlying: u.ref, Annotations: about(c.doc, c.schema), Pos: c.pos}
	t.Underlying.Text = t.Underlying.String()
	if len(c.schema.Enum) > 0 {
		r.note(c.doc.field(c.schema.Origin, "enum"), shown(c.name), "the listed values are not text: they get no constants")
	}
	return t
}
