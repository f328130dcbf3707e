package codec

// This file is never emitted. It is for the models in tests, which generated code writes
// otherwise.

// NewTypeList returns a list of types.
func NewTypeList(types ...Value) *TypeList { return &typeList{Types: types} }

// WithAliases sets the aliases of namespaces, each followed by its namespace.
func (l *typeList) WithAliases(aliases ...string) *TypeList {
	l.Aliases = aliases
	return l
}
