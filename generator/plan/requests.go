package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// requests plans the request builders.
type requests struct {
	*planner
	paths   *paths
	embeds  map[builderOf]bool   // the builders that others embed
	structs map[string]bool      // of keys and parameters, those that are planned
	queries map[string]edm.Query // required query parameters, by name
}

func (p *planner) requests(out *goir.Package) {
	r := &requests{planner: p, paths: newPaths(p.in), structs: make(map[string]bool), queries: make(map[string]edm.Query)}
	p.offered = make(map[*edm.Operation]bool)
	r.embeds = r.embedded()
	types := slices.Clone(r.paths.order)
	slices.SortFunc(types, func(a, b *edm.StructuredType) int {
		return cmp.Or(cmp.Compare(a.Name.Namespace, b.Name.Namespace),
			cmp.Compare(strings.ToLower(a.Name.Name), strings.ToLower(b.Name.Name)), cmp.Compare(a.Name.Name, b.Name.Name))
	})
	out.Usage = append(out.Usage, "Requests begin with [NewClient]. Each entity type that the service has a path to has a request builder for a single entity "+
		"and one for a collection. Requests take a [RequestOption] for each query option, and return an [*Error] if the service "+
		"refuses them.")
	out.Runtime = append(out.Runtime, "client")
	out.Files = append(out.Files, r.clientFile())
	files := newRequestFiles(p.names)
	for _, t := range types {
		known := r.paths.types[t]
		var decls requestDecls
		if known.item != "" || r.embeds[builderOf{t, false}] {
			r.item(&decls, t, known)
		}
		if known.collection != "" || r.embeds[builderOf{t, true}] {
			r.collection(&decls, t, known)
		}
		files.add(t, decls)
	}
	out.Files = append(out.Files, files.list()...)
	if f := r.queryFile(); f != nil {
		out.Files = append(out.Files, f)
	}
	out.Missing = r.missing(types)
}

// clientFile plans the file with NewClient and the methods of the client.
func (r *requests) clientFile() *goir.File {
	client := &goir.Client{Declared: goir.Declared{Name: "NewClient"}, Service: r.dialect.generated(), Methods: r.client()}
	if r.dialect.graph {
		client.Version = r.in.Version
	}
	client.Doc = goir.Paragraph("NewClient returns a client for the service. It asks tokens for an access token for each request; if tokens is nil, " +
		"requests are sent without one. An invalid option is reported by every request.")
	if !r.dialect.graph && r.dialect.service.Base == "" {
		client.Doc.Add("The address of the service must be given, with [WithBaseURL].")
	}
	imports, parameters := r.imports()
	client.Methods = append(client.Methods, imports...)
	f := &goir.File{Name: "client", Decls: []goir.Decl{client}}
	for _, p := range parameters {
		f.Decls = append(f.Decls, p)
	}
	return f
}

// missing returns what has no request though a path leads to it.
func (r *requests) missing(types []*edm.StructuredType) []goir.Missing {
	var list []goir.Missing
	for _, t := range types {
		known := r.paths.types[t]
		if known.collection != "" && known.item == "" && r.in.Has(t) {
			list = append(list, goir.Missing{Element: t.Name.String(), Pos: t.Pos, Why: "it has no key: its collections are read, single entities are not"})
		}
	}
	if r.in.Paths != nil || r.dialect.graph {
		return list
	}
	for op := range r.in.Model.Operations() {
		if op.Bound && !r.offered[op] && r.in.Cut.Offers(op) {
			list = append(list, goir.Missing{Element: op.Element(), Pos: op.Pos, Why: r.whyNot(op)})
		}
	}
	return list
}

// whyNot says why a bound operation has no request.
func (r *requests) whyNot(op *edm.Operation) string {
	to := op.Binding().Type
	t, ok := to.Type.(*edm.StructuredType)
	switch {
	case !ok:
		return "it has no request: it is bound to values of " + to.String() + ", which have no builder"
	case to.Collection && t.Kind == edm.Complex:
		return "it has no request: it is bound to a collection of a complex type, which has no builder"
	}
	return "it has no request: no path leads to what it is bound to"
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
	list := []string{r.names.Builder(t, collection)}
	if r.isSplit(t, collection) {
		list = append(list, r.names.Part(t, collection))
	}
	for b := r.inherits(t, collection); b != nil; b = r.inherits(b, collection) {
		list = append(list, r.inherited(b, collection))
	}
	return list
}

// isSplit reports whether the builders of derived types embed a part of a type's builder: one
// without casts, which lead to types that do not derive from theirs.
func (r *requests) isSplit(t *edm.StructuredType, collection bool) bool {
	known := r.paths.types[t]
	if known == nil || !r.embeds[builderOf{t, collection}] {
		return false
	}
	if !r.in.Has(t) || collection && known.collection == "" || !collection && known.item == "" {
		return false
	}
	return slices.ContainsFunc(names.Casts(t), func(d *edm.StructuredType) bool {
		return r.in.Has(d) && (d.Kind == edm.Entity || r.reaches(d, collection))
	})
}

// reaches reports whether a path leads to a type, or to a collection of it.
func (r *requests) reaches(t *edm.StructuredType, collection bool) bool {
	known := r.paths.types[t]
	return known != nil && (collection && known.collection != "" || !collection && known.item != "")
}

// inherited names what builders of derived types embed.
func (r *requests) inherited(t *edm.StructuredType, collection bool) string {
	if r.isSplit(t, collection) {
		return r.names.Part(t, collection)
	}
	return r.names.Builder(t, collection)
}

// start plans a builder without its methods, and the part of it that those of derived types
// embed, which may be the builder itself.
func (r *requests) start(decls *requestDecls, t *edm.StructuredType, collection bool) (whole, part *goir.Builder) {
	whole = &goir.Builder{Declared: r.declared(r.names.Builder(t, collection), t)}
	part = whole
	if r.isSplit(t, collection) {
		part = &goir.Builder{Declared: r.declared(r.names.Part(t, collection), t)}
		part.Doc = goir.Paragraph(part.Name + " is the part of [" + whole.Name + "] that the builders of derived types have, too.")
		whole.Embeds = part.Name
		decls.builders = append(decls.builders, whole)
	}
	if base := r.inherits(t, collection); base != nil {
		part.Embeds = r.inherited(base, collection)
	}
	decls.builders = append(decls.builders, part)
	return whole, part
}

// add adds methods to a builder, with their paths as the service has them.
func (r *requests) add(b *goir.Builder, list ...*goir.Method) {
	for _, m := range list {
		m.Doc.Code = r.shown(m.Doc.Code)
	}
	add(b, list...)
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
	b, part := r.start(decls, t, false)
	name := r.names.Type(t)
	text := b.Name + " builds requests for a single [" + name + "]."
	if t.Kind == edm.Complex {
		text = b.Name + " builds requests for what a property of type [" + name + "] contains."
	}
	r.builderDoc(b, t, text, known.item)
	if t.Kind == edm.Entity && !known.base && r.in.Has(t) {
		r.entityRequests(b, t, known)
	}
	for _, p := range t.Properties {
		r.add(part, r.complexProperty(t, p, known.item)...)
	}
	for _, n := range t.Navigation {
		r.add(part, r.navigation(t, n, known.item)...)
	}
	if !r.in.Has(t) {
		r.singleOperations(decls, part, t, false, known.item)
		return // a step on the way to a wanted path
	}
	for _, p := range t.Properties {
		if names.IsStream(p) {
			r.stream(part, t, p, known.item)
		}
	}
	r.operations(decls, part, t, false, known.item)
	r.add(part, r.byPath(t, known.item)...)
	r.add(b, r.casts(t, false, known.item)...)
}

// collection plans the builder for a collection of entities.
func (r *requests) collection(decls *requestDecls, t *edm.StructuredType, known *reached) {
	b, part := r.start(decls, t, true)
	r.builderDoc(b, t, b.Name+" builds requests for a collection of ["+r.names.Type(t)+"].", known.collection)
	if known.collection != "" {
		r.add(b, r.byKey(decls, t, known.collection)...)
		r.add(b, r.byAlternateKeys(t, known.collection)...)
	}
	if !r.in.Has(t) {
		r.singleOperations(decls, part, t, true, known.collection)
		return
	}
	if known.collection != "" {
		r.collectionRequests(b, t, known)
	}
	r.operations(decls, part, t, true, known.collection)
	r.add(b, r.casts(t, true, known.collection)...)
}

// builderDoc is the doc comment of a builder.
func (r *requests) builderDoc(b *goir.Builder, t *edm.StructuredType, text, path string) {
	b.Doc = goir.Paragraph(text)
	if path != "" {
		b.Doc.Add("Path: " + r.shown(path))
	}
	b.Doc.Deprecated = deprecation(t.Annotations)
}

// navigation plans the method for a navigation property, if paths along it are wanted.
func (r *requests) navigation(t *edm.StructuredType, n *edm.NavigationProperty, path string) []*goir.Method {
	target, ok := n.Type.Type.(*edm.StructuredType)
	if !ok || !r.in.Cut.Follows(n) || r.paths.types[target] == nil || path != "" && !r.paths.along[n] {
		return nil
	}
	m := r.navigate(r.names.Along(n), r.leads(target, n.Type.Collection))
	r.along(m, t, n.Name, "navigation property", path, n.Annotations)
	r.required(n, &m.Doc)
	m.Pos = n.Pos
	return []*goir.Method{m}
}

// complexProperty plans the method for a property of a complex type, if paths continue from
// it.
func (r *requests) complexProperty(t *edm.StructuredType, p *edm.Property, path string) []*goir.Method {
	to := r.paths.complexOf(p)
	if to == nil || r.paths.types[to] == nil || path != "" && !r.paths.along[p] {
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

// casts plans the methods that lead to derived types: to their builders, or for types without
// requests of their own to one that is the same for all.
func (r *requests) casts(t *edm.StructuredType, collection bool, path string) []*goir.Method {
	if path == "" || !r.in.Has(t) {
		return nil
	}
	var list []*goir.Method
	for _, d := range names.Casts(t) {
		if !r.in.Has(d) {
			continue
		}
		m := r.cast(d, collection)
		if m == nil {
			continue
		}
		m.Path = []goir.Segment{{Cast: d.Name.String()}}
		m.Element, m.Pos = d.Name.String(), d.Pos
		m.Doc = goir.Paragraph(m.Name + " returns a builder for the same entity as a [" + r.names.Type(d) + "].")
		if collection {
			m.Doc = goir.Paragraph(m.Name + " returns a builder for the entities in the collection that are of type [" + r.names.Type(d) + "].")
		}
		m.Doc.Code = under(path, d.Name.String())
		list = append(list, m)
	}
	return list
}

// cast plans the method that leads to a derived type, without its path.
func (r *requests) cast(d *edm.StructuredType, collection bool) *goir.Method {
	if r.reaches(d, collection) {
		return r.navigate(r.names.Cast(d, collection), r.leads(d, collection))
	}
	if d.Kind == edm.Complex {
		return nil // nothing is requested of it
	}
	name := r.names.Cast(d, collection)
	item, list := r.entity(d)
	m := &goir.Method{Kind: goir.Cast, Receiver: receiver, Item: item, List: list}
	m.Name, m.Results = name, []goir.Type{{Prefix: "*", Name: "CastRequestBuilder", Args: []goir.Type{item}}}
	if collection {
		m.Kind, m.Results[0].Name = goir.CastAll, "CastCollectionRequestBuilder"
	}
	return m
}

// stream plans the requests for a stream property.
func (r *requests) stream(b *goir.Builder, t *edm.StructuredType, p *edm.Property, path string) {
	about := sentence(p.Annotations.Description())
	at := []goir.Segment{{Text: p.Name}}
	open := request(goir.Open, r.names.Along(p), goir.Type{})
	open.Doc = r.requestDoc(methodText(open.Name+" reads the "+p.Name+" stream.", about), "GET", under(path, p.Name), restriction{})
	upload := r.upload(r.names.SetStream(p), "replaces the "+p.Name+" stream", t, under(path, p.Name))
	remove := request(goir.Send, r.names.DeleteStream(p), goir.Type{})
	remove.HTTP = "DELETE"
	remove.Doc = r.requestDoc(remove.Name+" deletes the "+p.Name+" stream.", "DELETE", under(path, p.Name), restriction{})
	for _, m := range []*goir.Method{open, upload, remove} {
		m.Path, m.Element, m.Pos = at, names.Element(t.Name, p.Name), p.Pos
		r.add(b, m)
	}
}

// upload plans the request that replaces a stream of an entity. Microsoft Graph answers with
// the entity, other services at most with the stream.
func (r *requests) upload(name, does string, t *edm.StructuredType, path string) *goir.Method {
	if !r.dialect.graph || t.Kind != edm.Entity {
		m := request(goir.Upload, name, goir.Type{})
		m.Doc = r.requestDoc(name+" "+does+".", "PUT", path, restriction{})
		return m
	}
	item, list := r.entity(t)
	m := request(goir.Upload, name, item)
	m.List = list
	m.Doc = r.requestDoc(name+" "+does+" and returns the entity; the result is empty if the service answers without content.", "PUT", path, restriction{})
	return m
}

// driveItem is the type of Microsoft Graph whose entities have paths.
var driveItem = edm.QName{Namespace: "microsoft.graph", Name: "driveItem"}

// byPath plans the method for the drive item at a path below another one, which no description
// has (Graph, "Address resources in a drive with the REST API").
func (r *requests) byPath(t *edm.StructuredType, path string) []*goir.Method {
	if !r.dialect.graph || t.Name != driveItem || path == "" {
		return nil
	}
	m := r.navigate(names.ByPath, r.leads(t, false), goir.Param{Name: "path", Type: stringType})
	m.Path = []goir.Segment{{ItemPath: "path"}}
	m.Doc = goir.Paragraph(m.Name + " returns a builder for the item at a path below this one, such as \"Reports/May 2026.xlsx\", whose segments are " +
		"names as people see them: they are escaped. The item need not exist: SetContent creates it.")
	m.Doc.Add("Path: " + r.shown(path) + ":/{path}:")
	return []*goir.Method{m}
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
