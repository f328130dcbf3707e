package config

import (
	"bytes"
	"encoding/json"
	"go/token"
	"strings"
)

// SchemaURL is the address of the schema of gen.yaml, for editors.
const SchemaURL = "https://raw.githubusercontent.com/callgen/callgen/main/generator/config/gen.schema.json"

// Schema returns the JSON schema of gen.yaml. It covers what can be checked in the file
// alone; [Load] and the generator check other files and the description.
func Schema() ([]byte, error) {
	properties := make(map[string]any)
	for _, k := range Keys() {
		s := k.schema()
		s["description"] = k.Doc
		properties[k.Name] = s
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(map[string]any{
		"$schema": "http://json-schema.org/draft-07/schema#", "$id": SchemaURL,
		"title": "gen.yaml: what gen generates", "type": "object",
		"properties": properties, "additionalProperties": false,
		"required": []string{"spec", "out"},
		"if":       map[string]any{"properties": map[string]any{"spec": matching(urlPattern)}},
		"then":     map[string]any{"required": []string{"sha256"}},
		"oneOf": []any{
			map[string]any{
				"required":   []string{"roots"},
				"properties": map[string]any{"roots": map[string]any{"minItems": 1}, "all": map[string]any{"const": false}},
			},
			map[string]any{
				"required":   []string{"all"},
				"properties": map[string]any{"all": map[string]any{"const": true}, "roots": map[string]any{"maxItems": 0}},
			},
		},
	})
	return b.Bytes(), err
}

// Patterns of names, in the syntax that Go and JavaScript share. The code that reads names
// checks their length, too.
const (
	identifierPattern = `[\p{L}_][\p{L}\p{Nd}_-]*`
	wildPattern       = `[\p{L}_*][\p{L}\p{Nd}_*-]*`
	namePattern       = identifierPattern + `(\.` + identifierPattern + `)+`
	stepPattern       = `(\{[^/]*\}|` + wildPattern + `(\.` + wildPattern + `)*)`
	callPattern       = wildPattern + `(\.` + wildPattern + `)*\([^/()]*\)`
	rootPattern       = `^((/` + stepPattern + `)*/(` + stepPattern + `|` + callPattern + `)|` + wildPattern + `(\.` + wildPattern + `)+)$`
	elementPattern    = `^(/` + identifierPattern + `|` + namePattern + `(\(([^()]|\([^()]*\))*\))?(/[^/]+)*)$`
	namespacePattern  = `^` + identifierPattern + `(\.` + identifierPattern + `)*$`
	goNamePattern     = `^\p{Lu}[\p{L}\p{Nd}_]*$`
	serverPattern     = `^https?://[^/?#@]+(/[^?#]*)?$`
	urlPattern        = `^[A-Za-z][A-Za-z0-9+.-]+://`
	fetchedPattern    = `^https://|^http://(localhost|127\.[0-9.]+|\[::1\])([:/]|$)`
	hiddenPattern     = `[` + "\x00-\x08\x0b-\x1f\x7f-\u009f\u2028\u2029" + `\p{Cf}]|\+build`
)

// schema returns the schema of the values of a key.
func (k Key) schema() map[string]any {
	switch k.Kind {
	case Switch:
		return map[string]any{"type": "boolean"}
	case Files:
		return map[string]any{"oneOf": []any{k.textSchema(), listOf(k.textSchema())}}
	case List:
		return listOf(k.textSchema())
	case Map:
		return map[string]any{
			"type": "object", "propertyNames": matching(elementPattern),
			"additionalProperties": map[string]any{
				"type": "object", "required": []string{"name", "reason"}, "additionalProperties": false,
				"properties": map[string]any{"name": matching(goNamePattern), "reason": matching(`\S`)},
			},
		}
	case Groups:
		return map[string]any{
			"type": "object", "propertyNames": matching(`^` + namePattern + `$`),
			"additionalProperties": listOf(matching(`^` + namePattern + `$`)),
		}
	case Choices:
		properties := make(map[string]any)
		for _, c := range k.choices {
			properties[c.Name] = map[string]any{"enum": c.Values}
		}
		return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	}
	return k.textSchema()
}

func (k Key) textSchema() map[string]any {
	if k.values != nil {
		return map[string]any{"enum": k.values}
	}
	s := matching(`\S`)
	switch k.Name {
	case "roots":
		s["pattern"] = rootPattern
	case "exclude":
		s["pattern"] = "^!?(" + strings.Trim(rootPattern, "^$") + ")$"
	case "api-version":
		s["pattern"] = segmentPattern
	case "namespace":
		s["pattern"] = namespacePattern
	case "server":
		s["pattern"] = serverPattern
	case "package":
		s["pattern"] = `^[\p{L}_][\p{L}\p{Nd}_]*$`
		s["not"] = map[string]any{"enum": append(keywords(), "main", "_")}
	case "header":
		s["not"] = matching(hiddenPattern)
	case "spec":
		s["anyOf"] = []any{map[string]any{"not": matching(urlPattern)}, matching(fetchedPattern)}
	case "sha256":
		s["pattern"] = hashPattern
	case "overlays", "out":
		s["not"] = matching(urlPattern)
	}
	return s
}

func matching(pattern string) map[string]any {
	return map[string]any{"type": "string", "pattern": pattern}
}

func listOf(items map[string]any) map[string]any {
	return map[string]any{"type": "array", "items": items, "uniqueItems": true}
}

// keywords returns the keywords of Go, which cannot name a package.
func keywords() []string {
	var list []string
	for t := token.BREAK; t <= token.VAR; t++ {
		if t.IsKeyword() {
			list = append(list, t.String())
		}
	}
	return list
}
