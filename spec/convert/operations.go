package convert

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/callgen/callgen/spec/edm"
)

const capabilities = "Org.OData.Capabilities.V1."

// operation begins an HTTP operation.
func (w *writer) operation(at place, summary, id, kind string) *yaml.Node {
	tag := at.root
	if at.to != nil {
		tag += "." + at.to.Name.Name
	}
	n := mapping("tags", list(str(tag)), "summary", str(summary), "operationId", str(w.operationID(at, id)))
	set(n, "x-ms-docs-operation-type", str(kind))
	return n
}

// operationID returns a dotted id with the verb before the last name:
// communications.ListCalls. Overloads share a name, so all but the first are numbered.
func (w *writer) operationID(at place, verb string) string {
	plain := plainID(at, verb)
	id := plain
	for n := 2; w.ids[id]; n++ {
		id = plain + strconv.Itoa(n)
	}
	w.ids[id] = true
	return id
}

func plainID(at place, verb string) string {
	if verb == "" {
		return at.id
	}
	before, last := "", at.id
	if dot := strings.LastIndexByte(at.id, '.'); dot >= 0 {
		before, last = at.id[:dot+1], at.id[dot+1:]
	}
	first, n := utf8.DecodeRuneInString(last)
	return before + verb + string(unicode.ToUpper(first)) + last[n:]
}

// method adds an operation, unless the service does not support it, with the permissions
// and texts of its annotation.
func (w *writer) method(item *yaml.Node, method string, a edm.Annotations, term, able string, op *yaml.Node) {
	var value *edm.Expression
	if annotation := a.Get(capabilities + term); annotation != nil {
		value = annotation.Value
	}
	if forbids(value, able) {
		return
	}
	if text := words(plain(value.Property("Description"))); text != nil {
		replace(op, "summary", text)
	}
	describe(op, words(plain(value.Property("LongDescription"))))
	w.secure(op, value)
	set(item, method, op)
}

// forbids reports whether a restriction says that a method is not supported.
func forbids(restriction *edm.Expression, able string) bool {
	v := restriction.Property(able)
	return v != nil && v.Kind == "Bool" && v.Value == "false"
}

func plain(e *edm.Expression) string {
	if e == nil {
		return ""
	}
	return e.Value
}

// describe adds a description after the summary of an operation.
func describe(op, text *yaml.Node) {
	if text == nil {
		return
	}
	const behind = 4 // tags and summary
	op.Content = slices.Insert(op.Content, behind, str("description"), text)
}

func replace(n *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content[i+1] = value
		}
	}
}

// secure adds the permissions of a restriction.
func (w *writer) secure(op *yaml.Node, restriction *edm.Expression) {
	permissions := restriction.Property("Permissions")
	if permissions == nil {
		return
	}
	security := list()
	for _, p := range permissions.Items {
		scheme := plain(p.Property("SchemeName"))
		if scheme == "" {
			continue
		}
		scopes := list()
		if all := p.Property("Scopes"); all != nil {
			for _, s := range all.Items {
				scopes.Content = append(scopes.Content, str(plain(s.Property("Scope"))))
			}
		}
		security.Content = append(security.Content, mapping(scheme, scopes))
		w.scheme(scheme, scopes)
	}
	if len(security.Content) > 0 {
		set(op, "security", security)
	}
}

// scheme declares a security scheme with the scopes in use.
func (w *writer) scheme(name string, scopes *yaml.Node) {
	var all *yaml.Node
	for i := 0; i+1 < len(w.schemes.Content); i += 2 {
		if w.schemes.Content[i].Value == name {
			flow := w.schemes.Content[i+1].Content[3].Content[1]
			all = flow.Content[3]
		}
	}
	if all == nil {
		all = mapping()
		tokens := "/" // a model does not say where tokens come from, but OpenAPI requires an address
		if w.options.Server != "" {
			tokens = w.options.Server
		}
		set(w.schemes, name, mapping("type", str("oauth2"),
			"flows", mapping("clientCredentials", mapping("tokenUrl", str(tokens), "scopes", all))))
	}
	for _, s := range scopes.Content {
		known := false
		for i := 0; i < len(all.Content); i += 2 {
			known = known || all.Content[i].Value == s.Value
		}
		if !known {
			set(all, s.Value, str(""))
		}
	}
}

func json(schema *yaml.Node) *yaml.Node {
	return mapping("application/json", mapping("schema", schema))
}

// answers returns the responses of an operation with a single successful one.
func (w *writer) answers(success *yaml.Node) *yaml.Node {
	status := "2XX"
	if len(success.Content) == 2 && success.Content[0].Value == "description" {
		status = "204"
	}
	w.response("error", func() *yaml.Node {
		return mapping("description", str("error"), "content", json(mapping("type", str("object"), "properties",
			mapping("error", mapping("type", str("object"), "properties",
				mapping("code", mapping("type", str("string")), "message", mapping("type", str("string"))))))))
	})
	fails := reference("responses", "error")
	return mapping(status, success, "4XX", fails, "5XX", reference("responses", "error"))
}

// response adds a response shared by several operations.
func (w *writer) response(name string, schema func() *yaml.Node) {
	if !w.shared[name] {
		w.shared[name] = true
		set(w.responses, name, schema())
	}
}

// collectionOf returns a reference to the response for a collection of entities.
func (w *writer) collectionOf(t *edm.StructuredType) *yaml.Node {
	name := t.Name.String() + "CollectionResponse"
	w.response(name, func() *yaml.Node {
		set(w.envelopes, name, mapping("allOf", list(
			reference("schemas", "BaseCollectionPaginationCountResponse"),
			mapping("title", str("Collection of "+t.Name.Name), "type", str("object"), "properties",
				mapping("value", mapping("type", str("array"), "items", reference("schemas", t.Name.String())))),
		)))
		return mapping("description", str("Retrieved collection"), "content", json(reference("schemas", name)))
	})
	return reference("responses", name)
}

func (w *writer) listing(at place, summary string) *yaml.Node {
	n := w.operation(at, summary, "List", "operation")
	parameters := list()
	for _, name := range []string{"top", "skip", "search", "filter", "count", "orderby", "select", "expand"} {
		parameters.Content = append(parameters.Content, reference("parameters", name))
	}
	set(n, "parameters", parameters)
	set(n, "responses", w.answers(w.collectionOf(at.to)))
	set(n, "x-ms-pageable", mapping("nextLinkName", str("@odata.nextLink"), "operationName", str("listMore"), "itemName", str("value")))
	return n
}

func (w *writer) getting(at place, summary string) *yaml.Node {
	n := w.operation(at, summary, "Get", "operation")
	set(n, "parameters", list(reference("parameters", "select"), reference("parameters", "expand")))
	set(n, "responses", w.answers(mapping("description", str("Retrieved entity"), "content", w.entity(at.to))))
	return n
}

// requiring adds the query parameters that reading a navigation property requires.
func requiring(p *edm.NavigationProperty, op *yaml.Node) *yaml.Node {
	for i := 0; i+1 < len(op.Content); i += 2 {
		if op.Content[i].Value != "parameters" {
			continue
		}
		for _, q := range p.RequiredQueries() {
			n := mapping("name", str(q.Name), "in", str("query"))
			if text := words(q.Description); text != nil {
				set(n, "description", text)
			}
			set(n, "required", boolean(true))
			set(n, "schema", mapping("type", str("string")))
			op.Content[i+1].Content = append(op.Content[i+1].Content, n)
		}
	}
	return op
}

func (w *writer) creation(at place, summary string) *yaml.Node {
	n := w.operation(at, summary, "Create", "operation")
	set(n, "requestBody", mapping("description", str("New entity"), "content", w.entity(at.to), "required", boolean(true)))
	set(n, "responses", w.answers(mapping("description", str("Created entity"), "content", w.entity(at.to))))
	return n
}

func (w *writer) update(at place, summary string) *yaml.Node {
	n := w.operation(at, summary, "Update", "operation")
	set(n, "requestBody", mapping("description", str("New property values"), "content", w.entity(at.to), "required", boolean(true)))
	set(n, "responses", w.answers(mapping("description", str("Updated entity"), "content", w.entity(at.to))))
	return n
}

func (w *writer) deletion(at place, summary, id string) *yaml.Node {
	n := w.operation(at, summary, id, "operation")
	set(n, "parameters", list(mapping("name", str("If-Match"), "in", str("header"), "description", str("ETag"), "schema", mapping("type", str("string")))))
	set(n, "responses", w.answers(mapping("description", str("Success"))))
	return n
}

func (w *writer) entity(t *edm.StructuredType) *yaml.Node {
	return json(reference("schemas", t.Name.String()))
}

// queryOptions returns the OData parameters that operations share.
func queryOptions() *yaml.Node {
	n := mapping()
	for _, o := range [][3]string{
		{"top", "integer", "Show only the first n items"},
		{"skip", "integer", "Skip the first n items"},
		{"search", "string", "Search items by search phrases"},
		{"filter", "string", "Filter items by property values"},
		{"count", "boolean", "Include count of items"},
		{"orderby", "array", "Order items by property values"},
		{"select", "array", "Select properties to be returned"},
		{"expand", "array", "Expand related entities"},
	} {
		schema := mapping("type", str(o[1]))
		p := mapping("name", str("$"+o[0]), "in", str("query"), "description", str(o[2]))
		if o[1] == "array" {
			set(p, "style", str("form"))
			set(p, "explode", boolean(false))
			schema = mapping("uniqueItems", boolean(true), "type", str("array"), "items", mapping("type", str("string")))
		}
		set(p, "schema", schema)
		set(n, o[0], p)
	}
	return n
}

// bound writes the operations bound to the type at a place, or to a base type of it.
func (w *writer) bound(at place) {
	for _, t := range append([]*edm.StructuredType{at.to}, at.to.Ancestors()...) {
		w.operations(at, t)
	}
}

// operations writes the operations bound to a type itself. Overloads of an action for types
// of one hierarchy get paths with the types' names.
func (w *writer) operations(at place, t *edm.StructuredType) {
	for _, o := range w.model.BoundTo(t, at.collection) {
		w.call(at, o, o.Name.String(), "")
	}
}

// imports writes an unbound operation.
func (w *writer) imports(i *edm.OperationImport) {
	for _, o := range w.model.Overloads(edm.ParseQName(i.Operation)) {
		if !o.Bound && o.Function == i.Function {
			w.call(place{root: i.Name, id: i.Name, keys: list()}, o, i.Name, "Import")
		}
	}
}

// call writes an action or function by its name in URLs, or an import of one.
func (w *writer) call(at place, o *edm.Operation, name, imported string) {
	parameters := o.Parameters
	if o.Bound {
		parameters = parameters[1:]
		at.id += "." + o.Name.Name
	}
	at.path += "/" + name
	kind, method := "action", "post"
	if o.Function {
		kind, method = "function", "get"
		at.path += "(" + arguments(parameters) + ")"
	}
	if w.written[at.path] {
		return // written for another type of the hierarchy
	}
	w.reached[o] = true
	op := w.operation(at, "Invoke "+kind+" "+o.Name.Name, "", kind+imported)
	describe(op, about(o.Annotations))
	if o.Function {
		set(op, "parameters", w.functionParameters(parameters))
	} else {
		set(op, "requestBody", w.body(parameters))
	}
	set(op, "responses", w.answers(w.result(o)))
	deprecated(op, o.Annotations)
	if o.Composable {
		set(op, "x-odata-composable", boolean(true))
	}
	if a := o.Annotations.Get(capabilities + "OperationRestrictions"); a != nil {
		w.secure(op, a.Value)
	}
	item := mapping("description", str("Provides operations to call the "+o.Name.Name+" method."), method, op)
	w.finish(at, item)
}

func optional(p *edm.Parameter) bool {
	return p.Annotations.Get("Org.OData.Core.V1.OptionalParameter") != nil
}

// arguments returns the parameters of a function within its segment.
func arguments(parameters []*edm.Parameter) string {
	var all []string
	for _, p := range parameters {
		if optional(p) {
			continue
		}
		all = append(all, p.Name+"="+placeholder(p.Name, p.Type))
	}
	return strings.Join(all, ",")
}

func (w *writer) functionParameters(parameters []*edm.Parameter) *yaml.Node {
	all := list()
	for _, p := range parameters {
		in, required := "path", boolean(true)
		if optional(p) {
			in, required = "query", nil
		}
		n := mapping("name", str(p.Name), "in", str(in))
		set(n, "description", about(p.Annotations))
		set(n, "required", required)
		set(n, "schema", w.schema(p.Type))
		all.Content = append(all.Content, n)
	}
	if len(all.Content) == 0 {
		return nil
	}
	return all
}

func (w *writer) body(parameters []*edm.Parameter) *yaml.Node {
	if len(parameters) == 0 {
		return nil
	}
	properties := mapping()
	for _, p := range parameters {
		set(properties, p.Name, w.described(p.Type, p.Annotations))
	}
	return mapping("description", str("Action parameters"),
		"content", json(mapping("type", str("object"), "properties", properties)), "required", boolean(true))
}

// result returns the response of an action or function.
func (w *writer) result(o *edm.Operation) *yaml.Node {
	if o.Return == nil {
		return mapping("description", str("Success"))
	}
	n := mapping()
	if text := about(o.Return.Annotations); text != nil {
		set(n, "description", text)
	} else {
		set(n, "description", str("Success"))
	}
	t := o.Return.Type
	schema := w.schema(t)
	_, structured := t.Type.(*edm.StructuredType)
	switch {
	case t.Name == edm.QName{Namespace: "Edm", Name: "Stream"}:
		set(n, "content", mapping("application/octet-stream", mapping("schema", mapping("type", str("string"), "format", str("binary")))))
		return n
	case t.Collection:
		schema = mapping("title", str("Collection of "+t.Name.Name), "type", str("object"), "properties", mapping(
			"value", schema, "@odata.nextLink", mapping("type", str("string"), "nullable", boolean(true))))
	case !structured:
		schema = mapping("type", str("object"), "properties", mapping("value", schema))
	}
	set(n, "content", json(schema))
	return n
}
