package openapi

import (
	"fmt"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// isMixed reports whether values can be of several types.
func isMixed(s *openapi3.Schema) bool {
	n := 0
	for _, t := range s.Type.Slice() {
		if t != "null" {
			n++
		}
	}
	return n > 1 && primitive(s) == ""
}

// isScalar reports whether a schema is a string, number or boolean.
func isScalar(s *openapi3.Schema) bool {
	return s.Type.Includes("string") || s.Type.Includes("number") || s.Type.Includes("integer") || s.Type.Includes("boolean")
}

// primitive returns the primitive type of a scalar, "" for other schemas.
func primitive(s *openapi3.Schema) string {
	numeric, str := s.Type.Includes("number") || s.Type.Includes("integer"), s.Type.Includes("string")
	if s.Type.Includes("object") || s.Type.Includes("array") {
		return ""
	}
	switch {
	case numeric && s.Type.Includes("boolean"), str && s.Type.Includes("boolean"):
		return ""
	case numeric:
		name := numberFormat(s.Format, !s.Type.Includes("number"))
		if str && s.Format == "" {
			return ""
		}
		return name
	case str:
		return stringFormat(s.Format)
	case s.Type.Includes("boolean"):
		return "Boolean"
	case s.Type == nil:
		switch s.Const.(type) {
		case string:
			return stringFormat(s.Format)
		case bool:
			return "Boolean"
		}
	}
	return ""
}

func numberFormat(format string, integer bool) string {
	switch format {
	case "int8":
		return "SByte"
	case "uint8":
		return "Byte"
	case "int16":
		return "Int16"
	case "int32":
		return "Int32"
	case "int64", "uint16", "uint32":
		return "Int64"
	case "float":
		return "Single"
	case "double":
		return "Double"
	case "decimal", "uint64":
		return "Decimal"
	}
	if integer {
		return "Int64"
	}
	return "Double"
}

func stringFormat(format string) string {
	switch format {
	case "date-time":
		return "DateTimeOffset"
	case "date":
		return "Date"
	case "time":
		return "TimeOfDay"
	case "duration":
		return "Duration"
	case "uuid":
		return "Guid"
	case "base64url", "byte", "binary":
		return "Binary"
	}
	return "String"
}

// scalarText returns a default value in the notation of CSDL.
func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case int, int64, uint64:
		return fmt.Sprint(v), true
	}
	return "", false
}

// number returns the numeric type of a schema that allows INF and NaN, or numbers as
// strings; "" for other schemas.
func number(s *openapi3.Schema, alternatives []*openapi3.Schema) string {
	var numeric *openapi3.Schema
	for _, a := range alternatives {
		switch {
		case reference(a) == "#/components/schemas/ReferenceNumeric":
		case reference(a) != "" || len(a.AllOf)+len(a.AnyOf)+len(a.OneOf)+len(a.Properties) > 0:
			return ""
		case a.Type.Includes("number") || a.Type.Includes("integer"):
			if numeric != nil {
				return ""
			}
			numeric = a
		case a.Type.Includes("string") || a.Type == nil && isNumeric(a.Enum):
		default:
			return ""
		}
	}
	if numeric == nil || len(alternatives) < 2 {
		return ""
	}
	if s.Format == "" {
		return primitive(numeric)
	}
	return primitive(&openapi3.Schema{Type: numeric.Type, Format: s.Format})
}

// isNumeric reports whether values are the special numbers that JSON writes as strings.
func isNumeric(values []any) bool {
	for _, v := range values {
		if v != "-INF" && v != "INF" && v != "NaN" {
			return false
		}
	}
	return len(values) > 0
}
