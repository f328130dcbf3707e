package config

import (
	"bytes"
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"
)

// errPin is the error for a gen.yaml written in a form that Pin does not support.
var errPin = errors.New("the hash cannot be written into gen.yaml: write spec and sha256 on lines of their own, each with its value")

// Pin returns gen.yaml with the hash of its description replaced, or added below the
// description. Nothing else changes.
func Pin(data []byte, hash string) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	if len(document.Content) != 1 || document.Content[0].Kind != yaml.MappingNode || document.Content[0].Style == yaml.FlowStyle {
		return nil, errPin
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	if value := valueOf(document.Content[0], "sha256"); value != nil {
		return replaced(lines, value, hash)
	}
	value := valueOf(document.Content[0], "spec")
	if value == nil || !isOneLine(value) {
		return nil, errPin
	}
	return inserted(lines, value.Line, hash), nil
}

// valueOf returns the value of a key of a mapping.
func valueOf(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

func isOneLine(value *yaml.Node) bool {
	return value.Kind == yaml.ScalarNode && value.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && value.Anchor == ""
}

// replaced replaces a value by a hash.
func replaced(lines [][]byte, value *yaml.Node, hash string) ([]byte, error) {
	if !isOneLine(value) || value.Line > len(lines) {
		return nil, errPin
	}
	line := string(lines[value.Line-1])
	written := value.Value
	switch value.Style {
	case yaml.DoubleQuotedStyle:
		written = `"` + written + `"`
	case yaml.SingleQuotedStyle:
		written = "'" + written + "'"
	}
	before := line[:min(value.Column-1, len(line))]
	after, ok := strings.CutPrefix(line[len(before):], written)
	if !ok {
		return nil, errPin
	}
	lines[value.Line-1] = []byte(before + `"` + hash + `"` + after)
	return bytes.Join(lines, nil), nil
}

// inserted inserts a line with the hash below another.
func inserted(lines [][]byte, below int, hash string) []byte {
	line := `sha256: "` + hash + `"`
	above := lines[below-1]
	switch {
	case bytes.HasSuffix(above, []byte("\r\n")):
		line += "\r\n"
	case bytes.HasSuffix(above, []byte("\n")):
		line += "\n"
	default:
		line = "\n" + line
	}
	lines[below-1] = append(bytes.Clone(above), line...)
	return bytes.Join(lines, nil)
}
