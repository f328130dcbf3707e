package codec

import "strings"

// Property is the JSON name of a declared property, for queries, conditions and
// [AdditionalData]. Package fields has a constant for every property of every type, such as
// fields.CallState.
//
// Behind the name can stand the EDM type of the values, after a blank, where their Go type does
// not say how they are written in conditions. That is so for Edm.Guid, whose Go type can be
// string: Property("deviceId Edm.Guid") compares with a GUID, Property("deviceId") with text.
type Property string

// guidType is what follows the name of a property of GUIDs.
const guidType = " Edm.Guid"

// String returns the name, without an EDM type.
func (p Property) String() string {
	name, _ := p.cut()
	return name
}

// cut returns the name, and what follows it.
func (p Property) cut() (name, edmType string) {
	if name, ok := strings.CutSuffix(string(p), guidType); ok {
		return name, guidType
	}
	return string(p), ""
}
