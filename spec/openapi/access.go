package openapi

import (
	"net/http"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/edm"
)

// methods are the HTTP methods of interest, in the order in which their effects are
// recorded.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete}

// access is what paths show about an entity set, a singleton or a navigation property.
type access struct {
	annotations *edm.Annotations
	navigation  *edm.NavigationProperty
	collection  bool
	singleton   bool
	seen        bool // a path ends there
	references  bool // there are paths to references of it

	list, insert, read, update, remove *openapi3.Operation
	queries                            []*openapi3.Parameter // that reading requires
}

func (w *walker) newAccess() *access {
	a := new(access)
	w.accesses = append(w.accesses, a)
	return a
}

// note records the methods of a path.
func (a *access) note(item *openapi3.PathItem, at location) {
	if a == nil || len(item.Operations()) == 0 {
		return
	}
	a.seen = true
	first := func(into **openapi3.Operation, op *openapi3.Operation) {
		if *into == nil || op != nil && !isDescribed(*into) && isDescribed(op) {
			*into = op
		}
	}
	if at.collection {
		first(&a.list, item.Get)
		first(&a.insert, item.Post)
		return
	}
	first(&a.read, item.Get)
	first(&a.update, item.Patch)
	first(&a.update, item.Put)
	first(&a.remove, item.Delete)
}

// isDescribed reports whether an operation has words of its own: of several paths to the same
// entities, those of the first that has some are used.
func isDescribed(op *openapi3.Operation) bool {
	return op.Description != "" || op.Summary != "" && !isBoilerplate(op.Summary)
}

// annotate adds annotations for what paths have shown.
func (w *walker) annotate() {
	for _, a := range w.accesses {
		if !a.seen || a.annotations == nil {
			continue
		}
		changes := a.insert != nil || a.update != nil || a.remove != nil
		if a.navigation != nil {
			a.navigation.ContainsTarget = !a.references && changes
		}
		plain := a.references // the entities are elsewhere, where they can be changed
		switch {
		case a.collection:
			w.restrict(a.annotations, "ReadRestrictions", a.list, !plain && a.list == nil)
			w.restrictByKey(a.annotations, a.read, a.list)
			w.restrict(a.annotations, "InsertRestrictions", a.insert, !plain && a.insert == nil)
			w.restrict(a.annotations, "UpdateRestrictions", a.update, !plain && a.update == nil)
			w.restrict(a.annotations, "DeleteRestrictions", a.remove, !plain && a.remove == nil)
		default:
			w.restrict(a.annotations, "ReadRestrictions", a.read, !plain && a.read == nil)
			w.restrict(a.annotations, "UpdateRestrictions", a.update, !plain && a.update == nil)
			w.restrict(a.annotations, "DeleteRestrictions", a.remove, !plain && !a.singleton && a.remove == nil)
		}
		w.requireQueries(a)
	}
}

// restrictByKey adds the restrictions for reading one entity of a collection, inside those
// for reading the collection, unless they are the same.
func (w *walker) restrictByKey(list *edm.Annotations, op, collection *openapi3.Operation) {
	properties := w.said(op)
	if len(properties) == 0 || record(w.root.start(), properties...).Equal(record(w.root.start(), w.said(collection)...)) {
		return
	}
	pos := w.root.origin(op.Origin)
	restrictReading(list, valueOf("ReadByKeyRestrictions", record(pos, properties...)))
}

// restrictReading adds a property to the restrictions for reading.
func restrictReading(list *edm.Annotations, property *edm.PropertyValue) {
	if reading := list.Get(capabilities + "ReadRestrictions"); reading != nil && reading.Value != nil {
		reading.Value.Properties = append(reading.Value.Properties, property)
		return
	}
	*list = append(*list, annotation(capabilities+"ReadRestrictions", record(property.Pos, property), property.Pos))
}

// require records the query parameters that reading requires, options of OData aside.
func (a *access) require(list []*openapi3.Parameter) {
	for _, p := range list {
		if p.In == "query" && p.Required && edm.IsIdentifier(p.Name) &&
			!slices.ContainsFunc(a.queries, func(other *openapi3.Parameter) bool { return other.Name == p.Name }) {
			a.queries = append(a.queries, p)
		}
	}
}

// requireQueries adds the query parameters that reading requires.
func (w *walker) requireQueries(a *access) {
	if len(a.queries) == 0 {
		return
	}
	all := collection(w.root.origin(a.queries[0].Origin))
	for _, p := range a.queries {
		pos := w.root.origin(p.Origin)
		item := record(pos, valueOf("Name", constant("String", p.Name, pos)), valueOf("Required", constant("Bool", "true", pos)))
		if p.Description != "" {
			item.Properties = append(item.Properties, valueOf("Description", constant("String", p.Description, w.root.field(p.Origin, "description"))))
		}
		all.Items = append(all.Items, item)
	}
	restrictReading(a.annotations, valueOf("CustomQueryOptions", all))
}

// said returns the permissions and texts of an operation, or nil if it has none.
func (w *walker) said(op *openapi3.Operation) []*edm.PropertyValue {
	if op == nil {
		return nil
	}
	var properties []*edm.PropertyValue
	if permissions := w.permissions(op); permissions != nil {
		properties = append(properties, valueOf("Permissions", permissions))
	}
	if !isBoilerplate(op.Summary) && op.Summary != "" {
		properties = append(properties, valueOf("Description", constant("String", op.Summary, w.root.field(op.Origin, "summary"))))
	}
	if text := withDocs(op); text != "" {
		properties = append(properties, valueOf("LongDescription", constant("String", text, w.root.field(op.Origin, "description"))))
	}
	return properties
}

// restrict adds restrictions from an operation: that it is missing, the permissions that it
// needs, and texts.
func (w *walker) restrict(list *edm.Annotations, term string, op *openapi3.Operation, none bool) {
	pos := w.root.start()
	var properties []*edm.PropertyValue
	if none {
		able := map[string]string{
			"ReadRestrictions": "Readable", "InsertRestrictions": "Insertable", "UpdateRestrictions": "Updatable", "DeleteRestrictions": "Deletable",
		}[term]
		properties = append(properties, valueOf(able, constant("Bool", "false", pos)))
	}
	if op != nil {
		pos = w.root.origin(op.Origin)
		said := w.said(op)
		if term == "OperationRestrictions" { // the texts describe the operation itself
			said = slices.DeleteFunc(said, func(p *edm.PropertyValue) bool { return p.Property != "Permissions" })
		}
		properties = append(properties, said...)
	}
	if len(properties) > 0 {
		*list = append(*list, annotation(capabilities+term, record(pos, properties...), pos))
	}
}

// permissions returns the permissions that an operation needs, nil if it states none.
func (w *walker) permissions(op *openapi3.Operation) *edm.Expression {
	if op.Security == nil {
		return nil
	}
	pos := w.root.field(op.Origin, "security")
	all := collection(pos)
	for _, requirement := range *op.Security {
		var schemes []string
		for scheme := range requirement {
			schemes = append(schemes, scheme)
		}
		slices.Sort(schemes)
		for _, scheme := range schemes {
			scopes := collection(pos)
			for _, scope := range requirement[scheme] {
				item := record(pos, valueOf("Scope", constant("String", scope, pos)))
				item.Type = "Capabilities.ScopeType"
				scopes.Items = append(scopes.Items, item)
			}
			if len(scopes.Items) == 0 {
				continue
			}
			item := record(pos, valueOf("SchemeName", constant("String", scheme, pos)), valueOf("Scopes", scopes))
			item.Type = "Capabilities.PermissionType"
			all.Items = append(all.Items, item)
		}
	}
	if len(all.Items) == 0 {
		return nil
	}
	return all
}
