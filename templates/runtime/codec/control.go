package codec

import (
	"encoding/json"
	"strings"
)

// This file is about control information (OData JSON Format, section 4.5), which has two
// spellings: with the prefix "odata." as in OData 4.0, and without it as 4.01 allows.

const (
	controlPrefix = "odata."
	plainTypeName = "@type"
)

// otherSpelling returns the name of control information in its other spelling, or "" if name
// is the name of an annotation, which has a dot.
func otherSpelling(name string) string {
	at := strings.LastIndexByte(name, '@') + 1
	if at == 0 {
		return ""
	}
	if term, ok := strings.CutPrefix(name[at:], controlPrefix); ok {
		if strings.IndexByte(term, '.') >= 0 {
			return ""
		}
		return name[:at] + term
	}
	return prefixed(name, at)
}

// prefixed returns the name with the prefix before its term, which begins at a position, or ""
// if the term has a dot.
func prefixed(name string, at int) string {
	if at == len(name) || strings.IndexByte(name[at:], '.') >= 0 {
		return ""
	}
	return name[:at] + controlPrefix + name[at:]
}

// findControl returns the field of an envelope for control information without the prefix, or
// -1.
func (t *typ) findControl(name string) int {
	if !strings.HasPrefix(name, "@") {
		return -1
	}
	return t.find(prefixed(name, 1))
}

// wireFormat says how the bodies of requests are written.
type wireFormat struct {
	Prefixed   bool // control information has its prefix, which every version understands
	References bool // entities are bound by references (4.01), not by annotations (4.0)
	Quoted     bool // Edm.Int64 and Edm.Decimal are strings (IEEE754Compatible)
}

// quotes reports whether numbers that JavaScript cannot hold are strings.
func (w *wireFormat) quotes() bool { return w != nil && w.Quoted }

// Bind relates the value to the entity with the given id when a request creates or updates it:
// it sets the navigation property, which has one entity. The id is the URL of the entity,
// which may be relative to the service.
func (a *AdditionalData) Bind(navigation Property, id string) {
	a.bind(navigation, id)
}

// BindAll is like Bind for a navigation property that is a collection.
func (a *AdditionalData) BindAll(navigation Property, ids ...string) {
	a.bind(navigation, append([]string{}, ids...))
}

func (a *AdditionalData) bind(navigation Property, ids any) {
	raw, _ := json.Marshal(ids) // strings can always be encoded
	a.put(member{name: navigation.String() + "@odata.bind", raw: string(raw), field: fieldUnresolved, role: roleExtra})
}

// appendControl appends a kept member whose name contains an "@" in the format of the request.
func (w *wireFormat) appendControl(buf []byte, m *member) []byte {
	name := m.name
	at := strings.LastIndexByte(name, '@') + 1
	if w.Prefixed {
		if full := prefixed(name, at); full != "" {
			name = full
		}
	}
	if property, ok := strings.CutSuffix(name, "@odata.bind"); ok && property != "" && w.References {
		if out, ok := appendReferences(buf, property, m.raw); ok {
			return out
		}
	}
	return append(append(appendString(append(buf, ','), name), ':'), m.raw...)
}

// appendReferences appends a navigation property with references in place of the annotation
// that binds it. It reports false if the annotation has another form.
func appendReferences(buf []byte, property, raw string) ([]byte, bool) {
	type reference struct {
		ID string `json:"@odata.id"`
	}
	var one string
	var many []string
	var to any
	switch {
	case json.Unmarshal([]byte(raw), &one) == nil && raw != "null":
		to = reference{one}
	case json.Unmarshal([]byte(raw), &many) == nil && many != nil:
		list := make([]reference, len(many))
		for i, id := range many {
			list[i].ID = id
		}
		to = list
	default:
		return buf, false
	}
	text, err := json.Marshal(to)
	if err != nil {
		return buf, false
	}
	return append(append(appendString(append(buf, ','), property), ':'), text...), true
}
