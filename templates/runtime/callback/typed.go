package callback

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// callbackType is a type of values in notifications.
type callbackType struct {
	of         codec.Value // a nil pointer
	collection string      // whose items have the type; "" for the calls themselves
	member     string      // a member that only values of the type have; "" if there is no such member
}

// callbackTypes holds the types that a handler knows. Among the types of a collection without
// a distinguishing member, the first applies to values that do not name their type.
type callbackTypes []callbackType

// named returns the type with the given qualified name, in any letter case.
func (listed callbackTypes) named(name string) codec.Value {
	for _, t := range listed {
		if strings.EqualFold(t.of.ODataType(), name) {
			return t.of
		}
	}
	return nil
}

// at returns the item type of a collection; v is the value, or nil for a value that is absent.
func (listed callbackTypes) at(collection string, v codec.Value) codec.Value {
	var usual codec.Value
	for _, t := range listed {
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
func (listed callbackTypes) has(v codec.Value) bool {
	name := v.ODataType()
	for _, t := range listed {
		if t.of.ODataType() == name {
			return true
		}
	}
	return false
}

// isItem reports whether a value is an item of the collection.
func (listed callbackTypes) isItem(v codec.Value, collection string) bool {
	for _, t := range listed {
		if t.collection == collection && t.member == "" && t.of.ODataType() == v.ODataType() {
			return true
		}
	}
	return false
}

// typed returns a value of unrecognized type with the type that it names in different letter
// case, or else with the item type of its collection. No data is lost.
func (listed callbackTypes) typed(v codec.Value, collection string, inCalls bool) codec.Value {
	if listed.has(v) { // it named a known type
		return v
	}
	name := receivedCallbackType(v)
	if name == v.ODataType() {
		return v
	}
	t := listed.named(name)
	if t == nil && inCalls {
		t = listed.at(collection, v)
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

// receivedCallbackType returns the @odata.type of a value as received, or "".
func receivedCallbackType(v codec.Value) string {
	raw, ok := codec.AdditionalOf(v).Get("@odata.type")
	var text string
	if !ok || json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text[strings.LastIndexByte(text, '#')+1:]
}

// newCallbackValue returns a new value of the type of a nil pointer.
func newCallbackValue(t codec.Value) codec.Value {
	v, _ := reflect.New(reflect.TypeOf(t).Elem()).Interface().(codec.Value)
	return v
}

// withID returns a value of a collection's item type that has only an id, or nil if the type
// is unknown.
func (listed callbackTypes) withID(collection, id string) codec.Value {
	t := listed.at(collection, nil)
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

// idOfResource returns the id of a value, or "" if it has no id that fits in a path.
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
