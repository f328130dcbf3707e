package codec

import (
	"encoding/json"
	"math/big"
	"strconv"
)

// Decimal is an Edm.Decimal as exact text, such as "0.00", in the syntax of JSON numbers.
type Decimal string

// Rat returns the exact value. It reports false if d is not a valid decimal or has an
// unreasonable exponent.
func (d Decimal) Rat() (*big.Rat, bool) {
	tok := tokenOf(string(d))
	if tok.kind != '0' || len(tok.text) != len(d) {
		return nil, false
	}
	if f, err := strconv.ParseFloat(string(d), 64); err != nil || f != 0 && (f < 1e-300 && f > -1e-300) {
		return nil, false
	}
	return new(big.Rat).SetString(string(d))
}

// Float64 returns the nearest float64, or an error if d is malformed or out of range.
func (d Decimal) Float64() (float64, error) { return strconv.ParseFloat(string(d), 64) }

// MarshalJSON implements [json.Marshaler].
func (d Decimal) MarshalJSON() ([]byte, error) { return decimalScalar.print(nil, d) }

// UnmarshalJSON implements [json.Unmarshaler].
func (d *Decimal) UnmarshalJSON(data []byte) error { return unmarshalScalar(data, decimalScalar, d) }

var decimalScalar = textScalar[Decimal]("Edm.Decimal", func(text string) bool {
	tok := tokenOf(text)
	return tok.kind == '0' && len(tok.text) == len(text)
}, false)

// unmarshalScalar is UnmarshalJSON for a scalar type; null leaves v unchanged.
func unmarshalScalar[T any](data []byte, s scalar[T], v *T) error {
	if !json.Valid(data) {
		return errorf("invalid JSON")
	}
	tok := tokenOf(string(data))
	if tok.kind == 'n' {
		return nil
	}
	parsed, how := s.parse(tok)
	if how == misfit {
		return errorf("%s is not a %T", data, *v)
	}
	*v = parsed
	return nil
}
