package config

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/callgen/callgen/spec/diag"
)

// maxSize limits the size of a configuration file.
const maxSize = 1 << 20

// reader turns YAML nodes into a configuration. It uses nodes rather than struct tags,
// which would lose the columns, and everything but the line of an unknown key.
type reader struct {
	*Config
	found *diag.List
}

// read reads the content of a file. It returns false if that is no configuration at all.
func (c *Config) read(data []byte, found *diag.List) bool {
	r := reader{c, found}
	if len(data) > maxSize {
		found.Add(diag.Pos{File: c.file}, "", "the file has more than %d bytes: is it a configuration?", maxSize)
		return false
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return true // an empty file; flags say everything
	} else if err != nil {
		r.syntax(err)
		return false
	}
	var second yaml.Node
	if err := d.Decode(&second); err == nil {
		found.Add(r.pos(&second), "", "a second YAML document begins here: keep one")
	} else if !errors.Is(err, io.EOF) {
		r.syntax(err)
		return false
	}
	return r.document(doc.Content[0])
}

// yamlError matches the messages of the YAML parser.
var yamlError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

func (r reader) syntax(err error) {
	pos := diag.Pos{File: r.file}
	msg := err.Error()
	if m := yamlError.FindStringSubmatch(msg); m != nil {
		pos.Line, _ = strconv.Atoi(m[1]) // "" gives 0, which stands for no line
		msg = m[2]
	}
	r.found.Add(pos, "", "this is not YAML: %s", msg)
}

func (r reader) pos(n *yaml.Node) diag.Pos {
	return diag.Pos{File: r.file, Line: n.Line, Col: n.Column}
}

func (r reader) document(n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return true // comments only
	}
	for _, p := range r.pairs(n, "", "the file must hold keys and values, such as \"spec: FILE\"") {
		k, ok := keyNamed(p.key.Value)
		if !ok {
			r.found.Add(r.pos(p.key), p.key.Value, "unknown key: the keys are %s", keyNames())
			continue
		}
		before := r.found.Len()
		r.value(k, p.value)
		r.note(k.Name, place{pos: r.pos(p.key), malformed: r.found.Len() > before})
	}
	return n.Kind == yaml.MappingNode
}

func keyNames() string {
	var names []string
	for _, k := range Keys() {
		names = append(names, k.Name)
	}
	return strings.Join(names, ", ")
}

func (r reader) value(k Key, n *yaml.Node) {
	switch k.Kind {
	case Text:
		*k.text(r.Config) = r.relative(k, r.scalar(n, k.Name))
	case Files:
		r.files(k, n)
	case List:
		if n.Kind != yaml.SequenceNode {
			r.found.Add(r.pos(n), k.Name, "must be a list, with each item on its own line after \"- \"")
			return
		}
		for i, child := range n.Content {
			r.note(item(k.Name, i), place{pos: r.pos(child), name: k.Name})
			*k.list(r.Config) = append(*k.list(r.Config), r.relative(k, r.scalar(child, k.Name)))
		}
	case Switch:
		if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || n.Decode(k.toggle(r.Config)) != nil {
			r.found.Add(r.pos(n), k.Name, "must be true or false")
		}
	case Map:
		r.overrides(n)
	case Groups:
		r.hierarchies(n)
	case Choices:
		r.addresses(n)
	}
}

// files reads a path or a list of paths.
func (r reader) files(k Key, n *yaml.Node) {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode && len(n.Content) > 0 {
		nodes = n.Content
	}
	var paths []string
	for _, node := range nodes {
		paths = append(paths, r.relative(k, r.scalar(node, k.Name)))
	}
	r.setFiles(paths)
}

// relative makes a path in the file relative to the current folder.
func (r reader) relative(k Key, value string) string {
	if !k.path || value == "" || isURL(value) || filepath.IsAbs(value) {
		return value
	}
	return filepath.Join(filepath.Dir(r.file), filepath.FromSlash(value))
}

// scalar returns a text, and reports any other value.
func (r reader) scalar(n *yaml.Node, element string) string {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case n.Kind != yaml.ScalarNode:
		r.found.Add(r.pos(n), element, "must be text")
	case n.Tag != "!!str" && n.Tag != "!!null":
		r.found.Add(r.pos(n), element, "must be text: put %s in quotes", n.Value)
	case strings.TrimSpace(n.Value) == "" || n.Tag == "!!null":
		r.found.Add(r.pos(n), element, "the value is missing")
	default:
		return n.Value
	}
	return ""
}

func (r reader) overrides(n *yaml.Node) {
	r.Overrides = make(map[string]Override)
	for _, p := range r.pairs(n, "overrides", "must map schema elements to names, such as \"microsoft.graph.call/state: {name: NAME, reason: WHY}\"") {
		element := p.key.Value
		r.note("overrides/"+element, place{pos: r.pos(p.key), name: element})
		var o Override
		before := r.found.Len()
		for _, part := range r.pairs(p.value, element, "must be a name and a reason: {name: NAME, reason: WHY}") {
			switch part.key.Value {
			case "name":
				o.Name = r.scalar(part.value, element)
			case "reason":
				o.Reason = r.scalar(part.value, element)
			default:
				r.found.Add(r.pos(part.key), element, "unknown key %s: an override has a name and a reason", part.key.Value)
			}
		}
		if r.found.Len() == before {
			r.Overrides[element] = o
		}
	}
}

type pair struct{ key, value *yaml.Node }

// pairs returns the entries of a mapping. It reports other nodes and duplicate keys.
func (r reader) pairs(n *yaml.Node, element, otherwise string) []pair {
	if n.Kind != yaml.MappingNode {
		r.found.Add(r.pos(n), element, "%s", otherwise)
		return nil
	}
	var pairs []pair
	first := make(map[string]int)
	for i := 0; i+1 < len(n.Content); i += 2 {
		p := pair{n.Content[i], n.Content[i+1]}
		if line, again := first[p.key.Value]; again {
			r.found.Add(r.pos(p.key), p.key.Value, "this is set twice, first on line %d: remove one", line)
			continue
		}
		first[p.key.Value] = p.key.Line
		pairs = append(pairs, p)
	}
	return pairs
}

func (r reader) addresses(n *yaml.Node) {
	r.Addresses = make(map[string]string)
	for _, p := range r.pairs(n, "addresses", "must map parts to choices, such as {keys: segments}") {
		part := p.key.Value
		r.note("addresses/"+part, place{pos: r.pos(p.key), name: "addresses"})
		if choice := r.scalar(p.value, part); choice != "" {
			r.Addresses[part] = choice
		}
	}
}

func (r reader) hierarchies(n *yaml.Node) {
	r.Hierarchies = make(map[string][]string)
	for _, p := range r.pairs(n, "hierarchies", "must map base types to lists of derived types, such as \"microsoft.graph.entity: [microsoft.graph.call]\"") {
		base := p.key.Value
		r.note("hierarchies/"+base, place{pos: r.pos(p.key), name: base})
		if p.value.Kind != yaml.SequenceNode {
			r.found.Add(r.pos(p.value), base, "must be a list of derived types, such as [microsoft.graph.call]; [] keeps none")
			continue
		}
		kept := []string{}
		for _, child := range p.value.Content {
			kept = append(kept, r.scalar(child, base))
		}
		r.Hierarchies[base] = kept
	}
}
