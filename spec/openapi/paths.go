package openapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/edm"
)

// location is where a path has arrived.
type location struct {
	to         *component
	collection bool
	access     *access // access of the last element, nil if unknown
	keyed      bool    // after a key
}

// paths reads the entity container, navigation properties and operations from the paths.
func (r *reader) paths(tree *node) {
	if !r.odata {
		return
	}
	w := &walker{reader: r, overloads: make(map[string]bool)}
	for _, n := range tree.children {
		w.first(n)
	}
	w.inherited()
	w.annotate()
	w.streams()
}

// walker walks the paths.
type walker struct {
	*reader
	container *edm.EntityContainer
	accesses  []*access
	overloads map[string]bool
	actions   []bound
}

// first reads the first segment of paths: an entity set, a singleton, an operation.
func (w *walker) first(n *node) {
	switch {
	case strings.HasPrefix(n.segment, "$"):
		return
	case w.isOperation(n, nil):
		w.operation(n, location{})
		return
	case n.isKey() || n.hasArguments() || !edm.IsIdentifier(n.segment):
		w.pass(n, "no entity set or singleton begins with it")
		return
	}
	at, ok := w.served(n)
	if !ok {
		return
	}
	at.access = w.newAccess()
	at.access.seen = at.collection // the service lacks what no path of a set shows
	c := w.ensureContainer(n)
	annotations := w.described(n)
	if at.collection {
		s := &edm.EntitySet{Name: n.segment, TypeName: at.to.name.String(), Annotations: annotations, Pos: n.pos}
		c.EntitySets = append(c.EntitySets, s)
		at.access.annotations, at.access.collection = &s.Annotations, true
	} else {
		s := &edm.Singleton{Name: n.segment, TypeName: at.to.name.String(), Annotations: annotations, Pos: n.pos}
		c.Singletons = append(c.Singletons, s)
		at.access.annotations, at.access.singleton = &s.Annotations, true
	}
	w.walk(n, at)
}

// served returns the target of the first segment of paths: the response of GET, or the type
// of a key below it. For other paths it makes a type.
func (w *walker) served(n *node) (location, bool) {
	if u, ok := w.result(n.item.Get, n); ok && u.to != nil && u.to.root().entity {
		return location{to: u.to, collection: u.ref.Collection}, true
	}
	if key := n.key(); key != nil {
		if u, ok := w.result(key.item.Get, key); ok && u.to != nil && u.to.root().entity {
			return location{to: u.to, collection: true}, true
		}
		if c, _ := w.keyOf(key); c != nil {
			return location{to: c, collection: true}, true
		}
	}
	if len(n.children) == 0 || len(n.item.Operations()) > 0 {
		w.pass(n, "GET does not return an entity, so it is not an entity set or singleton")
		return location{}, false
	}
	return location{to: w.madeType(n), collection: n.key() != nil}, true
}

// newMade begins a type made for a path.
func newMade(r *reader, n *node) *component {
	return &component{
		doc: r.root, schema: new(openapi3.Schema), pos: n.pos, form: structured, built: true, made: true, entity: true,
		membership: make(map[string]*property),
	}
}

// pass notes that a path and everything below it are ignored.
func (w *walker) pass(n *node, why string) {
	w.note(n.pos, n.element(), "%s: it is ignored, along with everything below", why)
}

func (w *walker) ensureContainer(n *node) *edm.EntityContainer {
	if w.container == nil {
		w.container = &edm.EntityContainer{Name: edm.QName{Namespace: w.namespace, Name: "container"}, Pos: n.pos}
		w.model.Container = w.container
	}
	return w.container
}

// described returns the annotations of what a path serves.
func (w *walker) described(n *node) edm.Annotations {
	var list edm.Annotations
	if !strings.HasPrefix(n.item.Description, "Provides operations to ") {
		list = descriptions(n.item.Description, w.root.field(n.item.Origin, "description"))
	}
	if op := n.item.Get; op != nil {
		list = append(list, deprecation(op.Deprecated, op.Extensions, w.root.origin(op.Origin))...)
	}
	return list
}

// walk continues from a location.
func (w *walker) walk(n *node, at location) {
	at.access.note(n.item, at)
	if at.access != nil && n.item.Get != nil {
		at.access.require(w.parametersOf(n, http.MethodGet))
	}
	for _, child := range n.children {
		w.next(child, at)
	}
}

func (w *walker) next(n *node, at location) {
	name := n.segment
	switch {
	case n.isKey():
		if !at.collection {
			w.pass(n, "a key behind a single value")
			return
		}
		at.collection, at.keyed = false, true
		if len(n.parts) == 0 || w.alternate(n, at.to) {
			w.walk(n, at)
		}
	case name == "$ref":
		if at.access != nil {
			at.access.references = true
		}
	case name == "$value":
		if at.to.structure != nil && at.to.root().entity {
			at.to.structure.HasStream = true
		}
	case strings.HasPrefix(name, "$"):
	case w.cast(n, at):
	case w.property(n, at):
	case w.isOperation(n, at.to):
		w.operation(n, at)
	case n.hasArguments():
		w.pass(n, "neither a function nor a key")
	case at.to.made && !at.collection:
		w.navigate(n, at)
	default:
		w.pass(n, shown(at.to.name)+" has no property of this name")
	}
}

// cast follows a segment that names a derived type.
func (w *walker) cast(n *node, at location) bool {
	if !strings.Contains(n.segment, ".") {
		return false
	}
	c := w.types[n.segment]
	if c == nil {
		return false
	}
	at.to, at.access = c, nil
	for _, child := range n.children {
		w.next(child, at)
	}
	return true
}

// property follows a segment that names a property.
func (w *walker) property(n *node, at location) bool {
	if at.collection {
		return false
	}
	m := at.to.find(n.segment)
	if m == nil || w.isCall(n) {
		return false
	}
	w.leadsOn(n, at.to, m)
	switch {
	case m.navigation != nil:
		if m.access.annotations == nil {
			w.accesses = append(w.accesses, m.access)
			m.access.annotations, m.access.collection, m.access.navigation = &m.navigation.Annotations, m.use.ref.Collection, m.navigation
		}
		w.walk(n, location{to: m.use.to, collection: m.use.ref.Collection, access: m.access})
	case m.use.to != nil:
		w.unserved(n)
		for _, child := range n.children {
			w.next(child, location{to: m.use.to, collection: m.use.ref.Collection})
		}
	case m.use.is("Binary") && !m.use.ref.Collection && isStream(w.reader, n.item):
		stream := primitiveUse("Stream").ref
		stream.Text, stream.Nullable = stream.String(), m.structural.Type.Nullable
		m.structural.Type = stream
	default:
		w.unserved(n)
	}
	return true
}

// unserved notes a path to a property alone: requests are for entities, which have it.
func (w *walker) unserved(n *node) {
	if len(n.item.Operations()) > 0 {
		w.note(n.pos, n.element(), "it is a property and no entity: no request is for it alone")
	}
}

// leadsOn makes a navigation property of one whose schema does not say that it is one, where
// a path serves the entity that it has: what stands beside a reference is often lost.
func (w *walker) leadsOn(n *node, to *component, m *property) {
	owner := to.owner(m.name)
	if m.structural == nil || m.use.to == nil || !m.use.to.root().entity || len(n.item.Operations()) == 0 || owner.structure == nil {
		return
	}
	t := owner.structure
	t.Properties = slices.DeleteFunc(t.Properties, func(p *edm.Property) bool { return p == m.structural })
	m.structural = nil
	m.navigation = &edm.NavigationProperty{Name: m.name, Type: m.use.ofEntities().ref, Annotations: m.annotations, Pos: m.pos}
	t.Navigation = append(t.Navigation, m.navigation)
}

// isStream reports whether a path serves bytes.
func isStream(r *reader, item *openapi3.PathItem) bool {
	if item.Get == nil {
		return false
	}
	response := r.success(item.Get)
	if response == nil || len(response.Content) == 0 {
		return false
	}
	_, isJSON := jsonContent(response.Content)
	return !isJSON
}

// navigate adds a navigation property to a type made for paths.
func (w *walker) navigate(n *node, at location) {
	u, ok := w.result(n.item.Get, n)
	if key := n.key(); key != nil && (!ok || u.to == nil) {
		if u, ok = w.result(key.item.Get, key); ok {
			u.ref.Collection = true
		}
	}
	if c := w.missing(n); c != nil && (!ok || u.to == nil) {
		u, ok = use{ref: edm.TypeRef{Name: c.name, Collection: n.key() != nil}, to: c}, true
	}
	if !ok || u.to == nil || !u.to.root().entity || !edm.IsIdentifier(n.segment) {
		w.pass(n, "GET answers with no entity")
		return
	}
	u.ref.Nullable = nil
	u.ref.Text = u.ref.String()
	m := &property{name: n.segment, use: u, pos: n.pos, access: new(access), annotations: w.described(n)}
	m.navigation = &edm.NavigationProperty{Name: m.name, Type: u.ref, Annotations: m.annotations, Pos: m.pos}
	at.to.members = append(at.to.members, m)
	at.to.membership[m.name] = m
	at.to.structure.Navigation = append(at.to.structure.Navigation, m.navigation)
	w.property(n, at)
}

// missing returns the type of a place that is described only by the paths below it, nil for
// others.
func (w *walker) missing(n *node) *component {
	if len(n.children) == 0 || len(n.item.Operations()) > 0 || !edm.IsIdentifier(n.segment) {
		return nil
	}
	if key := n.key(); key != nil {
		if c, _ := w.keyOf(key); c != nil {
			return c
		}
	}
	if !w.bare(n) {
		return nil
	}
	return w.madeType(n)
}

// result returns the successful response of an operation.
func (r *reader) result(op *openapi3.Operation, n *node) (use, bool) {
	if op == nil {
		return use{}, false
	}
	response := r.success(op)
	if response == nil {
		return use{}, false
	}
	s, isJSON := jsonContent(response.Content)
	switch {
	case !isJSON && len(response.Content) > 0:
		return primitiveUse("Stream").nullable(true), true
	case s == nil:
		return use{}, false
	}
	element := n.element()
	owner := edm.QName{Namespace: r.namespace, Name: identifier(n.name())}
	if v := wrapped(r, s); v != nil {
		s = v
	}
	u := r.use(r.root, s, owner, "result", element)
	return u, true
}

// wrapped returns the schema of the single value in a response object such as {"value":
// true}, or nil for other objects.
func wrapped(r *reader, s *openapi3.Schema) *openapi3.Schema {
	if reference(s) != "" || len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) > 0 {
		return nil
	}
	v := s.Properties["value"]
	if v == nil || v.Value == nil {
		return nil
	}
	for name := range s.Properties {
		if name != "value" && !isControl(name) || name == "@odata.type" {
			return nil
		}
	}
	return v.Value
}

// success returns the successful response of an operation, or nil.
func (r *reader) success(op *openapi3.Operation) *openapi3.Response {
	all := op.Responses.Map()
	for _, status := range inOrder(all, responseOrigin) {
		if !strings.HasPrefix(status, "2") {
			continue
		}
		response := all[status]
		if response == nil || response.Value == nil {
			continue
		}
		ref := text(response.Value.Extensions, refKey)
		if ref == "" {
			if len(response.Value.Content) > 0 {
				return response.Value
			}
			continue
		}
		name := strings.TrimPrefix(ref, "#/components/responses/")
		if target := r.root.doc.Components.Responses[name]; target != nil && target.Value != nil {
			return target.Value
		}
		r.note(r.root.field(response.Value.Origin, refKey), "", "the reference %s does not lead to a response: it is ignored", edm.Quote(ref))
	}
	return nil
}

// jsonContent returns the schema of the JSON content among some media types.
func jsonContent(content openapi3.Content) (*openapi3.Schema, bool) {
	for _, name := range inOrder(content, func(m *openapi3.MediaType) *openapi3.Origin {
		if m == nil {
			return nil
		}
		return m.Origin
	}) {
		media, _, _ := strings.Cut(name, ";")
		if media != "application/json" && !strings.HasSuffix(media, "+json") && media != "*/*" {
			continue
		}
		if m := content[name]; m != nil && m.Schema != nil {
			return m.Schema.Value, true
		}
		return nil, true
	}
	return nil, false
}
