package codec

// Property is the JSON name of a declared property. The generated constants
// name every property of every type; they fit wherever a property is named, such
// as [AdditionalData.SetNull].
type Property string
