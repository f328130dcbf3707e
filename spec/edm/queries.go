package edm

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/diag"
)

// Query is a query parameter that the requests of a navigation property require
// (Org.OData.Capabilities.V1.CustomQueryOptions).
type Query struct {
	Name        string
	Description string
	Pos         diag.Pos
}

// RequiredQueries returns the query parameters that reading a navigation property requires.
func (n *NavigationProperty) RequiredQueries() []Query {
	var all []Query
	for _, a := range n.Annotations {
		if strings.HasPrefix(a.Term, "Org.OData.Capabilities.V1.") {
			all = appendQueries(all, n.Name, a.Value)
		}
	}
	return all
}

// appendQueries looks for required parameters in a value, and for a value that lists the
// restrictions of paths, in those of the navigation property itself.
func appendQueries(all []Query, navigation string, e *Expression) []Query {
	if e == nil {
		return all
	}
	if path := e.Property("NavigationProperty"); path != nil && path.Value != navigation {
		return all
	}
	if options := e.Property("CustomQueryOptions"); options != nil {
		for _, o := range options.Items {
			required, name := o.Property("Required"), o.Property("Name")
			if required == nil || required.Value != "true" || name == nil || !IsIdentifier(name.Value) {
				continue
			}
			q := Query{Name: name.Value, Pos: o.Pos}
			if text := o.Property("Description"); text != nil {
				q.Description = text.Value
			}
			if !slices.ContainsFunc(all, func(other Query) bool { return other.Name == q.Name }) {
				all = append(all, q)
			}
		}
	}
	for _, p := range e.Properties {
		all = appendQueries(all, navigation, p.Value)
	}
	for _, item := range e.Items {
		all = appendQueries(all, navigation, item)
	}
	return all
}
