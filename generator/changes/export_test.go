package changes

// Surface returns the Go declarations that a plan stands for, with what the compiler
// sees of them.
func Surface(s Side) map[string]string {
	decls := make(map[string]string)
	for name, symbol := range surfaceOf(s).symbols {
		decls[name] = symbol.decl
	}
	return decls
}
