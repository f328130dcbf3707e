package names

// QueryOption returns the function that sets a query parameter.
func (t *Table) QueryOption(name string) string { return t.get(queryOption, name) }

// queryOptions names the functions for required query parameters.
func (t *Table) queryOptions() {
	var claims []*claim
	seen := make(map[string]bool)
	for s := range structured(t.model) {
		for _, n := range s.Navigation {
			for _, q := range n.RequiredQueries() {
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
