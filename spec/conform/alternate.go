package conform

import (
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// Alternate identifies one entity of a collection by an alternate key in a path, as in
// onlineMeetings(joinWebUrl='…').
type Alternate struct {
	Segment int               // index of the path segment, counted from 0
	Values  map[string]string // by property path, such as "joinMeetingIdSettings/joinMeetingId"
}

// alternate goes to an entity by a key in parentheses after the name of a collection.
func (t *Target) alternate(segment string, index int) bool {
	name, arguments, ok := strings.Cut(segment, "(")
	arguments, closed := strings.CutSuffix(arguments, ")")
	if !ok || !closed {
		return false
	}
	n := t.Type.NavigationProperty(name)
	if n == nil || !n.Type.Collection {
		return false
	}
	to, ok := n.Type.Type.(*edm.StructuredType)
	given := keyValues(arguments)
	if !ok || given == nil {
		return false
	}
	for _, key := range to.AlternateKeys() {
		values := make(map[string]string)
		var aliases []string
		for _, part := range key {
			if value, ok := given[part.Alias]; ok {
				values[part.Path] = value
			}
			aliases = append(aliases, part.Alias+"={"+part.Alias+"}")
		}
		if len(values) != len(key) || len(given) != len(key) {
			continue
		}
		t.Type, t.Collection, t.singleton, t.Property, t.Operation = to, false, false, nil, nil
		t.Alternate = &Alternate{Segment: index, Values: values}
		t.Template += "/" + name + "(" + strings.Join(aliases, ",") + ")"
		return true
	}
	return false
}

// keyValues parses a='x',b=2, where a quote in a text is doubled. It returns nil for
// anything else.
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

// cutText parses a text up to its closing quote.
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
