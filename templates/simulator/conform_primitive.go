package simulator

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
)

// primitive checks a value of a primitive type.
func (c *checker) primitive(path, name string, v any) {
	if want := misfit(name, v); want != "" {
		c.add(path, "must be %s", want)
	}
}

// misfit returns the expected form of a value, or "" if the value fits.
func misfit(name string, v any) string {
	switch name {
	case "Boolean":
		if _, ok := v.(bool); !ok {
			return "true or false"
		}
	case "Byte", "SByte", "Int16", "Int32":
		bits := map[string]int{"Byte": 9, "SByte": 8, "Int16": 16, "Int32": 32}[name]
		if n, ok := v.(json.Number); !ok || !isInteger(string(n), bits) {
			return "a whole number of type Edm." + name
		}
	case "Int64": // a string where numbers are IEEE 754
		if !isInteger(numeral(v), 64) {
			return "a whole number of type Edm.Int64"
		}
	case "Single", "Double", "Decimal":
		_, err := strconv.ParseFloat(numeral(v), 64)
		if err != nil && !slices.Contains([]string{"INF", "-INF", "NaN"}, numeral(v)) {
			return "a number"
		}
	case "Untyped", "PrimitiveType", "ComplexType", "EntityType":
	default:
		text, ok := v.(string)
		if !ok {
			return "a text of type Edm." + name
		}
		if !spelled(name, text) {
			return "a text in the form of Edm." + name
		}
	}
	return ""
}

// numeral returns a number, possibly given as a string.
func numeral(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	n, _ := v.(json.Number)
	return string(n)
}

func isInteger(text string, bits int) bool {
	_, err := strconv.ParseInt(text, 10, bits)
	return err == nil
}

// spelled reports whether a string has the form of a type.
func spelled(name, text string) bool {
	patterns := map[string]string{
		"Guid":           `^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`,
		"Date":           `^-?\d{4,}-\d\d-\d\d$`,
		"TimeOfDay":      `^\d\d:\d\d(:\d\d(\.\d{1,12})?)?$`,
		"DateTimeOffset": `^-?\d{4,}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,12})?)?(Z|[+-]\d\d:\d\d)$`,
		"Duration":       `^-?P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$`,
	}
	if pattern, ok := patterns[name]; ok {
		return regexp.MustCompile(pattern).MatchString(text)
	}
	if name == "Binary" {
		_, url := base64.RawURLEncoding.DecodeString(text)
		_, std := base64.StdEncoding.DecodeString(text)
		return url == nil || std == nil
	}
	return true
}
