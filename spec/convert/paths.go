package convert

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/callgen/callgen/spec/edm"
)

// Containment can be endless. These bounds on the navigation properties in a continued
// path, and on those of all paths together, keep a description from growing to many times
// the size of its service. The whole of Graph v1.0 has 3,500 on 9,000 paths.
const (
	maxDepth      = 5
	maxNavigation = 10_000
)

// depthOfPaths returns the greatest depth that respects the bounds.
func (w *writer) depthOfPaths(c *edm.EntityContainer) int {
	for depth := maxDepth; depth > 1; depth-- {
		left := maxNavigation
		for _, s := range c.EntitySets {
			left = within(s.Type, nil, depth, left)
		}
		for _, s := range c.Singletons {
			left = within(s.Type, nil, depth, left)
		}
		if left >= 0 {
			return depth
		}
	}
	w.notes.Add(c.Pos, c.Name.String(), "paths would be more than is of use: they end behind the first navigation property")
	return 1
}

// within returns what is left of a number of navigation properties after those at a place,
// negative if there are more.
func within(t *edm.StructuredType, above []*edm.StructuredType, depth, left int) int {
	if t == nil {
		return left
	}
	for _, owner := range slices.Concat([]*edm.StructuredType{t}, t.Ancestors(), t.Descendants()) {
		for _, p := range owner.Navigation {
			target, ok := p.Type.Type.(*edm.StructuredType)
			if left--; left < 0 {
				return left
			}
			if ok && p.ContainsTarget && !slices.Contains(above, target) && len(above) < depth {
				left = within(target, append(slices.Clone(above), target), depth, left)
			}
		}
	}
	return left
}

// place is the end of a path.
type place struct {
	path       string
	id         string   // dotted id of the operations there
	root       string   // the first segment
	parameters []string // names of the keys on the path
	keys       *yaml.Node
	to         *edm.StructuredType
	collection bool
	from       string                // name of the previous place in findings and summaries
	above      []*edm.StructuredType // types entered by containment
	keyed      []*edm.StructuredType // types whose keys are on the path
}

// paths writes what the entity container serves: sets and singletons, and from them along
// containment, each type once on a path.
func (w *writer) paths() {
	c := w.model.Container
	if c == nil {
		w.emit("paths", mapping())
		return
	}
	before := w.out.Len()
	w.out.WriteString("paths:\n")
	w.depth = w.depthOfPaths(c)
	// Sets and singletons are in document order.
	sets, singletons := c.EntitySets, c.Singletons
	for len(sets)+len(singletons) > 0 {
		if len(singletons) == 0 || len(sets) > 0 && sets[0].Pos.Compare(singletons[0].Pos) < 0 {
			w.set(sets[0])
			sets = sets[1:]
			continue
		}
		w.singleton(singletons[0])
		singletons = singletons[1:]
	}
	for _, i := range c.ActionImports {
		w.imports(i)
	}
	for _, i := range c.FunctionImports {
		w.imports(i)
	}
	if len(w.written) == 0 {
		w.out.Truncate(before)
		w.emit("paths", mapping())
	}
}

func (w *writer) set(s *edm.EntitySet) {
	if s.Type == nil {
		return
	}
	at := place{path: "/" + s.Name, id: s.Name, root: s.Name, keys: list(), to: s.Type, collection: true, from: s.Name}
	item := w.item(at, s.Annotations, "Provides operations to manage the collection of "+s.Type.Name.Name+" entities.")
	w.method(item, "get", s.Annotations, "ReadRestrictions", "Readable", w.listing(at, "Get entities from "+s.Name))
	w.method(item, "post", s.Annotations, "InsertRestrictions", "Insertable", w.creation(at, "Add new entity to "+s.Name))
	w.put(at, item)
	w.below(at)
	key, ok := w.key(at)
	if !ok {
		return
	}
	item = w.item(key, nil, "Provides operations to manage the collection of "+s.Type.Name.Name+" entities.")
	w.method(item, "get", s.Annotations, "ReadRestrictions", "Readable", w.getting(key, "Get entity from "+s.Name+" by key"))
	w.method(item, "patch", s.Annotations, "UpdateRestrictions", "Updatable", w.update(key, "Update entity in "+s.Name))
	w.method(item, "delete", s.Annotations, "DeleteRestrictions", "Deletable", w.deletion(key, "Delete entity from "+s.Name, "Delete"))
	w.finish(key, item)
	w.below(key)
	w.alternates(at, s)
}

// alternates writes the paths of the alternate keys of an entity set that consist of properties.
func (w *writer) alternates(at place, s *edm.EntitySet) {
	for _, alternate := range s.Type.AlternateKeys() {
		key := at
		key.keys, key.parameters, key.collection = list(slices.Clone(at.keys.Content)...), slices.Clone(at.parameters), false
		var parts []string
		for _, part := range alternate {
			p := s.Type.Property(part.Path)
			if p == nil || part.Alias != part.Path {
				break
			}
			parts = append(parts, p.Name+"="+placeholder(w.keyPart(&key, p.Name), p.Type))
		}
		if len(parts) < len(alternate) {
			w.notes.Add(s.Pos, s.Type.Name.String(), "an alternate key is no list of properties: it is left out")
			continue
		}
		key.path += "(" + strings.Join(parts, ",") + ")"
		item := w.item(key, nil, "Provides operations to manage the collection of "+s.Type.Name.Name+" entities.")
		w.method(item, "get", s.Annotations, "ReadRestrictions", "Readable", w.getting(key, "Get entity from "+s.Name+" by key"))
		w.finish(key, item)
	}
}

func (w *writer) singleton(s *edm.Singleton) {
	if s.Type == nil {
		return
	}
	at := place{path: "/" + s.Name, id: s.Name, root: s.Name, keys: list(), to: s.Type, from: s.Name}
	item := w.item(at, s.Annotations, "Provides operations to manage the "+s.Type.Name.Name+" singleton.")
	w.method(item, "get", s.Annotations, "ReadRestrictions", "Readable", w.getting(at, "Get "+s.Name))
	w.method(item, "patch", s.Annotations, "UpdateRestrictions", "Updatable", w.update(at, "Update "+s.Name))
	for i := 0; i+1 < len(item.Content); i += 2 {
		if item.Content[i+1].Kind == yaml.MappingNode {
			deprecated(item.Content[i+1], s.Annotations)
		}
	}
	w.put(at, item)
	w.below(at)
}

// item begins the path item of a place.
func (w *writer) item(at place, a edm.Annotations, otherwise string) *yaml.Node {
	n := mapping()
	if text := about(a); text != nil {
		set(n, "description", text)
	} else {
		set(n, "description", str(otherwise))
	}
	return n
}

// finish adds the keys of a path to its item, and the item to the paths.
func (w *writer) finish(at place, item *yaml.Node) {
	if len(at.keys.Content) > 0 {
		set(item, "parameters", at.keys)
	}
	w.put(at, item)
}

// put adds a path item to the paths.
func (w *writer) put(at place, item *yaml.Node) {
	w.written[at.path] = true
	for _, t := range at.keyed {
		w.keyed[t] = true
	}
	w.emit(at.path, item, "paths")
}

// key returns the place after a key, if the entities have a key.
func (w *writer) key(at place) (place, bool) {
	properties := at.to.KeyProperties()
	if len(properties) == 0 {
		return at, false
	}
	at.keys, at.parameters, at.collection = list(slices.Clone(at.keys.Content)...), slices.Clone(at.parameters), false
	if len(properties) == 1 {
		at.path += "/{" + w.keyPart(&at, properties[0].Name) + "}"
		return at, true
	}
	parts := make([]string, len(properties))
	for i, p := range properties {
		parts[i] = p.Name + "=" + placeholder(w.keyPart(&at, p.Name), p.Type)
	}
	at.path += "(" + strings.Join(parts, ",") + ")"
	return at, true
}

// keyPart adds the parameter for a property of a key, and returns its name.
func (w *writer) keyPart(at *place, property string) string {
	at.keyed = slices.Concat(at.keyed, []*edm.StructuredType{at.to.Keyed()})
	name := at.to.Name.Name + "-" + property
	for i, plain := 1, name; slices.Contains(at.parameters, name); i++ {
		name = plain + strconv.Itoa(i)
	}
	at.keys.Content = append(at.keys.Content, mapping(
		"name", str(name), "in", str("path"), "description", str("The unique identifier of "+at.to.Name.Name), "required", boolean(true),
		"schema", mapping("type", str("string")), "x-ms-docs-key-type", str(at.to.Name.Name),
	))
	at.parameters = append(at.parameters, name)
	return name
}

// placeholder returns the placeholder of a value in a path, quoted for strings.
func placeholder(name string, t edm.TypeRef) string {
	if !t.Collection && t.Name == (edm.QName{Namespace: "Edm", Name: "String"}) {
		return "'{" + name + "}'"
	}
	return "{" + name + "}"
}

// below writes the paths below a place: operations, navigation properties, streams, and
// those of derived types after their names.
func (w *writer) below(at place) {
	w.bound(at)
	if at.collection {
		return
	}
	for _, t := range append([]*edm.StructuredType{at.to}, at.to.Ancestors()...) {
		w.members(at, t)
	}
	for _, d := range at.to.Descendants() {
		cast := at
		cast.path += "/" + d.Name.String()
		cast.id += "." + d.Name.Name
		cast.to = d
		w.operations(cast, d)
		w.members(cast, d)
	}
}

// members writes the streams and navigation properties that a type declares.
func (w *writer) members(at place, t *edm.StructuredType) {
	if t.HasStream {
		w.stream(at, "$value", "media content", nil)
	}
	for _, p := range t.Properties {
		if p.Type.Name == (edm.QName{Namespace: "Edm", Name: "Stream"}) && !p.Type.Collection {
			w.stream(at, p.Name, p.Name, p.Annotations)
		}
	}
	for _, p := range t.Navigation {
		target, ok := p.Type.Type.(*edm.StructuredType)
		if !ok {
			continue
		}
		to := at
		to.path += "/" + p.Name
		to.id += "." + p.Name
		to.to, to.collection, to.from = target, p.Type.Collection, at.from
		w.navigation(to, p)
	}
}

// navigation writes the path of a navigation property. Contained entities can be created
// and changed there; other entities are elsewhere, and have references.
func (w *writer) navigation(at place, p *edm.NavigationProperty) {
	from := at.from
	at.from = p.Name
	item := w.item(at, p.Annotations, "Provides operations to manage the "+p.Name+" property of the "+p.Owner.Name.String()+" entity.")
	changes := func(item *yaml.Node, at place) {
		w.method(item, "patch", p.Annotations, "UpdateRestrictions", "Updatable", w.update(at, "Update the navigation property "+p.Name+" in "+from))
		w.method(item, "delete", p.Annotations, "DeleteRestrictions", "Deletable", w.deletion(at, "Delete navigation property "+p.Name+" for "+from, "Delete"))
	}
	read := "Get " + p.Name + " from " + from
	switch {
	case !at.collection:
		w.method(item, "get", p.Annotations, "ReadRestrictions", "Readable", requiring(p, w.getting(at, read)))
		if p.ContainsTarget {
			changes(item, at)
		}
		w.finish(at, item)
	default:
		w.method(item, "get", p.Annotations, "ReadRestrictions", "Readable", requiring(p, w.listing(at, read)))
		if p.ContainsTarget {
			w.method(item, "post", p.Annotations, "InsertRestrictions", "Insertable", w.creation(at, "Create new navigation property to "+p.Name+" for "+from))
		}
		w.finish(at, item)
	}
	if !p.ContainsTarget {
		w.elsewhere(at, p)
		return
	}
	repeats := slices.Contains(at.above, at.to) || len(at.above) >= w.depth
	at.above = append(slices.Clone(at.above), at.to)
	if at.collection {
		if !repeats {
			w.bound(at)
		}
		behind, ok := w.key(at)
		if !ok {
			return
		}
		at = behind
		item = w.item(at, p.Annotations, "Provides operations to manage the "+p.Name+" property of the "+p.Owner.Name.String()+" entity.")
		w.method(item, "get", p.Annotations, "ReadRestrictions", "Readable", w.getting(at, read))
		changes(item, at)
		w.finish(at, item)
	}
	if !repeats {
		w.below(at)
	}
}

// elsewhere writes the paths below a navigation property to entities that are not
// contained: references to them, if these can be changed, and operations.
func (w *writer) elsewhere(at place, p *edm.NavigationProperty) {
	if !fixed(p.Annotations) {
		w.references(at, p)
		if w.isServed(at.to) {
			return // its operations are there
		}
	}
	w.bound(at)
	if key, ok := w.key(at); ok && at.collection {
		w.bound(key)
	}
}

// isServed reports whether an entity set or a singleton has entities of a type.
func (w *writer) isServed(t *edm.StructuredType) bool {
	related := func(s *edm.StructuredType) bool {
		return s != nil && (s == t || slices.Contains(s.Ancestors(), t) || slices.Contains(t.Ancestors(), s))
	}
	c := w.model.Container
	return slices.ContainsFunc(c.EntitySets, func(s *edm.EntitySet) bool { return related(s.Type) }) ||
		slices.ContainsFunc(c.Singletons, func(s *edm.Singleton) bool { return related(s.Type) })
}

// fixed reports whether a navigation property cannot be changed at all.
func fixed(a edm.Annotations) bool {
	for term, able := range map[string]string{"InsertRestrictions": "Insertable", "UpdateRestrictions": "Updatable", "DeleteRestrictions": "Deletable"} {
		annotation := a.Get(capabilities + term)
		if annotation == nil && term == "InsertRestrictions" {
			continue // applies to collections only
		}
		if annotation == nil || !forbids(annotation.Value, able) {
			return false
		}
	}
	return true
}

// references writes the paths to references to entities elsewhere.
func (w *writer) references(at place, p *edm.NavigationProperty) {
	ref := at
	ref.path += "/$ref"
	ref.id += ".ref"
	item := w.item(ref, nil, "Provides operations to manage the collection of references.")
	get := w.operation(ref, "Get ref of "+p.Name, "GetRef", "operation")
	set(get, "responses", w.answers(mapping("description", str("Retrieved navigation property link"), "content", json(mapping("type", str("string"))))))
	set(item, "get", get)
	method := "put"
	if p.Type.Collection {
		method = "post"
	}
	change := w.operation(ref, "Set ref of "+p.Name, "SetRef", "operation")
	set(change, "requestBody", mapping("content", json(reference("schemas", "ReferenceCreate")), "required", boolean(true)))
	set(change, "responses", w.answers(mapping("description", str("Success"))))
	set(item, method, change)
	w.finish(ref, item)
}

// stream writes the path of a stream.
func (w *writer) stream(at place, segment, what string, a edm.Annotations) {
	at.path += "/" + segment
	at.id += "." + strings.TrimPrefix(segment, "$")
	content := mapping("application/octet-stream", mapping("schema", mapping("type", str("string"), "format", str("binary"))))
	get := w.operation(at, "Get "+what, "GetContent", "operation")
	set(get, "responses", w.answers(mapping("description", str("Retrieved content"), "content", content)))
	put := w.operation(at, "Update "+what, "UpdateContent", "operation")
	set(put, "requestBody", mapping("description", str("New content."), "content", content, "required", boolean(true)))
	set(put, "responses", w.answers(mapping("description", str("Success"))))
	remove := w.deletion(at, "Delete "+what, "DeleteContent")
	item := w.item(at, a, "Provides operations to manage the media for the "+at.to.Name.Name+" entity.")
	set(item, "get", get)
	set(item, "put", put)
	set(item, "delete", remove)
	w.finish(at, item)
}
