package names

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Query is a query parameter that the requests of a navigation property require
// (Org.OData.Capabilities.V1.CustomQueryOptions).
type Query struct {
	Name        string
	Description string
	Pos         diag.Pos
}

// RequiredQueries returns the query parameters that reading a navigation property requires.
func RequiredQueries(n *edm.NavigationProperty) []Query {
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
func appendQueries(all []Query, navigation string, e *edm.Expression) []Query {
	if e == nil {
		return all
	}
	if path := e.Property("NavigationProperty"); path != nil && path.Value != navigation {
		return all
	}
	if options := e.Property("CustomQueryOptions"); options != nil {
		for _, o := range options.Items {
			required, name := o.Property("Required"), o.Property("Name")
			if required == nil || required.Value != "true" || name == nil || !edm.IsIdentifier(name.Value) {
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

// QueryOption returns the function that sets a query parameter.
func (t *Table) QueryOption(name string) string { return t.get(queryOption, name) }

// queryOptions names the functions for required query parameters.
func (t *Table) queryOptions() {
	var claims []*claim
	seen := make(map[string]bool)
	for s := range structured(t.model) {
		for _, n := range s.Navigation {
			for _, q := range RequiredQueries(n) {
				if seen[q.Name] {
					continue
				}
				seen[q.Name] = true
				name := "Query" + Pascal(q.Name)
				claims = append(claims, &claim{
					owner: Owner{Element: "query parameter " + q.Name, Pos: q.Pos}, name: name, rank: rankPart, spelling: q.Name,
					give: t.put(queryOption, q.Name), others: func() []string { return []string{"Query_" + apart(q.Name), name + "Option"} },
				})
			}
		}
	}
	t.pkg.resolve(claims, t.overrides)
}
