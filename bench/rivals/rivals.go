// Package rivals compares callgen with other ways to decode and encode JSON, its rivals.
// They run in one or more processes and get short slots in turn, in shuffled order, round
// after round, so that other load on the machine affects all of them.
package rivals

import (
	jsonv1 "encoding/json"
	"reflect"

	"github.com/bytedance/sonic"
	jsonv2 "github.com/go-json-experiment/json"
)

// The names of callgen's own rows.
const (
	Callgen       = "callgen"
	CallgenPure   = "callgen, purego" // built with the tag: without unsafe
	CallgenStdlib = "callgen through encoding/json"
	Reference     = "encoding/json into any"
)

// Any returns the rivals that need no types. The first is the reference for all others.
func Any(documents [][]byte) []Rival {
	return []Rival{
		{Name: Reference, Decode: func(i int) (any, error) {
			var v any
			err := jsonv1.Unmarshal(documents[i], &v)
			return v, err
		}, Encode: jsonv1.Marshal},
		{Name: "sonic into any", Decode: func(i int) (any, error) {
			var v any
			err := sonic.Unmarshal(documents[i], &v)
			return v, err
		}, Encode: func(v any) ([]byte, error) { return sonic.Marshal(v) }},
	}
}

// Plain returns the rivals that decode into plain structs, with one type for each document.
func Plain(documents [][]byte, types []reflect.Type) []Rival {
	into := func(unmarshal func(data []byte, v any) error) func(i int) (any, error) {
		return func(i int) (any, error) {
			v := reflect.New(types[i]).Interface()
			return v, unmarshal(documents[i], v)
		}
	}
	v2 := func(data []byte, v any) error { return jsonv2.Unmarshal(data, v) }
	return []Rival{
		{Name: "encoding/json into plain structs", Decode: into(jsonv1.Unmarshal), Encode: jsonv1.Marshal},
		{Name: "go-json-experiment v2 into plain structs", Decode: into(v2),
			Encode: func(v any) ([]byte, error) { return jsonv2.Marshal(v) }},
		{Name: "sonic into plain structs", Decode: into(sonic.Unmarshal), Encode: sonic.Marshal},
		{Name: "sonic, checking UTF-8 and duplicating strings", Decode: into(checking.Unmarshal), Encode: checking.Marshal},
	}
}

// checking is sonic with the checks of encoding/json that sonic omits by default.
var checking = sonic.Config{CopyString: true, ValidateString: true}.Froze()

// Names returns the names of all rivals, in the order of the tables.
func Names() []string {
	var names []string
	for _, r := range append(Any(nil), Plain(nil, nil)...) {
		names = append(names, r.Name)
	}
	return names
}
