package fault

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// node is an element of a document, with prefixes as written.
type node struct {
	tag      string
	attrs    []attr
	children []any // *node and string
	parent   *node
}

type attr struct{ name, value string }

func parse(document []byte) (*node, error) {
	dec := xml.NewDecoder(bytes.NewReader(document))
	top := new(node)
	at := top
	for {
		token, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{tag: written(token.Name), parent: at}
			for _, a := range token.Attr {
				n.attrs = append(n.attrs, attr{written(a.Name), a.Value})
			}
			at.children = append(at.children, n)
			at = n
		case xml.EndElement:
			at = at.parent
		case xml.CharData:
			if at != top {
				at.children = append(at.children, string(token))
			}
		}
	}
	if len(top.children) == 0 {
		return nil, errors.New("the document is empty")
	}
	root := top.children[0].(*node)
	root.parent = nil
	return root, nil
}

// written returns a name with its prefix.
func written(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// collect lists n and the elements below it.
func (n *node) collect(list *[]*node) {
	*list = append(*list, n)
	for _, c := range n.children {
		if c, ok := c.(*node); ok {
			c.collect(list)
		}
	}
}

func (n *node) remove(child *node) {
	n.children = slices.DeleteFunc(n.children, func(c any) bool { return c == any(child) })
}

// String returns the start tag, shortened.
func (n *node) String() string {
	for _, a := range n.attrs {
		if a.name == "Name" || a.name == "Namespace" || a.name == "Term" || a.name == "Target" {
			return "<" + n.tag + " " + a.name + "=" + a.value + ">"
		}
	}
	return "<" + n.tag + ">"
}

func (n *node) bytes() []byte {
	var b bytes.Buffer
	n.write(&b)
	return b.Bytes()
}

func (n *node) write(b *bytes.Buffer) {
	b.WriteString("<" + n.tag)
	for _, a := range n.attrs {
		b.WriteString(" " + a.name + `="` + escaped(a.value) + `"`)
	}
	b.WriteByte('>')
	for _, c := range n.children {
		switch c := c.(type) {
		case *node:
			c.write(b)
		case string:
			b.WriteString(escaped(c))
		}
	}
	b.WriteString("</" + n.tag + ">")
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
