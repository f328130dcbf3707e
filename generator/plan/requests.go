package plan

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// requests plans the request builders.
type requests struct {
	*planner
	paths *paths
}

func (p *planner) requests(out *goir.Package) {
	r := &requests{planner: p, paths: newPaths(p.in)}
	types := slices.Clone(r.paths.order)
	slices.SortFunc(types, func(a, b *edm.StructuredType) int {
		return cmp.Or(cmp.Compare(a.Name.Namespace, b.Name.Namespace),
			cmp.Compare(strings.ToLower(a.Name.Name), strings.ToLower(b.Name.Name)), cmp.Compare(a.Name.Name, b.Name.Name))
	})
	out.Doc = append(out.Doc, "Requests begin with [NewClient]. Each entity type that the service has a path to has a request builder for a single entity "+
		"and one for a collection. Requests take a [RequestOption] for each query option, and return an [*Error] if the service "+
		"refuses them.")
	out.Runtime = append(out.Runtime, "client")
	client := &goir.Client{Declared: goir.Declared{Name: "NewClient"}, Version: p.in.Version, Methods: r.client()}
	out.Files = append(out.Files, &goir.File{Name: "client", Decls: []goir.Decl{client}})
	files := newRequestFiles(p.names)
	embedded := r.embedded()
	for _, t := range types {
		known := r.paths.types[t]
		var decls requestDecls
		if known.item != "" || embedded[builderOf{t, false}] {
			r.item(&decls, t, known)
		}
		if known.collection != "" || embedded[builderOf{t, true}] {
			r.collection(&decls, t, known)
		}
		files.add(t, decls)
	}
	out.Files = append(out.Files, files.list()...)
	out.Missing = r.missing(types)
}

// missing returns the elements that have no request though a path reaches them.
func (r *requests) missing(types []*edm.StructuredType) []goir.Missing {
	var list []goir.Missing
	for _, t := range types {
		known := r.paths.types[t]
		if n := len(t.KeyProperties()); known.collection != "" && known.item == "" && n != 1 && r.in.Has(t) {
			why := "requests address entities by keys of one property, and its key has " + strconv.Itoa(n) + ": its collections are read, single entities are not"
			list = append(list, goir.Missing{Element: t.Name.String(), Pos: t.Pos, Why: why})
		}
	}
	c := r.in.Model.Container
	if c == nil || r.in.Paths != nil {
		return list
	}
	for _, i := range slices.Concat(c.ActionImports, c.FunctionImports) {
		list = append(list, goir.Missing{Element: "/" + i.Name, Pos: i.Pos, Why: "imports of actions and functions have no requests yet"})
	}
	return list
}

// client plans the methods of the client: one for each entity set and singleton.
func (r *requests) client() []*goir.Method {
	var list []*goir.Method
	for _, e := range containerElements(r.in) {
		if !r.paths.within("/" + e.name) {
			continue
		}
		m := r.navigate(r.names.Container(e.of), r.leads(e.to, e.collection))
		m.Receiver, m.Path = "c", []goir.Segment{{Text: e.name}}
		m.Element, m.Pos = "/"+e.name, r.in.Model.Container.Pos
		m.Doc = r.navigationDoc(m.Name, e.name+" "+e.kind(), "/"+e.name, e.annotations)
		list = append(list, m)
	}
	return list
}

// builderOf identifies the builder for one entity of a type, or for a collection.
type builderOf struct {
	of         *edm.StructuredType
	collection bool
}

// embedded returns the builders that the builders of reached types embed.
func (r *requests) embedded() map[builderOf]bool {
	all := make(map[builderOf]bool)
	for t, known := range r.paths.types {
		for _, collection := range []bool{false, true} {
			if !collection && known.item == "" || collection && known.collection == "" {
				continue
			}
			for b := r.inherits(t, collection); b != nil; b = r.inherits(b, collection) {
				all[builderOf{b, collection}] = true
			}
		}
	}
	return all
}

// inherits returns the nearest base type whose builder has something to inherit.
func (r *requests) inherits(t *edm.StructuredType, collection bool) *edm.StructuredType {
	for b := t.Base; b != nil; b = b.Base {
		if r.paths.behaves(b, collection) && r.in.Has(b) {
			return b
		}
	}
	return nil
}

// leads returns the names of a builder and of the builders that it embeds, from the outside
// in.
func (r *requests) leads(t *edm.StructuredType, collection bool) []string {
	var list []string
	for ; t != nil; t = r.inherits(t, collection) {
		list = append(list, r.names.Builder(t, collection))
	}
	return list
}

// start plans a builder without its methods.
func (r *requests) start(t *edm.StructuredType, collection bool) *goir.Builder {
	b := &goir.Builder{Declared: r.declared(r.names.Builder(t, collection), t)}
	if base := r.inherits(t, collection); base != nil {
		b.Embeds = r.names.Builder(base, collection)
	}
	return b
}

// add adds methods to a builder. A method without an element is attributed to the type.
func add(b *goir.Builder, list ...*goir.Method) {
	for _, m := range list {
		m.Element, m.Type = cmp.Or(m.Element, b.Element), b.Type
		b.Methods = append(b.Methods, m)
	}
}

// item plans the builder for one entity, or for a complex property.
func (r *requests) item(decls *requestDecls, t *edm.StructuredType, known *reached) {
	b := r.start(t, false)
	name := r.names.Type(t)
	b.Doc.Add(b.Name + " builds requests for a single [" + name + "].")
	if t.Kind == edm.Complex {
		b.Doc = goir.Paragraph(b.Name + " builds requests for what a property of type [" + name + "] contains.")
	}
	if known.item != "" {
		b.Doc.Add("Path: " + known.item)
	}
	b.Doc.Deprecated = deprecation(t.Annotations)
	if t.Kind == edm.Entity && !known.base && r.in.Has(t) {
		r.entityRequests(b, t, known)
	}
	for _, p := range t.Properties {
		add(b, r.complexProperty(t, p, known.item)...)
	}
	for _, n := range t.Navigation {
		add(b, r.navigation(t, n, known.item)...)
	}
	decls.builders = append(decls.builders, b)
	if !r.in.Has(t) {
		return // a step on the way to a wanted path
	}
	for _, p := range t.Properties {
		if names.IsStream(p) {
			r.stream(b, t, p, known.item)
		}
	}
	r.operations(decls, b, t, false, known.item)
	r.casts(b, t, false, known.item)
}

// collection plans the builder for a collection of entities.
func (r *requests) collection(decls *requestDecls, t *edm.StructuredType, known *reached) {
	b := r.start(t, true)
	b.Doc.Add(b.Name + " builds requests for a collection of [" + r.names.Type(t) + "].")
	if known.collection != "" {
		b.Doc.Add("Path: " + known.collection)
	}
	b.Doc.Deprecated = deprecation(t.Annotations)
	if known.collection != "" {
		add(b, r.byKey(t, known.collection)...)
		add(b, r.byAlternateKeys(t, known.collection)...)
	}
	decls.builders = append(decls.builders, b)
	if !r.in.Has(t) {
		return
	}
	if known.collection != "" {
		r.collectionRequests(b, t, known)
	}
	r.operations(decls, b, t, true, known.collection)
	r.casts(b, t, true, known.collection)
}

// navigation plans the method for a navigation property, if paths along it are wanted.
func (r *requests) navigation(t *edm.StructuredType, n *edm.NavigationProperty, path string) []*goir.Method {
	target, ok := n.Type.Type.(*edm.StructuredType)
	if !ok || !r.in.Cut.Follows(n) || r.paths.types[target] == nil || !r.paths.within(under(path, n.Name)) {
		return nil
	}
	m := r.navigate(r.names.Along(n), r.leads(target, n.Type.Collection))
	r.along(m, t, n.Name, "navigation property", path, n.Annotations)
	m.Pos = n.Pos
	return []*goir.Method{m}
}

// complexProperty plans the method for a property of a complex type, if paths continue from
// it.
func (r *requests) complexProperty(t *edm.StructuredType, p *edm.Property, path string) []*goir.Method {
	to := r.paths.complexOf(p)
	if to == nil || r.paths.types[to] == nil || !r.paths.within(under(path, p.Name)) {
		return nil
	}
	m := r.navigate(r.names.Along(p), r.leads(to, false))
	r.along(m, t, p.Name, "property", path, p.Annotations)
	m.Pos = p.Pos
	return []*goir.Method{m}
}

// along makes a method navigate along a property of a type.
func (r *requests) along(m *goir.Method, t *edm.StructuredType, property, kind, path string, annotations edm.Annotations) {
	m.Path = []goir.Segment{{Text: property}}
	m.Element = names.Element(t.Name, property)
	m.Doc = r.navigationDoc(m.Name, property+" "+kind, under(path, property), annotations)
}

// casts plans the methods that cast to a derived type.
func (r *requests) casts(b *goir.Builder, t *edm.StructuredType, collection bool, path string) {
	if path == "" {
		return
	}
	for _, d := range names.Casts(t) {
		if r.paths.types[d] == nil || !r.paths.adds(d, t) {
			continue
		}
		m := r.navigate(r.names.Cast(d, collection), r.leads(d, collection))
		m.Path = []goir.Segment{{Text: d.Name.String()}}
		m.Element, m.Pos = d.Name.String(), d.Pos
		m.Doc = goir.Paragraph(m.Name + " returns a builder for the same entity as a [" + r.names.Type(d) + "].")
		if collection {
			m.Doc = goir.Paragraph(m.Name + " returns a builder for the entities in the collection that are of type [" + r.names.Type(d) + "].")
		}
		m.Doc.Code = under(path, d.Name.String())
		add(b, m)
	}
}

// stream plans the requests for a stream property.
func (r *requests) stream(b *goir.Builder, t *edm.StructuredType, p *edm.Property, path string) {
	about := sentence(p.Annotations.Description())
	at := []goir.Segment{{Text: p.Name}}
	open := request(goir.Open, r.names.Along(p), goir.Type{})
	open.Doc = r.requestDoc(methodText(open.Name+" reads the "+p.Name+" stream.", about), "GET", under(path, p.Name), restriction{})
	upload := request(goir.Upload, r.names.SetStream(p), goir.Type{})
	upload.Doc = r.requestDoc(upload.Name+" replaces the "+p.Name+" stream.", "PUT", under(path, p.Name), restriction{})
	remove := request(goir.Send, r.names.DeleteStream(p), goir.Type{})
	remove.HTTP = "DELETE"
	remove.Doc = r.requestDoc(remove.Name+" deletes the "+p.Name+" stream.", "DELETE", under(path, p.Name), restriction{})
	for _, m := range []*goir.Method{open, upload, remove} {
		m.Path, m.Element, m.Pos = at, names.Element(t.Name, p.Name), p.Pos
		add(b, m)
	}
}

// entity returns an entity type as a result.
func (r *requests) entity(t *edm.StructuredType) (item goir.Type, list string) {
	return r.goType(edm.TypeRef{Type: t}, false, false)
}

func under(path, segment string) string {
	if path == "" {
		return "…/" + segment
	}
	return path + "/" + segment
}
