package codec

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// literal returns a value as written in OData URLs (OData ABNF, primitiveLiteral): "" for nil,
// JSON for a struct and a collection. Members of enums stand with their type if that is
// wanted and known. Unknown types are errors, because their text might not be valid in a URL.
func literal(value any, enumTypes bool) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return quoteLiteral(v), nil
	case GUID:
		return valid(string(v), isGUID, "GUID")
	case bool:
		return strconv.FormatBool(v), nil
	case float32:
		return floatLiteral(float64(v), 32), nil
	case float64:
		return floatLiteral(v, 64), nil
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano), nil
	case time.Duration:
		return literal(DurationOf(v), enumTypes)
	case Duration:
		return "duration" + quoteLiteral(string(v)), nil
	case Decimal:
		return valid(string(v), isNumber, "decimal number")
	case Date:
		_, err := dateScalar.print(nil, v)
		return v.String(), err
	case TimeOfDay:
		_, err := timeOfDayScalar.print(nil, v)
		return v.String(), err
	case []byte:
		return binaryLiteral(v), nil
	case Binary:
		return binaryLiteral(v), nil
	case Value:
		if isNil(v) {
			return "", nil
		}
		data, err := encodeSent(v, wireFormat{})
		return string(data), err
	}
	return literalOf(reflect.ValueOf(value), enumTypes)
}

// binaryLiteral returns an Edm.Binary. A nil slice is null.
func binaryLiteral(v []byte) string {
	if v == nil {
		return ""
	}
	return "binary" + quoteLiteral(base64.URLEncoding.EncodeToString(v))
}

func valid(text string, is func(string) bool, what string) (string, error) {
	if !is(text) {
		return "", fmt.Errorf("%q is not a %s", text, what)
	}
	return text, nil
}

// isGUID reports whether text is a GUID of the OData ABNF: 8-4-4-4-12 hexadecimal digits.
func isGUID(text string) bool {
	parts := strings.Split(text, "-")
	if len(parts) != 5 {
		return false
	}
	for i, length := range []int{8, 4, 4, 4, 12} {
		if len(parts[i]) != length || strings.Trim(parts[i], "0123456789abcdefABCDEF") != "" {
			return false
		}
	}
	return true
}

// isNumber reports whether text is a decimal number, optionally with sign, fraction and
// exponent.
func isNumber(text string) bool {
	mantissa, exponent, hasExponent := strings.Cut(strings.ToLower(text), "e")
	whole, fraction, hasFraction := strings.Cut(unsigned(mantissa), ".")
	return isDigits(whole) && (!hasFraction || isDigits(fraction)) && (!hasExponent || isDigits(unsigned(exponent)))
}

// unsigned returns a number without its sign.
func unsigned(text string) string {
	if text != "" && strings.Contains("+-", text[:1]) {
		return text[1:]
	}
	return text
}

// literalOf is like literal for a value that is recognized by its kind.
func literalOf(v reflect.Value, enumTypes bool) (string, error) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return "", nil
		}
		return literal(v.Elem().Interface(), enumTypes)
	case reflect.String: // an enum
		if v.String() == "" {
			return "", nil
		}
		return enumLiteral(v, enumTypes), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), nil
	case reflect.Uint8:
		return strconv.FormatUint(v.Uint(), 10), nil
	case reflect.Slice:
		if v.IsNil() {
			return "", nil
		}
		data, err := json.Marshal(v.Interface())
		return string(data), err
	}
	return "", fmt.Errorf("a %v cannot stand in a URL", v.Type())
}

// enumLiteral returns members of an enum, with its type if that is wanted.
func enumLiteral(v reflect.Value, enumTypes bool) string {
	if named, ok := v.Interface().(interface{ ODataType() string }); ok && enumTypes {
		return named.ODataType() + quoteLiteral(v.String())
	}
	return quoteLiteral(v.String())
}

// quoteLiteral quotes a string and doubles the quotes in it.
func quoteLiteral(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// floatLiteral writes numbers of ordinary size without an exponent, and others without the plus
// sign: some services cannot read more.
func floatLiteral(f float64, bits int) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "INF"
	case math.IsInf(f, -1):
		return "-INF"
	}
	if size := math.Abs(f); f == 0 || size >= 1e-15 && size < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, bits)
	}
	return strings.Replace(strconv.FormatFloat(f, 'e', -1, bits), "e+", "e", 1)
}
