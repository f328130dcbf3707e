package simulator

import (
	"maps"
	"slices"
	"strings"
)

// alternateKey is how a path names one entity of a collection by an alternate key, as
// onlineMeetings(joinWebUrl='…') does.
type alternateKey struct {
	Segment int               // of the path, counted from 0
	Values  map[string]string // by the path of the property, such as "joinMeetingIdSettings/joinMeetingId"
}

// alternate goes to an entity by a key in brackets behind the name of a collection.
func (t *target) byAlternate(segment string, index int) bool {
	name, arguments, ok := strings.Cut(segment, "(")
	arguments, closed := strings.CutSuffix(arguments, ")")
	if !ok || !closed {
		return false
	}
	n := t.Type.NavigationProperty(name)
	if n == nil || !n.Type.Collection {
		return false
	}
	to, ok := n.Type.Type.(*structuredType)
	given := keyValues(arguments)
	if !ok || given == nil {
		return false
	}
	for _, key := range to.AlternateKeys() {
		values := make(map[string]string)
		var aliases []string
		for _, alias := range slices.Sorted(maps.Keys(key)) {
			if value, ok := given[alias]; ok {
				values[key[alias]] = value
			}
			aliases = append(aliases, alias+"={"+alias+"}")
		}
		if len(values) != len(key) || len(given) != len(key) {
			continue
		}
		t.Type, t.Collection, t.singleton, t.Property, t.Operation = to, false, false, nil, nil
		t.Alternate = &alternateKey{Segment: index, Values: values}
		t.Template += "/" + name + "(" + strings.Join(aliases, ",") + ")"
		return true
	}
	return false
}

// keyValues reads a='x',b=2; a quote in a text is doubled. It returns nil for anything else.
func keyValues(text string) map[string]string {
	values := make(map[string]string)
	for text != "" {
		name, rest, ok := strings.Cut(text, "=")
		if !ok {
			return nil
		}
		var value string
		if quoted, ok := strings.CutPrefix(rest, "'"); ok {
			if value, rest, ok = cutText(quoted); !ok {
				return nil
			}
		} else {
			end := strings.IndexByte(rest+",", ',')
			value, rest = rest[:end], rest[end:]
		}
		values[name] = value
		if text = strings.TrimPrefix(rest, ","); text != "" && text == rest {
			return nil
		}
	}
	return values
}

// cutText reads a text up to the quote that ends it.
func cutText(text string) (value, rest string, ok bool) {
	var b strings.Builder
	for {
		part, after, found := strings.Cut(text, "'")
		b.WriteString(part)
		if !found {
			return "", "", false
		}
		if text, ok = strings.CutPrefix(after, "'"); !ok {
			return b.String(), after, true
		}
		b.WriteByte('\'')
	}
}
