package codec

import (
	"encoding/base64"
	"encoding/json"
)

// Binary is an Edm.Binary. In JSON it is base64url, as OData has it (OData JSON format,
// "Primitive Value"); base64 is read, too.
type Binary []byte

// MarshalJSON implements [json.Marshaler].
func (b Binary) MarshalJSON() ([]byte, error) { return base64URLScalar.print(nil, b) }

// UnmarshalJSON implements [json.Unmarshaler].
func (b *Binary) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	v, how := base64URLScalar.parse(token{kind: '"', text: text})
	if how == misfit {
		return errorf("%q is not base64", text)
	}
	*b = v
	return nil
}

// base64URLScalar holds Edm.Binary of services other than Microsoft Graph, which writes base64.
var base64URLScalar = scalar[Binary]{
	parse: func(tok token) (Binary, fit) {
		if tok.kind != '"' {
			return nil, misfit
		}
		if b, err := base64.URLEncoding.Strict().DecodeString(tok.text); err == nil && len(tok.text) == base64.URLEncoding.EncodedLen(len(b)) {
			return b, fits
		}
		b, how := binaryScalar.parse(tok)
		return b, max(how, inexact) // spelled otherwise than it is encoded
	},
	print: func(dst []byte, v Binary) ([]byte, error) {
		return append(base64.URLEncoding.AppendEncode(append(dst, '"'), v), '"'), nil
	},
	equal: func(a, b Binary) bool { return string(a) == string(b) },
}
