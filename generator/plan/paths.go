package plan

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// paths holds the entity types that the paths of a service reach, with the paths, and the
// complex types on the way, whose navigation properties continue paths.
type paths struct {
	in     Input
	paths  []string // the paths of in, without keys
	types  map[*edm.StructuredType]*reached
	order  []*edm.StructuredType // in order of discovery
	queue  []step
	goesOn map[*edm.StructuredType]bool // complex types: whether paths go on from them
	along  map[any]bool                 // properties and navigation properties that a wanted path goes along
	graph  bool
}

// reached describes how a type is reached.
type reached struct {
	item       string // the shortest path to one entity, "" if there is no such path
	collection string // the shortest path to a collection, "" if there is no such path
	uses       []use
	base       bool // included only because of a derived type

	wholeItem, wholeCollection bool // a path of this form is wanted
}

// use is a container element or navigation property that leads to a type.
type use struct {
	name        string
	collection  bool
	contained   bool // the entities belong to it; otherwise they are referenced
	root        bool // an entity set or singleton
	cast        bool // the path of a base type, followed by the type
	deprecated  string
	annotations edm.Annotations
}

// step is a path to follow.
type step struct {
	to         *edm.StructuredType
	path       string
	collection bool
}

// newPaths follows all paths from the container, the shortest first, and deprecated ones
// last.
func newPaths(in Input) *paths {
	r := &paths{in: in, types: make(map[*edm.StructuredType]*reached), goesOn: names.GoingOn(in.Model, in.keeps), along: make(map[any]bool), graph: names.IsGraph(in.Model)}
	for _, path := range in.Paths {
		r.paths = append(r.paths, keyless(path))
	}
	for _, deprecated := range []bool{false, true} {
		for _, e := range containerElements(in) {
			if (deprecation(e.annotations) != "") == deprecated && r.within("/"+e.name) {
				r.follow(e.to, "/"+e.name, use{name: e.name, collection: e.collection, contained: true, root: true,
					deprecated: deprecation(e.annotations), annotations: e.annotations})
			}
		}
		if !deprecated {
			r.imports()
		}
		for len(r.queue) > 0 {
			s := r.queue[0]
			r.queue = r.queue[1:]
			r.parts(s)
		}
	}
	return r
}

// element is an entity set or a singleton.
type element struct {
	name        string
	to          *edm.StructuredType
	collection  bool
	annotations edm.Annotations
	of          any // the entity set or singleton
}

// kind returns the kind of the element in the words of OData.
func (e element) kind() string {
	if e.collection {
		return "entity set"
	}
	return "singleton"
}

func containerElements(in Input) []element {
	c := in.Model.Container
	if c == nil {
		return nil
	}
	var list []element
	for _, s := range c.EntitySets {
		if !in.Cut[s] && !in.Cut[s.Type] {
			list = append(list, element{s.Name, s.Type, true, s.Annotations, s})
		}
	}
	for _, s := range c.Singletons {
		if !in.Cut[s] && !in.Cut[s.Type] {
			list = append(list, element{s.Name, s.Type, false, s.Annotations, s})
		}
	}
	slices.SortFunc(list, func(a, b element) int { return strings.Compare(a.name, b.name) })
	return list
}

// boundTo returns the callable operations bound to a type, or to a collection of it; those of a type
// that is not selected only if they are wanted by themselves.
func (in Input) boundTo(t *edm.StructuredType, collection bool) []*edm.Operation {
	all := in.Model.BoundTo(t, collection)
	if len(in.Cut) == 0 && in.Has(t) {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(op *edm.Operation) bool {
		return !in.Cut.Offers(op) || !in.Has(t) && !in.Operations[op]
	})
}

// within reports whether a path is wanted, or on the way to a wanted one.
func (r *paths) within(path string) bool { return r.isWanted(path) || r.isOnTheWay(path) }

// isWanted reports whether a path is wanted.
func (r *paths) isWanted(path string) bool {
	if r.in.Paths == nil {
		return true
	}
	path = keyless(path)
	return slices.ContainsFunc(r.paths, func(root string) bool { return root == path || strings.HasPrefix(path, root+"/") })
}

// isOnTheWay reports whether a wanted path goes on from a path.
func (r *paths) isOnTheWay(path string) bool {
	if r.in.Paths == nil {
		return false
	}
	path = keyless(path)
	return slices.ContainsFunc(r.paths, func(root string) bool { return strings.HasPrefix(root, path+"/") })
}

// keyless returns a path without its keys.
func keyless(path string) string {
	var steps []string
	for s := range strings.SplitSeq(strings.TrimSuffix(path, "/"), "/") {
		if before, _, ok := strings.Cut(s, "("); ok && (strings.Contains(s, "={") || strings.HasSuffix(s, "()")) {
			s = before
		}
		if !strings.HasPrefix(s, "{") {
			steps = append(steps, s)
		}
	}
	return strings.Join(steps, "/")
}

// follow records a use of a type, and queues its path if it is the first of its form, or leads
// further than those before it.
func (r *paths) follow(t *edm.StructuredType, path string, u use) {
	if t == nil {
		return
	}
	known := r.note(t)
	known.uses = append(known.uses, u)
	known.base = false
	if s := (step{t, path, u.collection}); r.reaches(known, s) {
		r.queue = append(r.queue, s)
	}
}

// reaches records a path to a type, and reports whether it is the first of its form, or leads
// further than those before it: a wanted one goes on everywhere, one on the way as its roots do.
func (r *paths) reaches(known *reached, s step) bool {
	first, whole := &known.item, &known.wholeItem
	if s.collection {
		first, whole = &known.collection, &known.wholeCollection
	}
	isFirst := *first == ""
	if isFirst {
		*first = s.path
	}
	if r.isWanted(s.path) && !*whole {
		*whole = true
		return true
	}
	return isFirst || r.isOnTheWay(s.path)
}

func (r *paths) note(t *edm.StructuredType) *reached {
	known := r.types[t]
	if known == nil {
		known = &reached{base: true}
		r.types[t] = known
		r.order = append(r.order, t)
		if t.Base != nil {
			r.note(t.Base)
		}
	}
	return known
}

// parts follows the ways in which a path continues.
func (r *paths) parts(s step) {
	known := r.types[s.to]
	r.casts(s)
	r.functions(s)
	if s.collection {
		s = step{to: s.to, path: itemPath(s)}
		if s.path == "" || !r.reaches(known, s) {
			return
		}
		r.casts(s)
		r.functions(s)
	}
	for b := s.to; b != nil; b = b.Base {
		for _, p := range b.Properties {
			if to := r.complexOf(p); to != nil && r.within(s.path+"/"+p.Name) {
				r.along[p] = true
				r.follow(to, s.path+"/"+p.Name, use{name: p.Name, contained: true})
			}
		}
		for _, n := range b.Navigation {
			path := s.path + "/" + n.Name
			if target, ok := n.Type.Type.(*edm.StructuredType); ok && r.in.Cut.Follows(n) && r.within(path) {
				r.along[n] = true
				r.follow(target, path, use{name: n.Name, collection: n.Type.Collection, contained: n.ContainsTarget,
					deprecated: deprecation(n.Annotations), annotations: n.Annotations})
			}
		}
	}
}

// functions follows a path through composable functions, whose results can continue it
// (OData URL Conventions, "Addressing Function Results").
func (r *paths) functions(s step) {
	for b := s.to; b != nil; b = b.Base {
		for _, op := range r.in.boundTo(b, s.collection) {
			path := s.path + "/" + op.Name.Name + "()"
			if to := r.composed(op); to != nil && r.within(path) {
				r.follow(to, path, use{name: op.Name.Name, contained: true, root: true, collection: op.Return.Type.Collection,
					deprecated: deprecation(op.Annotations)})
			}
		}
	}
}

// imports follows paths from the functions that the container imports.
func (r *paths) imports() {
	for _, i := range importsOf(r.in) {
		for _, op := range names.Unbound(r.in.Model, i) {
			path := "/" + i.Name + "()"
			if to := r.composed(op); to != nil && !r.in.Cut[i] && r.in.Cut.Offers(op) && r.within(path) {
				r.follow(to, path, use{name: i.Name, contained: true, root: true, collection: op.Return.Type.Collection,
					deprecated: deprecation(op.Annotations)})
			}
		}
	}
}

// importsOf returns what the container imports, by name.
func importsOf(in Input) []*edm.OperationImport {
	c := in.Model.Container
	if c == nil {
		return nil
	}
	list := slices.Concat(c.ActionImports, c.FunctionImports)
	slices.SortFunc(list, func(a, b *edm.OperationImport) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// composed returns the type that a composable function returns one value of, or for services
// other than Microsoft Graph a collection of entities, if there are requests behind that;
// otherwise nil.
func (r *paths) composed(op *edm.Operation) *edm.StructuredType {
	if !op.Function || !op.Composable || op.Return == nil || op.Return.Type.Collection && r.graph {
		return nil
	}
	to, ok := op.Return.Type.Type.(*edm.StructuredType)
	if !ok || !r.in.Has(to) {
		return nil
	}
	if to.Kind != edm.Entity {
		if op.Return.Type.Collection || !r.goesOn[to] || r.graph {
			return nil
		}
		return to
	}
	for t := to; t != nil; t = t.Base {
		if op.Return.Type.Collection || r.behaves(t, false) {
			return to
		}
	}
	return nil
}

// casts follows a path to the derived types with requests of their own.
func (r *paths) casts(s step) {
	for _, d := range names.Casts(s.to) {
		if r.in.Has(d) && r.adds(d, s.to) {
			r.follow(d, s.path+"/"+d.Name.String(), use{collection: s.collection, contained: true, cast: true})
		}
	}
}

// adds reports whether a derived type has requests that a base type lacks.
func (r *paths) adds(d, base *edm.StructuredType) bool {
	for t := d; t != base; t = t.Base {
		if r.behaves(t, false) || r.behaves(t, true) || t.HasStream {
			return true
		}
	}
	return false
}

// behaves reports whether a type, or a collection of it, has requests of its own that
// derived types inherit.
func (r *paths) behaves(t *edm.StructuredType, collection bool) bool {
	if len(r.in.boundTo(t, collection)) > 0 {
		return true
	}
	return !collection && (slices.ContainsFunc(t.Navigation, r.in.Cut.Follows) ||
		slices.ContainsFunc(t.Properties, func(p *edm.Property) bool { return names.IsStream(p) || r.complexOf(p) != nil }))
}

// complexOf returns the complex type of a property if paths continue from it, or nil.
func (r *paths) complexOf(p *edm.Property) *edm.StructuredType {
	t, ok := p.Type.Type.(*edm.StructuredType)
	if !ok || !r.goesOn[t] || p.Type.Collection || !r.in.Cut.Keeps(p) {
		return nil
	}
	return t
}

// keeps reports whether a type, property or navigation property is in the package.
func (in Input) keeps(part any) bool {
	switch part := part.(type) {
	case *edm.StructuredType:
		return in.Has(part)
	case *edm.Property:
		return in.Cut.Keeps(part)
	case *edm.NavigationProperty:
		return in.Cut.Follows(part)
	}
	return true
}

// itemPath returns the path to one entity of a collection: by its key, or else by an
// alternate key. It returns "" if there is no usable key.
func itemPath(s step) string {
	switch parts := keyParts(s.to); len(parts) {
	case 0:
	case 1:
		return s.path + "/" + keySegment(s.to)
	default:
		var texts []string
		for _, part := range parts {
			texts = append(texts, part.ref.URLName()+"={"+part.ref.URLName()+"}")
		}
		return s.path + "(" + strings.Join(texts, ",") + ")"
	}
	for _, key := range s.to.AlternateKeys() {
		if isUsable(s.to, key) {
			return s.path + shownKey(key)
		}
	}
	return ""
}

// keySegment returns a key as shown in a path: {call-id}.
func keySegment(t *edm.StructuredType) string { return "{" + t.Name.Name + "-id}" }

// keyOf returns the key of an entity type that is a single property.
func keyOf(t *edm.StructuredType) *edm.Property {
	if parts := keyParts(t); len(parts) == 1 {
		return parts[0].property
	}
	return nil
}

// allows reports whether some use of a type allows what a term of the Capabilities
// vocabulary can forbid. A use without the term allows it.
func (k *reached) allows(t *edm.StructuredType, term, property string, considered func(use) bool) bool {
	if forbids(t.Annotations, term, property) {
		return false
	}
	return slices.ContainsFunc(k.uses, func(u use) bool {
		return considered(u) && !forbids(u.annotations, term, property)
	})
}

const capabilities = "Org.OData.Capabilities.V1."

func forbids(list edm.Annotations, term, property string) bool {
	a := list.Get(capabilities + term)
	if a == nil {
		return false
	}
	v := a.Value.Property(property)
	return v != nil && v.Kind == "Bool" && v.Value == "false"
}
