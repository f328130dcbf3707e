package codec

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// AdditionalData holds the parts of a decoded object that its struct cannot hold, so that
// encoding loses nothing: members that the type does not declare, annotations and control
// information, the @odata.type as received, explicit nulls of declared properties, declared
// members whose JSON does not fit their type, and the exact text of values that would be
// spelled differently.
//
// A property that is set in the struct takes precedence over the AdditionalData of the same
// name. The zero AdditionalData is empty and ready to use. A copy of a struct shares its
// AdditionalData with the original; see [Clone].
type AdditionalData struct {
	_ [0]func() // structs are not compared with ==, which would compare pointers

	// odataType is nil in a value built in Go, &noType in one decoded without
	// @odata.type, and otherwise points at the text received.
	odataType *string
	kept      *kept
}

var noType string // its address is the mark; never written

// kept is allocated only when there is something to keep.
type kept struct {
	members []member
	exact   bool // some member has role roleExact
}

// member is one kept member; members are in wire order.
type member struct {
	name  string
	raw   string // valid JSON
	field int32  // index of the declared property; fieldUndeclared, fieldUnresolved
	role  role
}

const (
	fieldUndeclared = -1 // the type has no such property
	fieldUnresolved = -2 // set by the program: looked up when encoding
)

// role is the reason for keeping a member.
type role uint8

const (
	roleExtra    role = iota // not a declared property, or set by the program
	roleNull                 // explicit null of a declared property
	roleMismatch             // does not fit the declared type
	roleZero                 // fits, but the Go value equals an absent one
	roleExact                // fits, but Go spells the value differently
	roleLate                 // roleMismatch, while decoding: see decoder.ownLate
)

const odataTypeName = "@odata.type"

// find returns the index of the member with the given name, or of control information with
// that name in its other spelling, or -1.
func (a *AdditionalData) find(name string) int {
	if a.kept == nil {
		return -1
	}
	i := slices.IndexFunc(a.kept.members, func(m member) bool { return m.name == name })
	if i >= 0 || strings.IndexByte(name, '@') < 0 {
		return i
	}
	other := otherSpelling(name)
	return slices.IndexFunc(a.kept.members, func(m member) bool { return other != "" && m.name == other })
}

// Get returns the JSON kept under name, and reports whether there is any. Control information
// is found in both spellings of OData: "@odata.etag" finds "@etag", too.
func (a *AdditionalData) Get(name Property) (json.RawMessage, bool) {
	if (name == odataTypeName || name == plainTypeName) && a.odataType != nil && a.odataType != &noType {
		return appendString(nil, *a.odataType), true
	}
	if i := a.find(name.String()); i >= 0 {
		return json.RawMessage(a.kept.members[i].raw), true
	}
	return nil, false
}

// Set stores the JSON encoding of v under name; nil is encoded as null. Set "@odata.type" to a
// string to change the type that is sent for the value. Set returns an error if v cannot be
// encoded.
func (a *AdditionalData) Set(name Property, v any) error {
	if text, ok := v.(string); ok && (name == odataTypeName || name == plainTypeName) {
		a.drop(odataTypeName)
		a.odataType = &text
		return nil
	}
	var raw []byte
	var err error
	if value, ok := v.(Value); ok {
		raw, err = Marshal(value)
	} else {
		raw, err = json.Marshal(v)
	}
	if err != nil {
		return fmt.Errorf("additional member %q: %w", name, err)
	}
	a.put(member{name: name.String(), raw: string(raw), field: fieldUnresolved, role: roleExtra})
	return nil
}

// SetNull makes the value send an explicit null for a property, which clears the property in
// an update. A value set in the struct takes precedence.
func (a *AdditionalData) SetNull(name Property) {
	a.put(member{name: name.String(), raw: "null", field: fieldUnresolved, role: roleNull})
}

// put replaces the member of the same name or appends one. It copies the members, because
// copies of a struct share them.
func (a *AdditionalData) put(m member) {
	k := &kept{}
	if a.kept != nil {
		k.exact = a.kept.exact
		k.members = slices.Clone(a.kept.members)
	}
	if i := a.find(m.name); i >= 0 {
		k.members[i] = m
	} else {
		k.members = append(k.members, m)
	}
	a.kept = k
	if m.name == odataTypeName {
		a.odataType = &noType
	}
}

// Delete removes the members with the given names. Delete "@odata.type" to send no type.
func (a *AdditionalData) Delete(names ...Property) {
	for _, name := range names {
		if name == odataTypeName || name == plainTypeName {
			a.odataType = &noType
		}
		a.drop(name.String())
	}
}

func (a *AdditionalData) drop(name string) {
	i := a.find(name)
	if i < 0 {
		return
	}
	members := slices.Delete(slices.Clone(a.kept.members), i, i+1)
	a.kept = &kept{members: members, exact: a.kept.exact}
}

// IsNull reports whether an explicit null is kept under name. A value set in the struct takes
// precedence when encoding.
func (a *AdditionalData) IsNull(name Property) bool {
	i := a.find(name.String())
	return i >= 0 && a.kept.members[i].raw == "null"
}

// All ranges over the members in wire order, starting with the @odata.type.
func (a *AdditionalData) All() iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		if a.odataType != nil && a.odataType != &noType {
			if !yield(odataTypeName, appendString(nil, *a.odataType)) {
				return
			}
		}
		if a.kept == nil {
			return
		}
		for _, m := range a.kept.members {
			if !yield(m.name, json.RawMessage(m.raw)) {
				return
			}
		}
	}
}

// Len returns the number of members that All yields.
func (a *AdditionalData) Len() int {
	n := 0
	if a.odataType != nil && a.odataType != &noType {
		n++
	}
	if a.kept != nil {
		n += len(a.kept.members)
	}
	return n
}

// Decode decodes the JSON kept under name into v, a pointer. It returns an error if no such
// member is kept or its JSON does not fit v.
func (a *AdditionalData) Decode(name Property, v any) error {
	raw, ok := a.Get(name)
	if !ok {
		return fmt.Errorf("no additional member is named %q", name)
	}
	if value, ok := v.(Value); ok {
		return Unmarshal(raw, value)
	}
	return json.Unmarshal(raw, v)
}

// Mismatched returns the names of the declared properties whose JSON did not fit their type
// and was kept instead.
func (a *AdditionalData) Mismatched() []string {
	if a.kept == nil {
		return nil
	}
	var names []string
	for _, m := range a.kept.members {
		if m.role == roleMismatch {
			names = append(names, m.name)
		}
	}
	return names
}

// clone returns a copy that shares no memory with a.
func (a *AdditionalData) clone() AdditionalData {
	c := AdditionalData{odataType: a.odataType}
	if a.odataType != nil && a.odataType != &noType {
		text := strings.Clone(*a.odataType)
		c.odataType = &text
	}
	if a.kept != nil {
		c.kept = &kept{members: slices.Clone(a.kept.members), exact: a.kept.exact}
		for i := range c.kept.members {
			m := &c.kept.members[i]
			m.name, m.raw = strings.Clone(m.name), strings.Clone(m.raw)
		}
	}
	return c
}
