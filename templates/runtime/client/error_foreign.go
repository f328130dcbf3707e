package client

import (
	"bytes"
	"encoding/json"
	"strings"
)

// This file finds out what went wrong from errors that are not in OData's format: those of
// gateways, of frameworks below the service, and of services that know an earlier version.

// mostForeign is how much of a foreign error becomes the message, in bytes.
const mostForeign = 500

// readForeign fills in code and message, if nothing else has, from the body of an error.
func (e *Error) readForeign(contentType string, body []byte) {
	if e.Code != "" || e.Message != "" {
		return
	}
	text := strings.TrimSpace(string(body[:min(len(body), mostOfError)]))
	var plain string
	switch {
	case strings.HasPrefix(text, "{"):
		e.readObject([]byte(text))
	case json.Unmarshal([]byte(text), &plain) == nil:
		e.Message = plain
	case strings.HasPrefix(text, "<"):
		e.Code, e.Message = textOfTag(text, "code"), textOfTag(text, "message")
		if e.Message == "" {
			e.Message = textOfTag(text, "title")
		}
	case mediaType(contentType) == "text/plain":
		e.Message, _, _ = strings.Cut(text, "\n")
	}
	e.Message = strings.ToValidUTF8(e.Message[:min(len(e.Message), mostForeign)], "")
}

// readObject reads an error in letters of another case, a problem (RFC 9457), or a message
// alone. Of members that are there twice it takes the last.
func (e *Error) readObject(body []byte) {
	members := lowerMembers(body)
	if inner := lowerMembers(members["error"]); len(inner) > 0 {
		members = inner
	} else if list := listIn(members["errors"]); len(list) > 0 {
		members = lowerMembers(list[0])
	}
	e.Code = jsonText(members["code"])
	for _, name := range []string{"message", "detail", "title", "error_description"} {
		if e.Message = jsonText(members[name]); e.Message != "" {
			return
		}
	}
}

// lowerMembers returns the members of a JSON object by their names in lower case.
func lowerMembers(data []byte) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(data, &members)
	lower := make(map[string]json.RawMessage, len(members))
	for name, value := range members {
		lower[lowerASCII(name)] = value
	}
	return lower
}

func listIn(data []byte) []json.RawMessage {
	var list []json.RawMessage
	_ = json.Unmarshal(data, &list)
	return list
}

// jsonText returns a string, a number as it is written, or the text of an object with a language,
// as messages were before OData 4.0: {"lang":"en","value":"Not found"}.
func jsonText(data []byte) string {
	var text string
	var object struct {
		Value string `json:"value"`
	}
	var number json.Number
	switch data = bytes.TrimSpace(data); {
	case json.Unmarshal(data, &text) == nil:
		return text
	case json.Unmarshal(data, &object) == nil:
		return object.Value
	case json.Unmarshal(data, &number) == nil:
		return number.String()
	}
	return ""
}

// textOfTag returns the text in the first element of a name, in XML or HTML, or "".
func textOfTag(text, name string) string {
	lower := lowerASCII(text)
	start := strings.Index(lower, "<"+name)
	if start < 0 {
		return ""
	}
	open := strings.IndexByte(lower[start:], '>')
	if open < 0 {
		return ""
	}
	start += open + 1
	end := strings.Index(lower[start:], "</"+name)
	if end < 0 {
		return ""
	}
	return strings.TrimSpace(strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&").Replace(text[start : start+end]))
}
