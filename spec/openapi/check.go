package openapi

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// checker examines a document before kin-openapi gets it: it enforces the limits, finds
// duplicate keys, and renames references.
type checker struct {
	d        *document
	findings *diag.List
	sizes    map[*yaml.Node]int // sizes of nodes with an anchor; -1 while counting
	data     bool               // inside an example or another value
	repeated int                // number of values repeated by anchors
	stopped  bool
}

// node checks a node and returns the number of values in it, including repetitions by
// anchors.
func (c *checker) node(n *yaml.Node, depth int) int {
	switch {
	case c.stopped:
		return 0
	case depth > maxDepth:
		c.stop(n, "nested deeper than %d levels", maxDepth)
		return 0
	case n.Kind == yaml.AliasNode:
		return c.alias(n)
	}
	if n.Anchor != "" {
		c.sizes[n] = -1
	}
	if n.Kind == yaml.MappingNode {
		c.keys(n)
	}
	size, data := 1, c.data
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 1 {
			c.data = data || isData(n.Content[i-1].Value)
		}
		size += c.node(child, depth+1)
	}
	c.data = data
	if n.Anchor != "" {
		c.sizes[n] = size
	}
	return size
}

// alias counts the values that an anchor repeats. The anchored node precedes it and was
// counted before.
func (c *checker) alias(n *yaml.Node) int {
	size := c.sizes[n.Alias]
	if size < 0 {
		c.stop(n, "the anchor %s holds itself", edm.Quote(n.Value))
		return 0
	}
	if c.repeated += size; c.repeated > maxRepeated {
		c.stop(n, "anchors repeat more than %d values: write less with them", maxRepeated)
	}
	return size
}

func (c *checker) stop(n *yaml.Node, format string, args ...any) {
	if !c.stopped {
		c.findings.Add(c.d.pos(n), "", format, args...)
	}
	c.stopped = true
}

// keys checks the keys of a mapping.
func (c *checker) keys(n *yaml.Node) {
	var first map[string]*yaml.Node
	const few = 8 // few enough not to need a table
	if len(n.Content) > 2*few {
		first = make(map[string]*yaml.Node, len(n.Content)/2)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			c.findings.Add(c.d.pos(key), "", "keys must be text")
			continue
		}
		if other := repeated(n, i, first); other != nil && key.Value != "<<" {
			c.findings.Add(c.d.pos(key), "", "the key %s is given twice, first on line %d: remove one", edm.Quote(key.Value), other.Line-c.d.indentLines)
		}
		switch key.Value {
		case refKey:
			c.findings.Add(c.d.pos(key), "", "the key %s is reserved: choose another name for the extension", refKey)
		case "$ref":
			c.rename(key, value)
		case "discriminator":
			c.discriminator(key, value)
		case "schemas", "properties":
			c.schemas(value)
		}
	}
}

// repeated returns the earlier key of n that is equal to the one at i, or nil.
func repeated(n *yaml.Node, i int, first map[string]*yaml.Node) *yaml.Node {
	key := n.Content[i]
	if first != nil {
		if other := first[key.Value]; other != nil {
			return other
		}
		first[key.Value] = key
		return nil
	}
	for k := 0; k < i; k += 2 {
		if n.Content[k].Value == key.Value {
			return n.Content[k]
		}
	}
	return nil
}

// rename replaces the key of a reference by refKey. A property can be named $ref as well,
// but its value is not a string.
func (c *checker) rename(key, value *yaml.Node) {
	if value.Kind != yaml.ScalarNode {
		return
	}
	at, ok := c.d.offset(key.Line, key.Column)
	if ok && at < len(c.d.text) && (c.d.text[at] == '"' || c.d.text[at] == '\'') {
		at++
	}
	if !ok || !strings.HasPrefix(string(c.d.text[at:min(at+len("$ref"), len(c.d.text))]), "$ref") {
		c.findings.Add(c.d.pos(key), "", "write the key $ref without escapes and tags")
		return
	}
	copy(c.d.text[at:], refKey)
}

// discriminator records the positions of a mapping's entries, which kin-openapi does not,
// and rejects those that lead to other files, which it would follow.
func (c *checker) discriminator(key, n *yaml.Node) {
	mapping := value(n, "mapping")
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return
	}
	var entries []mappingEntry
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		name, v := mapping.Content[i], mapping.Content[i+1]
		entries = append(entries, mappingEntry{name.Value, c.d.pos(name)})
		if strings.Contains(v.Value, "/") && !strings.HasPrefix(v.Value, "#") {
			c.findings.Add(c.d.pos(v), "", "the discriminator leads to another file, %s: give the name of the schema", edm.Quote(v.Value))
		}
	}
	c.d.mappings[[2]int{key.Line, key.Column}] = entries
}

// schemas rejects names without a schema: kin-openapi would do so without a position.
func (c *checker) schemas(n *yaml.Node) {
	for i := 1; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		if n.Content[i].Tag == "!!null" && !c.data {
			c.findings.Add(c.d.pos(n.Content[i-1]), "", "there is no schema for %s: write {} if any value will do", edm.Shown(n.Content[i-1].Value))
		}
	}
}

// isData reports whether the value of a key is not part of the description, but an example
// or another value.
func isData(key string) bool {
	switch key {
	case "example", "examples", "default", "enum", "const":
		return true
	}
	return strings.HasPrefix(key, "x-")
}
