package openapi

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/edm"
)

// bound is an operation with its binding type.
type bound struct {
	operation  *edm.Operation
	to         *component
	collection bool
	schema     *edm.Schema
}

// isCall reports whether a path is marked as an action or a function.
func (r *reader) isCall(n *node) bool {
	for _, op := range n.item.Operations() {
		switch text(op.Extensions, "x-ms-docs-operation-type") {
		case "action", "function", "actionImport", "functionImport":
			return true
		}
	}
	return false
}

// isOperation reports whether a segment is an action or a function: it is marked so, its
// name is qualified, or it is not a property and has one method.
func (r *reader) isOperation(n *node, of *component) bool {
	if n.isKey() || strings.HasPrefix(n.segment, "$") {
		return false
	}
	if r.isCall(n) {
		return true
	}
	ops := n.item.Operations()
	for _, op := range ops {
		if text(op.Extensions, "x-ms-docs-operation-type") == "operation" {
			return false
		}
	}
	if strings.Contains(n.name(), ".") {
		return len(ops) == 1 && (n.item.Post != nil || n.item.Get != nil)
	}
	if n.hasArguments() && n.item.Get != nil && len(ops) == 1 {
		return true // keys are nodes of their own
	}
	if of == nil || len(ops) != 1 || len(n.children) > 0 {
		return false
	}
	return n.item.Post != nil && !n.hasArguments() || n.item.Get != nil && n.segment == n.name()+"()"
}

// operation reads an action or a function.
func (w *walker) operation(n *node, at location) {
	op, function := n.item.Post, false
	if op == nil || strings.HasPrefix(text(op.Extensions, "x-ms-docs-operation-type"), "function") {
		op, function = n.item.Get, true
	}
	if op == nil {
		w.pass(n, "an action without POST, or a function without GET")
		return
	}
	name := edm.ParseQName(n.name())
	if name.Namespace == "" {
		name.Namespace = w.namespace
		if at.to != nil {
			name.Namespace = at.to.name.Namespace
		}
	}
	if !edm.IsIdentifier(name.Name) || !edm.IsNamespace(name.Namespace) {
		w.pass(n, "the name of the operation is not a qualified name")
		return
	}
	pos := w.root.origin(op.Origin)
	o := &edm.Operation{Function: function, Name: name, Pos: pos}
	if at.to != nil {
		o.Bound = true
		ref := edm.TypeRef{Name: at.to.name, Collection: at.collection}
		ref.Text = ref.String()
		o.Parameters = append(o.Parameters, &edm.Parameter{Name: "bindingParameter", Type: ref, Pos: pos})
	}
	o.Annotations = append(w.operationTexts(op), deprecation(op.Deprecated, op.Extensions, pos)...)
	if function {
		w.arguments(o, n, op)
	} else {
		w.body(o, n, op)
	}
	result, ok := w.returns(o, n, op)
	w.restrict(&o.Annotations, "OperationRestrictions", op, false)
	stated := op.Extensions["x-odata-composable"] == true
	if w.add(o, at) && function && (stated || ok && result.to != nil && len(n.children) > 0) {
		o.Composable = true
	}
	if ok && result.to != nil {
		for _, child := range n.children {
			w.next(child, location{to: result.to, collection: result.ref.Collection})
		}
	}
}

// operationTexts returns the annotations that describe an action or a function.
func (w *walker) operationTexts(op *openapi3.Operation) edm.Annotations {
	summary := op.Summary
	if isBoilerplate(summary) {
		summary = ""
	}
	text := withDocs(op)
	switch {
	case op.Description == "":
		return descriptions(strings.TrimSpace(summary+"\n\n"+text), w.root.field(op.Origin, "summary"))
	case summary != "" && !strings.Contains(text, summary):
		text += "\n\n" + summary
	}
	return descriptions(text, w.root.field(op.Origin, "description"))
}

// withDocs returns the description of an operation, followed by the link to its
// documentation.
func withDocs(op *openapi3.Operation) string {
	docs := op.ExternalDocs
	if docs == nil || docs.URL == "" {
		return op.Description
	}
	about := strings.TrimSuffix(strings.TrimSpace(docs.Description), ".")
	if about == "" {
		about = "See"
	}
	return strings.TrimSpace(op.Description + "\n\n" + about + ": " + docs.URL)
}

// isBoilerplate reports whether a summary only repeats the path.
func isBoilerplate(summary string) bool {
	for _, start := range []string{
		"Invoke action ", "Invoke function ", "Create new navigation property ", "Update the navigation property ", "Delete navigation property ",
		"Add new entity to ", "Get entities from ", "Get entity from ", "Update entity in ", "Delete entity from ",
	} {
		if strings.HasPrefix(summary, start) {
			return true
		}
	}
	word, rest, _ := strings.Cut(summary, " ")
	return (word == "Get" || word == "Update") && len(strings.Fields(rest)) == 3 && strings.Fields(rest)[1] == "from" || word == "Update" && len(strings.Fields(rest)) == 1 ||
		word == "Get" && len(strings.Fields(rest)) == 1
}

// add adds an operation to the model, unless another path already has.
func (w *walker) add(o *edm.Operation, at location) bool {
	key := o.Overload()
	if w.overloads[key] {
		return false
	}
	if !o.Function {
		// An action has one overload for each binding type.
		short := o.Name.String() + "\x00" + o.Overload()[:strings.IndexByte(o.Overload(), ')')+1]
		if w.overloads[short] {
			w.note(o.Pos, shown(o.Name), "the action is bound to the type on another path with other parameters: this one is ignored")
			return false
		}
		w.overloads[short] = true
	}
	w.overloads[key] = true
	s := w.schema(o.Name.Namespace, o.Pos)
	if o.Function {
		s.Functions = append(s.Functions, o)
	} else {
		s.Actions = append(s.Actions, o)
	}
	if at.to != nil {
		w.actions = append(w.actions, bound{o, at.to, at.collection, s})
		return true
	}
	c := w.ensureContainer(&node{pos: o.Pos})
	i := &edm.OperationImport{Name: o.Name.Name, Function: o.Function, Operation: o.Name.String(), Written: o.Name.String(), Pos: o.Pos}
	if o.Function {
		if !slices.ContainsFunc(c.FunctionImports, func(f *edm.OperationImport) bool { return f.Name == i.Name }) {
			c.FunctionImports = append(c.FunctionImports, i)
		}
	} else {
		c.ActionImports = append(c.ActionImports, i)
	}
	return true
}

// inherited removes operations that are bound to a base type as well: paths repeat them for
// each derived type.
func (w *walker) inherited() {
	for _, b := range w.actions {
		for base := range b.to.bases {
			if base == b.to {
				continue
			}
			o := *b.operation
			o.Parameters = slices.Clone(o.Parameters)
			binding := *o.Parameters[0]
			binding.Type.Name = base.name
			o.Parameters[0] = &binding
			if w.overloads[o.Overload()] {
				drop := func(x *edm.Operation) bool { return x == b.operation }
				b.schema.Actions = slices.DeleteFunc(b.schema.Actions, drop)
				b.schema.Functions = slices.DeleteFunc(b.schema.Functions, drop)
				break
			}
		}
	}
}

// body reads the parameters of an action.
func (w *walker) body(o *edm.Operation, n *node, op *openapi3.Operation) {
	if op.RequestBody == nil || op.RequestBody.Value == nil {
		return
	}
	body := op.RequestBody.Value
	if ref := text(body.Extensions, refKey); ref != "" {
		target := w.root.doc.Components.RequestBodies[strings.TrimPrefix(ref, "#/components/requestBodies/")]
		if target == nil || target.Value == nil {
			w.note(w.root.field(body.Origin, refKey), n.element(), "the reference %s does not lead to a request body: it is ignored", edm.Quote(ref))
			return
		}
		body = target.Value
	}
	s, isJSON := jsonContent(body.Content)
	if !isJSON || s == nil {
		if len(body.Content) > 0 {
			w.note(w.root.origin(op.Origin), n.element(), "the body of the action is not JSON: its parameters are ignored")
		}
		return
	}
	parts := []part{{w.root, s}}
	if ref := reference(s); ref != "" {
		c := w.resolve(w.root, ref, w.root.field(s.Origin, refKey), n.element())
		if c == nil || c.form != structured {
			return
		}
		parts = w.merge(c)
	}
	for _, p := range parts {
		if len(p.schema.Properties) == 0 && len(p.schema.AllOf)+len(p.schema.AnyOf)+len(p.schema.OneOf) > 0 && len(parts) == 1 {
			w.note(w.root.origin(op.Origin), n.element(), "the body of the action is not an object with properties: its parameters are ignored")
		}
		for _, name := range inOrder(p.schema.Properties, schemaOrigin) {
			w.addParameter(o, n, p.doc, name, p.schema.Properties[name])
		}
	}
}

// addParameter adds a parameter to an operation and returns it, or nil if it is invalid.
func (w *walker) addParameter(o *edm.Operation, n *node, d *document, name string, s *openapi3.SchemaRef) *edm.Parameter {
	if isControl(name) || s == nil || s.Value == nil {
		return nil
	}
	pos := d.origin(schemaOrigin(s))
	if !edm.IsIdentifier(name) {
		w.note(pos, n.element(), "the name %s is not an identifier: the parameter is ignored", edm.Quote(name))
		return nil
	}
	for _, p := range o.Parameters {
		if p.Name == name {
			if !o.Bound || p != o.Parameters[0] {
				return nil
			}
			p.Name = "bindingParameter2"
		}
	}
	u := w.use(d, s.Value, o.Name, name, n.element()).ofEntities()
	p := &edm.Parameter{Name: name, Type: u.ref, Annotations: about(d, s.Value), Pos: pos}
	p.Annotations = append(p.Annotations, deprecation(s.Value.Deprecated, s.Value.Extensions, pos)...)
	o.Parameters = append(o.Parameters, p)
	return p
}

// arguments reads the parameters of a function: those in its segment, and query parameters
// that are not OData options.
func (w *walker) arguments(o *edm.Operation, n *node, op *openapi3.Operation) {
	declared := make(map[string]*openapi3.Parameter)
	list := w.parameters(n)
	for _, p := range list {
		if name := strings.TrimPrefix(p.Name, "@"); declared[name] == nil && (p.In == "path" || p.In == "query") {
			declared[name] = p
		}
	}
	inSegment := make(map[*openapi3.Parameter]bool)
	_, inside, _ := strings.Cut(strings.TrimSuffix(n.segment, ")"), "(")
	for arg := range strings.SplitSeq(inside, ",") {
		name, value, ok := strings.Cut(arg, "=")
		if !ok {
			continue
		}
		variable := strings.Trim(strings.TrimPrefix(value, "@"), "'{}")
		p := declared[variable]
		if p == nil {
			p = declared[name]
		}
		inSegment[p] = true
		if p == nil || p.Schema == nil {
			w.note(n.pos, n.element(), "the argument %s is declared nowhere: it is read as any value", edm.Quote(name))
			p = &openapi3.Parameter{Schema: openapi3.NewSchemaRef("", new(openapi3.Schema))}
		}
		if added := w.addParameter(o, n, w.root, name, p.Schema); added != nil && added.Annotations.Description() == "" && !strings.HasPrefix(p.Description, "Usage: ") {
			added.Annotations = append(descriptions(p.Description, w.root.field(p.Origin, "description")), added.Annotations...)
		}
	}
	for _, p := range list {
		if p.In != "query" || inSegment[p] || strings.HasPrefix(p.Name, "$") || p.Schema == nil {
			continue
		}
		if added := w.addParameter(o, n, w.root, p.Name, p.Schema); added != nil {
			added.Annotations = append(descriptions(p.Description, w.root.field(p.Origin, "description")), added.Annotations...)
			if !p.Required {
				added.Annotations = append(added.Annotations, annotation(termOptional, nil, added.Pos))
			}
		}
	}
}

// returns reads the result of an operation.
func (w *walker) returns(o *edm.Operation, n *node, op *openapi3.Operation) (use, bool) {
	response := w.success(op)
	if response == nil {
		return use{}, false
	}
	u, ok := w.result(op, n)
	if !ok {
		return use{}, false
	}
	o.Return = &edm.ReturnType{Type: u.ofEntities().ref, Pos: w.root.origin(response.Origin)}
	o.Return.Type.Text = u.ref.String()
	if response.Description != nil && *response.Description != "Success" && *response.Description != "OK" {
		o.Return.Annotations = descriptions(*response.Description, w.root.field(response.Origin, "description"))
	}
	return u, true
}
