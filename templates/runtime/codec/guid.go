package codec

// GUID is an Edm.Guid, such as "112f7296-5fa4-42ca-bae8-6a692b15d4b8". In conditions and paths
// it is written without quotes.
type GUID string

// guidScalar holds Edm.Guid, whatever the service sends as such.
var guidScalar = scalar[GUID]{
	parse: func(tok token) (GUID, fit) {
		text, how := stringScalar.parse(tok)
		return GUID(text), how
	},
	print: func(dst []byte, v GUID) ([]byte, error) { return appendString(dst, string(v)), nil },
	equal: same[GUID],
	keeps: true,
}
