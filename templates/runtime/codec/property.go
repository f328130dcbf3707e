package codec

// Property is the JSON name of a declared property, for queries, conditions and
// [AdditionalData]. Every property of every type has a generated constant.
type Property string
