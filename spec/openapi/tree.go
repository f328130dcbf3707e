package openapi

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// maxSegments limits the length of paths. Graph's have up to 14 segments.
const maxSegments = 64

// node is a segment in the tree of all paths.
type node struct {
	segment  string
	path     string
	item     *openapi3.PathItem // never nil; empty if no path ends here
	children []*node
	pos      diag.Pos
	parts    []keyPart // properties of a key that names them

	byName map[string]*node
}

func newNode(segment, path string) *node {
	return &node{segment: segment, path: path, item: new(openapi3.PathItem), byName: make(map[string]*node)}
}

// tree returns the tree of all paths, in document order.
func (r *reader) tree() *node {
	root := newNode("", "")
	keys := r.newKeys()
	doc := r.root.doc
	items := doc.Paths.Map()
	for _, path := range inOrder(items, pathOrigin) {
		item := items[path]
		if item == nil {
			continue
		}
		pos := r.root.origin(item.Origin)
		if ref := text(item.Extensions, refKey); ref != "" {
			r.note(pos, edm.Quote(path), "the path is a reference, %s, which is not supported: it is ignored", edm.Quote(ref))
			continue
		}
		segments := split(path)
		if len(segments) > maxSegments || !strings.HasPrefix(path, "/") {
			r.note(pos, edm.Quote(path), "the path has more than %d segments or does not begin with a slash: it is ignored", maxSegments)
			continue
		}
		n := root
		for _, segment := range segments {
			name, key := keys.cut(n.path, segment)
			n = n.child(name, n.path+"/"+name, pos)
			if key != "" {
				n = n.child(key, n.path+key, pos)
			}
		}
		n.item, n.pos = item, pos
		if r.odata {
			r.checkParameters(n)
		}
	}
	segments := root.hasKeySegments() || !root.hasKeyParentheses()
	r.model.KeySegments = &segments
	if len(doc.Webhooks) > 0 {
		r.note(r.root.start(), "webhooks", "webhooks are not supported: %d are ignored, their schemas are read", len(doc.Webhooks))
	}
	return root
}

// split splits a path at its slashes, except inside parentheses.
func split(path string) (segments []string) {
	depth, from := 0, 0
	path = strings.Trim(path, "/")
	for i := range len(path) {
		switch path[i] {
		case '(':
			depth++
		case ')':
			depth--
		case '/':
			if depth <= 0 {
				segments = append(segments, path[from:i])
				from = i + 1
			}
		}
	}
	return append(segments, path[from:])
}

// child returns the node of a segment below n.
func (n *node) child(segment, path string, pos diag.Pos) *node {
	c := n.byName[segment]
	if c == nil {
		c = newNode(segment, path)
		c.pos, c.parts = pos, keyParts(segment)
		n.byName[segment] = c
		n.children = append(n.children, c)
	}
	return c
}

// isKey reports whether a segment is a key: {call-id}, or the text in the parentheses of
// calls({call-id}).
func (n *node) isKey() bool {
	return strings.HasPrefix(n.segment, "{") && strings.HasSuffix(n.segment, "}") || strings.HasPrefix(n.segment, "(")
}

// hasKeySegments reports whether keys are segments of their own somewhere.
func (n *node) hasKeySegments() bool {
	return strings.HasPrefix(n.segment, "{") && n.isKey() || slices.ContainsFunc(n.children, (*node).hasKeySegments)
}

// hasKeyParentheses reports whether keys stand in parentheses, without names, somewhere.
func (n *node) hasKeyParentheses() bool {
	return strings.HasPrefix(n.segment, "(") && len(n.parts) == 0 || slices.ContainsFunc(n.children, (*node).hasKeyParentheses)
}

// variable is the name of the parameter of a key that does not name its properties.
func (n *node) variable() string { return strings.Trim(n.segment, "(){}'") }

// name returns a segment without its arguments.
func (n *node) name() string {
	name, _, _ := strings.Cut(n.segment, "(")
	return name
}

func (n *node) hasArguments() bool { return strings.HasSuffix(n.segment, ")") }

// key returns the key below, preferring one that does not name its properties, or nil.
func (n *node) key() *node {
	var named *node
	for _, c := range n.children {
		switch {
		case !c.isKey():
		case len(c.parts) == 0:
			return c
		case named == nil:
			named = c
		}
	}
	return named
}

// element returns the name of a path in findings.
func (n *node) element() string {
	if len(n.path) > 200 {
		return edm.Quote(n.path)
	}
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c == '\u2028' || c == '\u202e' {
			return '?'
		}
		return c
	}, n.path)
}

// parameters returns the parameters of a path and its operations, with references resolved.
func (r *reader) parameters(n *node) (list []*openapi3.Parameter) {
	return r.parametersOf(n, methods...)
}

// parametersOf returns the parameters of a path and of its operations with some methods.
func (r *reader) parametersOf(n *node, methods ...string) (list []*openapi3.Parameter) {
	add := func(refs openapi3.Parameters) {
		for _, p := range refs {
			if p := r.parameter(p); p != nil {
				list = append(list, p)
			}
		}
	}
	add(n.item.Parameters)
	for _, method := range methods {
		if op := n.item.Operations()[method]; op != nil {
			add(op.Parameters)
		}
	}
	return list
}

// parameter returns a parameter with its reference resolved, or nil.
func (r *reader) parameter(p *openapi3.ParameterRef) *openapi3.Parameter {
	if p == nil || p.Value == nil {
		return nil
	}
	ref := text(p.Value.Extensions, refKey)
	if ref == "" {
		return p.Value
	}
	if target := r.root.doc.Components.Parameters[strings.TrimPrefix(ref, "#/components/parameters/")]; target != nil && target.Value != nil {
		return target.Value
	}
	return nil
}

// checkParameters notes duplicate parameters.
func (r *reader) checkParameters(n *node) {
	for _, method := range methods {
		op := n.item.Operations()[method]
		if op == nil {
			continue
		}
		seen := make(map[string]bool)
		for _, ref := range op.Parameters {
			p := r.parameter(ref)
			if p == nil {
				if ref != nil && ref.Value != nil {
					pos := r.root.field(ref.Value.Origin, refKey)
					r.note(pos, method+" "+n.element(), "the reference %s does not lead to a parameter: it is ignored", edm.Quote(text(ref.Value.Extensions, refKey)))
				}
				continue
			}
			key := p.In + " " + p.Name
			if seen[key] {
				r.note(r.root.origin(ref.Value.Origin), method+" "+n.element(), "the parameter %s in %s is listed twice: this one is ignored", edm.Shown(p.Name), edm.Shown(p.In))
			}
			seen[key] = true
		}
	}
}
