package codec

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"
	"time"
)

// scalar describes how a Go type holds a JSON scalar.
type scalar[T any] struct {
	parse func(tok token) (T, fit)
	print func(dst []byte, v T) ([]byte, error)
	equal func(a, b T) bool
	// keeps is set if the result of parse retains the token's text.
	keeps bool
	// wide is set for numbers that JavaScript's numbers cannot hold.
	wide bool
}

// same compares two values with ==.
func same[T comparable](a, b T) bool { return a == b }

var stringScalar = scalar[string]{
	parse: func(tok token) (string, fit) {
		switch {
		case tok.kind != '"':
			return "", misfit
		case tok.lossy:
			return tok.text, inexact
		}
		return tok.text, fits
	},
	print: func(dst []byte, s string) ([]byte, error) { return appendString(dst, s), nil },
	equal: same[string],
	keeps: true,
}

var boolScalar = scalar[bool]{
	parse: func(tok token) (bool, fit) {
		if tok.kind != 't' && tok.kind != 'f' {
			return false, misfit
		}
		return tok.kind == 't', fits
	},
	print: func(dst []byte, v bool) ([]byte, error) { return strconv.AppendBool(dst, v), nil },
	equal: same[bool],
}

// signed holds Edm.SByte, Int16, Int32 and Int64. The last may be sent as a
// string, since JavaScript's numbers cannot hold all of it.
func signed[T int8 | int16 | int32 | int64](bits int) scalar[T] {
	return scalar[T]{
		parse: func(tok token) (T, fit) {
			if tok.kind != '0' && (tok.kind != '"' || bits != 64) {
				return 0, misfit
			}
			n, err := strconv.ParseInt(tok.text, 10, bits)
			switch {
			case err != nil || tok.text[0] == '+':
				return 0, misfit
			case tok.kind == '"' || n == 0 && len(tok.text) > 1:
				return T(n), inexact
			}
			return T(n), fits
		},
		print: func(dst []byte, v T) ([]byte, error) { return strconv.AppendInt(dst, int64(v), 10), nil },
		equal: same[T],
		wide:  bits == 64,
	}
}

// byteScalar holds Edm.Byte.
var byteScalar = scalar[uint8]{
	parse: func(tok token) (uint8, fit) {
		n, err := strconv.ParseUint(tok.text, 10, 8)
		if tok.kind != '0' || err != nil {
			return 0, misfit
		}
		return uint8(n), fits
	},
	print: func(dst []byte, v uint8) ([]byte, error) { return strconv.AppendUint(dst, uint64(v), 10), nil },
	equal: same[uint8],
}

// floating holds Edm.Single and Edm.Double, whose infinities and NaN are strings.
func floating[T float32 | float64](bits int) scalar[T] {
	return scalar[T]{
		parse: func(tok token) (T, fit) { return parseFloat[T](tok, bits) },
		print: func(dst []byte, v T) ([]byte, error) { return appendFloat(dst, float64(v), bits), nil },
		equal: func(a, b T) bool { return a == b || a != a && b != b },
	}
}

func parseFloat[T float32 | float64](tok token, bits int) (T, fit) {
	if tok.kind == '"' {
		switch tok.text {
		case "INF":
			return T(math.Inf(1)), fits
		case "-INF":
			return T(math.Inf(-1)), fits
		case "NaN":
			return T(math.NaN()), fits
		}
		return 0, misfit
	}
	if tok.kind != '0' {
		return 0, misfit
	}
	v, err := strconv.ParseFloat(tok.text, bits)
	if err != nil {
		return 0, misfit
	}
	var scratch [32]byte
	if string(appendFloat(scratch[:0], v, bits)) != tok.text {
		return T(v), inexact
	}
	return T(v), fits
}

// appendFloat writes a number as encoding/json does.
func appendFloat(dst []byte, v float64, bits int) []byte {
	switch {
	case math.IsNaN(v):
		return append(dst, `"NaN"`...)
	case math.IsInf(v, 1):
		return append(dst, `"INF"`...)
	case math.IsInf(v, -1):
		return append(dst, `"-INF"`...)
	}
	format := byte('f')
	if abs := math.Abs(v); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	dst = strconv.AppendFloat(dst, v, format, -1, bits)
	if n := len(dst); format == 'e' && n >= 4 && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1] // e-09 → e-9
		dst = dst[:n-1]
	}
	return dst
}

// binaryScalar holds Edm.Binary: base64, with either alphabet when received.
var binaryScalar = scalar[[]byte]{
	parse: func(tok token) ([]byte, fit) {
		if tok.kind != '"' {
			return nil, misfit
		}
		if b, err := base64.StdEncoding.Strict().DecodeString(tok.text); err == nil && len(tok.text) == base64.StdEncoding.EncodedLen(len(b)) {
			return b, fits
		}
		for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
			if b, err := enc.DecodeString(tok.text); err == nil {
				return b, inexact
			}
		}
		return nil, misfit
	},
	print: func(dst []byte, v []byte) ([]byte, error) {
		return append(base64.StdEncoding.AppendEncode(append(dst, '"'), v), '"'), nil
	},
	equal: func(a, b []byte) bool { return string(a) == string(b) },
}

// timeScalar holds Edm.DateTimeOffset.
var timeScalar = scalar[time.Time]{
	parse: func(tok token) (time.Time, fit) {
		if tok.kind != '"' {
			return time.Time{}, misfit
		}
		if v, n := utcTime(tok.text); n > 0 && n == len(tok.text) {
			return v, fits
		}
		v, err := time.Parse(time.RFC3339Nano, tok.text)
		if err != nil {
			if v, err = time.Parse(time.RFC3339Nano, usualTime(tok.text)); err != nil {
				return time.Time{}, misfit
			}
			return v, inexact
		}
		var scratch [len(time.RFC3339Nano)]byte
		if string(v.AppendFormat(scratch[:0], time.RFC3339Nano)) != tok.text {
			return v, inexact
		}
		return v, fits
	},
	print: func(dst []byte, v time.Time) ([]byte, error) {
		if y := v.Year(); y < 0 || y > 9999 {
			return dst, errorf("the year %d has more than four digits, which Edm.DateTimeOffset cannot say", y)
		}
		return append(v.AppendFormat(append(dst, '"'), time.RFC3339Nano), '"'), nil
	},
	equal: func(a, b time.Time) bool {
		_, x := a.Zone()
		_, y := b.Zone()
		return a.Equal(b) && x == y
	},
}

// usualTime returns an Edm.DateTimeOffset as RFC 3339 has it: OData lets the seconds be
// left out, and letters be small.
func usualTime(text string) string {
	const minutes = len("2006-01-02T15:04")
	if len(text) > minutes && text[minutes] != ':' {
		text = text[:minutes] + ":00" + text[minutes:]
	}
	return strings.ToUpper(text)
}

// textScalar holds types that are their JSON text: parse says whether it is valid.
func textScalar[T ~string](kinds string, valid func(text string) bool, quoted bool) scalar[T] {
	return scalar[T]{
		parse: func(tok token) (T, fit) {
			isString := tok.kind == '"'
			switch {
			case !isString && (quoted || tok.kind != '0'), !valid(tok.text):
				return "", misfit
			case isString != quoted:
				return T(tok.text), inexact
			}
			return T(tok.text), fits
		},
		print: func(dst []byte, v T) ([]byte, error) {
			if !valid(string(v)) {
				return dst, errorf("%q is not a valid %s", string(v), kinds)
			}
			if quoted {
				return appendString(dst, string(v)), nil
			}
			return append(dst, v...), nil
		},
		equal: same[T],
		keeps: true,
		wide:  !quoted,
	}
}
