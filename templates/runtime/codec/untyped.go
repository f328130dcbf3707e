package codec

import "encoding/json"

// Untyped is an Edm.Untyped value as JSON text; nil means absent.
type Untyped []byte

// Decode decodes the value into v, a pointer, like [json.Unmarshal].
func (u Untyped) Decode(v any) error {
	if value, ok := v.(Value); ok {
		return Unmarshal(u, value)
	}
	return json.Unmarshal(u, v)
}

// MarshalJSON implements [json.Marshaler].
func (u Untyped) MarshalJSON() ([]byte, error) { return json.RawMessage(u).MarshalJSON() }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *Untyped) UnmarshalJSON(data []byte) error {
	*u = append(Untyped{}, data...)
	return nil
}
