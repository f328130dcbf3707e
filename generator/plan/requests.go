package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// Builder is a struct that makes the requests of one kind of resource: an entity, or
// a collection of entities.
type Builder struct {
	Name    string
	Doc     Doc
	Embeds  string // the builder of the base type; "" when it holds the resource itself
	Methods []*Method
	Source  Source
}

// Method is a method of a builder or of the client.
type Method struct {
	Name   string
	Doc    Doc
	Does   Does
	Args   []Arg     // after the context and before the options
	Path   []Segment // from the builder's resource to that of the request
	HTTP   string    // the method of the request
	Body   string    // the argument that is sent; "" if there is none
	Result Result
	Leads  []string // the builder that a Lead returns, and those that it embeds
	Source Source
}

// Does says which kind of method it is.
type Does int

// The kinds of methods.
const (
	Lead    Does = iota // returns another builder
	Send                // sends a request whose answer has no content
	Fetch               // returns a struct
	Page                // returns a page of a collection
	Every               // ranges over a collection, page by page
	Scalar              // returns a value that is not a struct
	Count               // returns the number of items
	Delta               // ranges over changes
	Open                // reads a stream
	Upload              // writes a stream
	Refs                // ranges over the URLs of references
	Ref                 // returns the URL of the single reference
	AddRef              // adds a reference to a collection
	SetRef              // sets the single reference
	DropRef             // removes a reference
)

// Arg is an argument of a method.
type Arg struct {
	Name    string
	Type    Type
	Pointer bool // passed on by its address
}

// Segment is a part of a path that a method adds to that of its builder.
type Segment struct {
	Text string    // as it stands
	Key  string    // the argument that is a key
	Call *Function // a function with parameters
}

// Function is a call of a function, or a key with its name, in a path.
type Function struct {
	Name   string // "" for a key
	Values []Value
}

// Value is a named value in a path.
type Value struct {
	Name  string
	Arg   string // Go expression: the argument, or a field of it
	Field string
}

// Result is what a request returns.
type Result struct {
	Type Type
	List string // the variable that lists what a polymorphic result can be; "" if it is not
}

// Parameters is the struct of an operation's parameters.
type Parameters struct {
	Name   string
	Doc    Doc
	Fields []*Field
	Source Source
}

// Requests are the declarations of a file of request builders.
type Requests struct {
	Builders   []*Builder
	Parameters []*Parameters
}

const (
	itemSuffix       = "RequestBuilder"
	collectionSuffix = "CollectionRequestBuilder"
	parametersSuffix = "Parameters"
)

// requests plans the request builders.
type requests struct {
	*planner
	reach *reach
}

func (p *planner) requests(out *Package) {
	r := &requests{planner: p, reach: newReach(p.in)}
	types := slices.Clone(r.reach.order)
	slices.SortFunc(types, func(a, b *edm.StructuredType) int {
		return cmp.Or(cmp.Compare(a.Name.Namespace, b.Name.Namespace),
			cmp.Compare(strings.ToLower(a.Name.Name), strings.ToLower(b.Name.Name)), cmp.Compare(a.Name.Name, b.Name.Name))
	})
	out.Doc = append(out.Doc, "Requests begin with [NewClient]. For each entity type there is a request builder for one entity and one "+
		"for a collection, wherever the paths of the service lead to them. Requests take a [RequestOption] for each query option, and "+
		"return an [*Error] when the service refuses them.")
	out.Client = &Client{Version: p.in.Version, Methods: r.client()}
	files := newRequestFiles()
	for _, t := range types {
		known := r.reach.types[t]
		var list Requests
		if known.item != "" || known.base && r.reach.behaves(t, false) {
			r.item(&list, t, known)
		}
		if known.collection != "" || known.base && r.reach.behaves(t, true) {
			r.collection(&list, t, known)
		}
		files.add(t, list)
	}
	out.Files = append(out.Files, files.list()...)
}

// client plans the methods of the client: one for each entity set and singleton.
func (r *requests) client() []*Method {
	var list []*Method
	for _, e := range containerElements(r.in) {
		if !r.reach.within("/" + e.name) {
			continue
		}
		m := &Method{
			Name: names.Pascal(e.name), Does: Lead, Path: []Segment{{Text: e.name}},
			Leads: r.leads(e.to, e.collection), Source: Source{"/" + e.name, r.in.Model.Container.Pos},
		}
		m.Doc = r.navigationDoc(m.Name, "/"+e.name, e.annotations)
		list = append(list, m)
	}
	return list
}

// inherits returns the nearest base type whose builder has something to inherit.
func (r *requests) inherits(t *edm.StructuredType, collection bool) *edm.StructuredType {
	for b := t.Base; b != nil; b = b.Base {
		if r.reach.behaves(b, collection) && r.in.Has(b) {
			return b
		}
	}
	return nil
}

func (r *requests) builderName(t *edm.StructuredType, collection bool) string {
	if collection {
		return r.names.Type(t.Name) + collectionSuffix
	}
	return r.names.Type(t.Name) + itemSuffix
}

// leads names a builder and those that it embeds, from the outside in.
func (r *requests) leads(t *edm.StructuredType, collection bool) []string {
	var list []string
	for ; t != nil; t = r.inherits(t, collection) {
		list = append(list, r.builderName(t, collection))
	}
	return list
}

// start plans a builder without its methods.
func (r *requests) start(t *edm.StructuredType, collection bool) *Builder {
	b := &Builder{Name: r.builderName(t, collection), Source: Source{t.Name.String(), t.Pos}}
	if base := r.inherits(t, collection); base != nil {
		b.Embeds = r.builderName(base, collection)
	}
	return b
}

// item plans the builder of one entity.
func (r *requests) item(list *Requests, t *edm.StructuredType, known *reached) {
	b := r.start(t, false)
	name := r.names.Type(t.Name)
	b.Doc.add(b.Name + " makes the requests of one [" + name + "].")
	if t.Kind == edm.Complex {
		b.Doc = Doc{}
		b.Doc.add(b.Name + " leads on from a [" + name + "], which has no requests of its own: it is a property.")
	}
	if known.item != "" {
		b.Doc.add("Path: " + known.item)
	}
	b.Doc.Deprecated = deprecation(t.Annotations)
	if t.Kind == edm.Entity && !known.base && r.in.Has(t) {
		r.crud(b, t, known)
	}
	for _, p := range t.Properties {
		if m := r.complexProperty(t, p, known.item); m != nil {
			b.Methods = append(b.Methods, m)
		}
	}
	for _, n := range t.Navigation {
		if m := r.navigation(t, n, known.item); m != nil {
			b.Methods = append(b.Methods, m)
		}
	}
	if !r.in.Has(t) {
		list.Builders = append(list.Builders, b) // a step on the way to what was asked for
		return
	}
	for _, p := range t.Properties {
		if isStream(p) {
			r.stream(b, t, p, known.item)
		}
	}
	r.operations(list, b, t, false, known.item)
	r.casts(b, t, false, known.item)
	r.checkMethods(b)
	list.Builders = append(list.Builders, b)
}

// checkMethods reports methods of one name.
func (r *requests) checkMethods(b *Builder) {
	s := newScope(&r.findings)
	for _, m := range b.Methods {
		o := owner{m.Source.Element, m.Source.Pos}
		if o.element == "" {
			o.element = "the request " + m.Name
		}
		s.declare(m.Name, o)
	}
}

// crud plans what is done to an entity as such.
func (r *requests) crud(b *Builder, t *edm.StructuredType, known *reached) {
	any := func(use) bool { return true }
	result := r.entity(t)
	if known.allows(t, "ReadRestrictions", "Readable", any) {
		m := &Method{Name: "Get", Does: Fetch, HTTP: "GET", Result: result}
		m.Doc = r.requestDoc("Get reads the entity.", "GET", known.item, known.permissions("ReadRestrictions"))
		b.Methods = append(b.Methods, m)
	}
	if known.allows(t, "UpdateRestrictions", "Updatable", any) {
		m := &Method{Name: "Update", Does: Fetch, HTTP: "PATCH", Result: result, Args: []Arg{{Name: "v", Type: result.Type}}, Body: "v"}
		m.Doc = r.requestDoc("Update changes the properties that are set in v. What it returns is empty if the service answers without content.",
			"PATCH", known.item, known.permissions("UpdateRestrictions"))
		b.Methods = append(b.Methods, m)
	}
	ofCollection := func(u use) bool { return u.contained && !(u.root && !u.collection) }
	if known.allows(t, "DeleteRestrictions", "Deletable", ofCollection) {
		m := &Method{Name: "Delete", Does: Send, HTTP: "DELETE"}
		m.Doc = r.requestDoc("Delete deletes the entity.", "DELETE", known.item, known.permissions("DeleteRestrictions"))
		b.Methods = append(b.Methods, m)
	}
	if t.HasStream {
		m := &Method{Name: "Value", Does: Open, Path: []Segment{{Text: "$value"}}}
		m.Doc = r.requestDoc("Value reads the content of the media entity.", "GET", under(known.item, "$value"), "")
		up := &Method{Name: "SetValue", Does: Upload, Path: m.Path}
		up.Doc = r.requestDoc("SetValue replaces the content of the media entity.", "PUT", under(known.item, "$value"), "")
		b.Methods = append(b.Methods, m, up)
	}
	r.references(b, known)
}

// references plans what is done to a reference to an entity.
func (r *requests) references(b *Builder, known *reached) {
	single := slices.ContainsFunc(known.uses, func(u use) bool { return !u.contained && !u.collection })
	if single {
		get := &Method{Name: "GetRef", Does: Ref, HTTP: "GET"}
		get.Doc = r.requestDoc("GetRef returns the URL of the entity that the navigation property refers to, and does not read the entity.",
			"GET", "…/$ref", "")
		b.Methods = append(b.Methods, get)
		m := &Method{Name: "SetRef", Does: SetRef}
		m.Doc = r.requestDoc("SetRef makes the navigation property refer to the entity with a URL, which may be relative to the service.",
			"PUT", "…/$ref", "")
		b.Methods = append(b.Methods, m)
	}
	if single || slices.ContainsFunc(known.uses, func(u use) bool { return !u.contained }) {
		m := &Method{Name: "RemoveRef", Does: DropRef}
		m.Doc = r.requestDoc("RemoveRef removes the reference to the entity, not the entity.", "DELETE", "…/$ref", "")
		b.Methods = append(b.Methods, m)
	}
}

// collection plans the builder of a collection of entities.
func (r *requests) collection(list *Requests, t *edm.StructuredType, known *reached) {
	b := r.start(t, true)
	name := r.names.Type(t.Name)
	b.Doc.add(b.Name + " makes the requests of a collection of [" + name + "].")
	if known.collection != "" {
		b.Doc.add("Path: " + known.collection)
	}
	b.Doc.Deprecated = deprecation(t.Annotations)
	if known.collection != "" {
		if m := r.byKey(t, known.collection); m != nil {
			b.Methods = append(b.Methods, m)
		}
		b.Methods = append(b.Methods, r.byAlternateKeys(t, known.collection)...)
	}
	if !r.in.Has(t) {
		list.Builders = append(list.Builders, b)
		return
	}
	if known.collection != "" {
		r.collectionRequests(b, t, known)
	}
	r.operations(list, b, t, true, known.collection)
	r.casts(b, t, true, known.collection)
	r.checkMethods(b)
	list.Builders = append(list.Builders, b)
}

func (r *requests) collectionRequests(b *Builder, t *edm.StructuredType, known *reached) {
	any := func(use) bool { return true }
	result := r.entity(t)
	if known.allows(t, "ReadRestrictions", "Readable", any) {
		permissions := known.permissions("ReadRestrictions")
		list := &Method{Name: "List", Does: Page, HTTP: "GET", Result: result}
		list.Doc = r.requestDoc("List reads a page of the collection.", "GET", known.collection, permissions)
		all := &Method{Name: "All", Does: Every, HTTP: "GET", Result: result}
		all.Doc = r.requestDoc("All ranges over the collection, reading page after page. After an error it ends.", "GET", known.collection, permissions)
		count := &Method{Name: "Count", Does: Count}
		count.Doc = r.requestDoc("Count returns how many there are.", "GET", under(known.collection, "$count"), permissions)
		b.Methods = append(b.Methods, list, all)
		if known.allows(t, "CountRestrictions", "Countable", any) {
			b.Methods = append(b.Methods, count)
		}
	}
	owned := func(u use) bool { return u.collection && u.contained && !u.cast }
	if known.allows(t, "InsertRestrictions", "Insertable", owned) {
		m := &Method{Name: "Create", Does: Fetch, HTTP: "POST", Result: result, Args: []Arg{{Name: "v", Type: result.Type}}, Body: "v"}
		m.Doc = r.requestDoc("Create adds an entity to the collection and returns it as the service made it.", "POST", known.collection, known.permissions("InsertRestrictions"))
		b.Methods = append(b.Methods, m)
	}
	if slices.ContainsFunc(known.uses, func(u use) bool { return u.collection && !u.contained }) {
		refs := &Method{Name: "Refs", Does: Refs, HTTP: "GET"}
		refs.Doc = r.requestDoc("Refs ranges over the URLs of the entities of the collection, reading page after page, and does not read "+
			"the entities. After an error it ends.", "GET", "…/$ref", "")
		b.Methods = append(b.Methods, refs)
		m := &Method{Name: "AddRef", Does: AddRef}
		m.Doc = r.requestDoc("AddRef adds a reference to the entity with a URL, which may be relative to the service.", "POST", "…/$ref", "")
		b.Methods = append(b.Methods, m)
	}
}

// byKey plans the method that leads to one entity of a collection.
func (r *requests) byKey(t *edm.StructuredType, path string) *Method {
	key := keyOf(t)
	if key == nil {
		return nil
	}
	part := names.Pascal(key.Name)
	arg := Arg{Name: argument(key.Name), Type: r.keyType(key)}
	m := &Method{Name: "By" + part, Does: Lead, Args: []Arg{arg}, Leads: r.leads(t, false)}
	m.Path = []Segment{{Key: arg.Name}}
	if arg.Type.Name != "string" {
		m.Path = []Segment{{Call: &Function{Values: []Value{{Name: key.Name, Arg: arg.Name}}}}}
	}
	m.Doc.add(m.Name + " leads to one entity, by its key.")
	m.Doc.Code = under(path, keySegment(t))
	return m
}

func (r *requests) keyType(key *edm.Property) Type {
	t, _ := r.goType(key.Type, true, false)
	t.Prefix = ""
	return t
}

// navigation plans the method that leads along a navigation property.
func (r *requests) navigation(t *edm.StructuredType, n *edm.NavigationProperty, path string) *Method {
	target, ok := n.Type.Type.(*edm.StructuredType)
	if !ok || !r.in.Cut.Follows(n) || r.reach.types[target] == nil || !r.reach.within(under(path, n.Name)) {
		return nil
	}
	m := r.along(t, n.Name, path, n.Annotations)
	m.Leads, m.Source.Pos = r.leads(target, n.Type.Collection), n.Pos
	return m
}

// along begins the method that leads along a property of a type.
func (r *requests) along(t *edm.StructuredType, property, path string, annotations edm.Annotations) *Method {
	m := &Method{Name: navigationName(property), Does: Lead, Path: []Segment{{Text: property}}}
	m.Source.Element = names.Element(t.Name, property)
	m.Doc = r.navigationDoc(m.Name, under(path, property), annotations)
	return m
}

// complexProperty plans the method that leads to a property of a complex type, if paths
// lead on from there.
func (r *requests) complexProperty(t *edm.StructuredType, p *edm.Property, path string) *Method {
	to := r.reach.complexOf(p)
	if to == nil || r.reach.types[to] == nil || !r.reach.within(under(path, p.Name)) {
		return nil
	}
	m := r.along(t, p.Name, path, p.Annotations)
	m.Leads, m.Source.Pos = r.leads(to, false), p.Pos
	return m
}

// casts plans the methods that lead to a derived type.
func (r *requests) casts(b *Builder, t *edm.StructuredType, collection bool, path string) {
	if path == "" {
		return
	}
	derived := slices.Clone(t.Descendants())
	slices.SortFunc(derived, func(a, b *edm.StructuredType) int { return cmp.Compare(a.Name.String(), b.Name.String()) })
	for _, d := range derived {
		if r.reach.types[d] == nil || !r.reach.adds(d, t) {
			continue
		}
		m := &Method{
			Name: "As" + r.names.Type(d.Name), Does: Lead, Path: []Segment{{Text: d.Name.String()}},
			Leads: r.leads(d, collection), Source: Source{d.Name.String(), d.Pos},
		}
		m.Doc.add(m.Name + " leads to the same as a [" + r.names.Type(d.Name) + "].")
		if collection {
			m.Doc = Doc{}
			m.Doc.add(m.Name + " leads to those of the collection that are a [" + r.names.Type(d.Name) + "].")
		}
		m.Doc.Code = under(path, d.Name.String())
		b.Methods = append(b.Methods, m)
	}
}

// stream plans the requests of a property that is a stream.
func (r *requests) stream(b *Builder, t *edm.StructuredType, p *edm.Property, path string) {
	name := navigationName(p.Name)
	source := Source{names.Element(t.Name, p.Name), p.Pos}
	about := sentence(p.Annotations.Description())
	at := []Segment{{Text: p.Name}}
	open := &Method{Name: name, Does: Open, Path: at, Source: source}
	open.Doc = r.requestDoc(methodText(name+" reads a stream.", about), "GET", under(path, p.Name), "")
	upload := &Method{Name: "Set" + name, Does: Upload, Path: at, Source: source}
	upload.Doc = r.requestDoc("Set"+name+" replaces the stream.", "PUT", under(path, p.Name), "")
	remove := &Method{Name: "Delete" + name, Does: Send, HTTP: "DELETE", Path: at, Source: source}
	remove.Doc = r.requestDoc("Delete"+name+" deletes the stream.", "DELETE", under(path, p.Name), "")
	b.Methods = append(b.Methods, open, upload, remove)
}

func isStream(p *edm.Property) bool {
	return p.Type.Name == edm.QName{Namespace: "Edm", Name: "Stream"} && !p.Type.Collection
}

// entity is an entity type as a result.
func (r *requests) entity(t *edm.StructuredType) Result {
	ref := edm.TypeRef{Type: t}
	var out Result
	out.Type, out.List = r.goType(ref, false, false)
	return out
}

func under(path, segment string) string {
	if path == "" {
		return "…/" + segment
	}
	return path + "/" + segment
}

func methodText(first, more string) string {
	if more == "" {
		return first
	}
	return first + " " + more
}

// navigationName is the method for a navigation property or stream. Names that
// requests have are set apart, whatever requests the builder has.
func navigationName(name string) string {
	goName := names.Pascal(name)
	if isRequestName(goName) {
		return goName + "Resource"
	}
	return goName
}

// isRequestName reports whether a builder can have a request of this name.
func isRequestName(name string) bool {
	switch name {
	case "Get", "Update", "Delete", "List", "All", "Create", "Count", "Value", "SetValue", "Refs", "GetRef", "AddRef", "SetRef", "RemoveRef":
		return true
	}
	return false
}

// argument is the Go name of an argument: a property's name, so far as Go allows.
func argument(name string) string {
	goName := names.Pascal(name)
	i := 0
	for i < len(goName) && goName[i] >= 'A' && goName[i] <= 'Z' {
		i++
	}
	switch {
	case i == len(goName):
		return strings.ToLower(goName)
	case i > 1:
		i-- // the last capital begins the next word
	}
	return strings.ToLower(goName[:max(i, 1)]) + goName[max(i, 1):]
}

func (r *requests) navigationDoc(name, path string, annotations edm.Annotations) Doc {
	d := Doc{Code: path, Deprecated: deprecation(annotations)}
	if text := sentence(annotations.Description()); text != "" {
		d.add(about(name, text))
	} else {
		d.add(name + " leads on.")
	}
	return d
}

// requestDoc is the doc comment of a request.
func (r *requests) requestDoc(text, method, path, permissions string) Doc {
	d := Doc{Code: method + " " + path}
	d.add(text)
	if permissions != "" {
		d.add("Permissions: " + permissions + ".")
	}
	return d
}
