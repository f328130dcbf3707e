package callback

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// callbackType is a type of what notifications are about.
type callbackType struct {
	of         codec.Value // a nil pointer
	collection string      // that has values of the type; "" = the calls themselves
	member     string      // tells values of the type from the others of the collection; "" = nothing does
}

// callbackTypes are those that a handler knows. Of those of a collection that nothing
// tells apart, the first is what a value is that does not say its type.
type callbackTypes []callbackType

// named returns the type with a qualified name, in any letter case.
func (types callbackTypes) named(name string) codec.Value {
	for _, t := range types {
		if strings.EqualFold(t.of.ODataType(), name) {
			return t.of
		}
	}
	return nil
}

// at returns the type of a collection's values; v is the value, or nil if there is none.
func (types callbackTypes) at(collection string, v codec.Value) codec.Value {
	var usual codec.Value
	for _, t := range types {
		if t.collection != collection {
			continue
		}
		if t.member == "" {
			if usual == nil {
				usual = t.of
			}
		} else if v != nil {
			if _, ok := codec.AdditionalOf(v).Get(codec.Property(t.member)); ok {
				return t.of
			}
		}
	}
	return usual
}

// has reports whether a value is of one of the types.
func (types callbackTypes) has(v codec.Value) bool {
	name := v.ODataType()
	for _, t := range types {
		if t.of.ODataType() == name {
			return true
		}
	}
	return false
}

// isItem reports whether a value is one of those that a collection has.
func (types callbackTypes) isItem(v codec.Value, collection string) bool {
	for _, t := range types {
		if t.collection == collection && t.member == "" && t.of.ODataType() == v.ODataType() {
			return true
		}
	}
	return false
}

// typed returns a value whose type was not understood as one of the type that it names in
// other letters or else of the type that its collection has. Nothing of it is lost.
func (types callbackTypes) typed(v codec.Value, collection string, inCalls bool) codec.Value {
	if types.has(v) { // it named its type
		return v
	}
	name := receivedCallbackType(v)
	if name == v.ODataType() {
		return v
	}
	t := types.named(name)
	if t == nil && inCalls {
		t = types.at(collection, v)
	}
	if t == nil {
		return v
	}
	data, err := codec.Marshal(v)
	if err != nil {
		return v
	}
	if typed := newCallbackValue(t); codec.Unmarshal(data, typed) == nil {
		return typed
	}
	return v
}

// receivedCallbackType returns the name in the @odata.type that a value came with, or "".
func receivedCallbackType(v codec.Value) string {
	raw, ok := codec.AdditionalOf(v).Get("@odata.type")
	var text string
	if !ok || json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text[strings.LastIndexByte(text, '#')+1:]
}

// newCallbackValue returns a new value of the type that a nil pointer points at.
func newCallbackValue(t codec.Value) codec.Value {
	v, _ := reflect.New(reflect.TypeOf(t).Elem()).Interface().(codec.Value)
	return v
}

// withID returns a value of the type of a collection's values that has an id and nothing
// else, or nil if the type is not known.
func (types callbackTypes) withID(collection, id string) codec.Value {
	t := types.at(collection, nil)
	if t == nil {
		return nil
	}
	data, err := json.Marshal(map[string]string{"id": id})
	if err != nil {
		return nil
	}
	v := newCallbackValue(t)
	if codec.Unmarshal(data, v) != nil {
		return nil
	}
	return v
}

// idOfResource returns the id of a value, or "" if it has none that a path can hold.
func idOfResource(v codec.Value) string {
	data, err := codec.Marshal(v)
	if err != nil {
		return ""
	}
	var members map[string]json.RawMessage
	var id string
	if json.Unmarshal(data, &members) != nil || json.Unmarshal(members["id"], &id) != nil {
		return ""
	}
	if len(id) > maxResourceText || !isResourceID(id) {
		return ""
	}
	return id
}
