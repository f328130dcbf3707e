package changes

// API returns the exported Go declarations of a package, with what the compiler sees of them.
func API(s Side) map[string]string {
	decls := make(map[string]string)
	for name, symbol := range apiOf(s.Plan).symbols {
		decls[name] = symbol.decl
	}
	return decls
}
