package csdl

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// XML namespaces of CSDL 4.0 and 4.01.
const (
	nsEDMX = "http://docs.oasis-open.org/odata/ns/edmx"
	nsEDM  = "http://docs.oasis-open.org/odata/ns/edm"
)

// maxDepth is how deep elements may nest; annotation expressions come nowhere near.
const maxDepth = 64

// node is an XML element. Attributes are removed as they are read, so that what is
// left over is what the reader does not know.
type node struct {
	name     string
	attrs    []xml.Attr
	children []*node
	text     string
	pos      diag.Pos
}

// reader carries what the steps of a read share.
type reader struct {
	file     string
	findings *diag.List
}

// tree parses a document of the two CSDL namespaces. Elements and attributes of
// other namespaces are no part of CSDL, which allows them anywhere; they are left out.
func (r *reader) tree(data []byte) *node {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	d := xml.NewDecoder(bytes.NewReader(data))
	top := &node{}
	open := []*node{top}
	for {
		line, col := d.InputPos()
		pos := diag.Pos{File: r.file, Line: line, Col: col}
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.badXML(pos, err)
			return nil
		}
		switch token := token.(type) {
		case xml.Directive:
			r.findings.Add(pos, "", "a DOCTYPE is refused: a description needs none, and entities could make it grow without bound")
			return nil
		case xml.StartElement:
			if foreign(token.Name.Space) {
				if err := d.Skip(); err != nil {
					r.badXML(pos, err)
					return nil
				}
				continue
			}
			if len(open) > maxDepth {
				r.findings.Add(pos, "", "elements nest deeper than %d levels", maxDepth)
				return nil
			}
			n := &node{name: token.Name.Local, attrs: ownAttributes(token.Attr), pos: pos}
			parent := open[len(open)-1]
			parent.children = append(parent.children, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			r.text(open[len(open)-1], token, pos)
		}
	}
	if len(top.children) == 0 && r.findings.Len() > 0 {
		return nil
	}
	if len(top.children) == 0 {
		r.findings.Add(diag.Pos{File: r.file}, "", "the file is empty: a CSDL document was expected")
		return nil
	}
	return top.children[0]
}

func foreign(space string) bool { return space != nsEDMX && space != nsEDM && space != "" }

// ownAttributes returns the attributes that belong to CSDL: those without a namespace.
func ownAttributes(attrs []xml.Attr) []xml.Attr {
	own := make([]xml.Attr, 0, len(attrs))
	for _, a := range attrs {
		if a.Name.Space == "" && a.Name.Local != "xmlns" {
			own = append(own, a)
		}
	}
	return own
}

func (r *reader) text(n *node, text []byte, pos diag.Pos) {
	if len(bytes.TrimSpace(text)) == 0 && n.text == "" {
		return
	}
	if n.name == "" {
		r.findings.Add(pos, "", "text stands outside of the document's element: this is not CSDL XML")
		return
	}
	n.text += string(text)
}

func (r *reader) badXML(pos diag.Pos, err error) {
	msg := err.Error()
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		msg = syntax.Msg
	}
	r.findings.Add(pos, "", "not well-formed XML: %s", msg)
}

// take returns the value of an attribute and removes it.
func (n *node) take(name string) (string, bool) {
	for i, a := range n.attrs {
		if a.Name.Local == name {
			n.attrs = append(n.attrs[:i:i], n.attrs[i+1:]...)
			return a.Value, true
		}
	}
	return "", false
}

// str returns an attribute that may be absent.
func (n *node) str(name string) string {
	s, _ := n.take(name)
	return s
}

// optional returns an attribute, nil when it is absent.
func (n *node) optional(name string) *string {
	if s, ok := n.take(name); ok {
		return &s
	}
	return nil
}

// need returns an attribute that must be there.
func (r *reader) need(n *node, element, name string) string {
	s, ok := n.take(name)
	if !ok || s == "" {
		r.findings.Add(n.pos, element, "the %s element needs the attribute %s", n.name, name)
	}
	return s
}

// identifier returns the Name of an element, which becomes part of Go identifiers
// and comments, and so must be made of letters, digits, "_" and "-" only. CSDL
// does not have the last; Graph does.
func (r *reader) identifier(n *node, element string) string {
	s := r.need(n, element, "Name")
	if s != "" && !edm.IsIdentifier(s) {
		r.findings.Add(n.pos, element, "%q is not a name: letters, digits, _ and - are allowed, 128 at most, with a letter or _ first", s)
	}
	return s
}

// boolean returns a Boolean attribute, nil when it is absent.
func (r *reader) boolean(n *node, element, name string) *bool {
	s, ok := n.take(name)
	if !ok {
		return nil
	}
	if s != "true" && s != "false" {
		r.findings.Add(n.pos, element, `%s must be "true" or "false", not %q`, name, s)
	}
	v := s == "true"
	return &v
}

// flag returns a Boolean attribute that is false when it is absent.
func (r *reader) flag(n *node, element, name string) bool {
	v := r.boolean(n, element, name)
	return v != nil && *v
}

// integer returns an integer attribute, nil when it is absent.
func (r *reader) integer(n *node, element, name string) *int64 {
	s, ok := n.take(name)
	if !ok {
		return nil
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		r.findings.Add(n.pos, element, "%s must be an integer, not %q", name, s)
	}
	return &v
}

// done reports the attributes that nothing has read.
func (r *reader) done(n *node, element string) {
	for _, a := range n.attrs {
		r.findings.Add(n.pos, element, "the %s element has no attribute %s: correct or remove it", n.name, a.Name.Local)
	}
}

// unknown reports an element that does not belong where it stands.
func (r *reader) unknown(n *node, element string) {
	r.findings.Add(n.pos, element, "the element %s does not belong here: correct or remove it", n.name)
}

// childless reports the children of an element that has none.
func (r *reader) childless(n *node, element string) {
	for _, c := range n.children {
		r.unknown(c, element)
	}
}

// annotated reads the annotations of an element that has no other children.
func (r *reader) annotated(n *node, element string) annotations {
	var list annotations
	for _, c := range n.children {
		if !r.annotation(c, element, &list) {
			r.unknown(c, element)
		}
	}
	r.done(n, element)
	return list
}
