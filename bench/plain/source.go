package plain

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
)

// Source writes plain struct types as Go: for rivals that generate code. The types are named
// T0, T1 and so on, in the order given, and their parts S0, S1 and so on.
func Source(pkg string, types []reflect.Type) string {
	w := &source{names: make(map[reflect.Type]string), imports: make(map[string]bool)}
	for i, t := range types {
		fmt.Fprintf(&w.text, "\ntype T%d struct {\n%s}\n", i, w.fields(t))
	}
	var head strings.Builder
	fmt.Fprintf(&head, "package %s\n\nimport (\n", pkg)
	for _, p := range slices.Sorted(maps.Keys(w.imports)) {
		fmt.Fprintf(&head, "\t%q\n", p)
	}
	return head.String() + ")\n" + w.text.String()
}

// source is Go being written.
type source struct {
	text    strings.Builder
	names   map[reflect.Type]string // of struct types without a name
	imports map[string]bool
}

func (w *source) fields(t reflect.Type) string {
	var b strings.Builder
	for i := range t.NumField() {
		f := t.Field(i)
		fmt.Fprintf(&b, "\t%s %s `%s`\n", f.Name, w.name(f.Type), f.Tag)
	}
	return b.String()
}

// name returns what a type is called, and writes struct types that have no name.
func (w *source) name(t reflect.Type) string {
	switch {
	case t.PkgPath() != "":
		w.imports[t.PkgPath()] = true
		return path.Base(t.PkgPath()) + "." + t.Name()
	case t.Name() != "":
		return t.Name()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + w.name(t.Elem())
	case reflect.Slice:
		return "[]" + w.name(t.Elem())
	case reflect.Struct:
		if _, ok := w.names[t]; !ok {
			w.names[t] = fmt.Sprintf("S%d", len(w.names))
			fields := w.fields(t)
			fmt.Fprintf(&w.text, "\ntype %s struct {\n%s}\n", w.names[t], fields)
		}
		return w.names[t]
	}
	return "any"
}
