package csdl

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// XML namespaces of CSDL 4.0 and 4.01.
const (
	nsEDMX = "http://docs.oasis-open.org/odata/ns/edmx"
	nsEDM  = "http://docs.oasis-open.org/odata/ns/edm"
)

// Limits far above those of any sensible description.
const (
	maxDepth      = 64
	maxAttributes = 64
)

// element is an XML element being read: first its attributes, then, by children or content,
// its content.
type element struct {
	r      *reader
	parent *element
	tag    string
	id     string     // name in findings, within its parent
	attrs  []xml.Attr // unread attributes
	pos    diag.Pos   // of its start tag
	closed bool       // its end tag was read
}

// open begins an element. It notes attributes of foreign namespaces as skipped.
func (r *reader) open(parent *element, start xml.StartElement, pos diag.Pos) *element {
	e := &element{r: r, parent: parent, tag: start.Name.Local, pos: pos}
	if len(start.Attr) > maxAttributes {
		r.stop(pos, "<%s> has more than %d attributes", e.tag, maxAttributes)
		return e
	}
	for i, a := range start.Attr {
		if repeated(start.Attr[:i], a.Name) {
			e.fault("remove one", firstHolds, "attribute %s of <%s> is given twice", a.Name.Local, e.tag)
			continue
		}
		switch space := a.Name.Space; {
		case space == "xmlns" || space == "" && a.Name.Local == "xmlns":
		case space == "":
			e.attrs = append(e.attrs, a)
		case r.declared(space, pos, e.label()):
			r.model.Skipped = append(r.model.Skipped, edm.Skipped{Name: "@{" + space + "}" + a.Name.Local, Pos: pos})
		}
	}
	return e
}

func repeated(attrs []xml.Attr, name xml.Name) bool {
	for _, a := range attrs {
		if a.Name == name {
			return true
		}
	}
	return false
}

// declared reports whether a namespace is declared. The XML decoder returns an undeclared
// prefix in place of the namespace; real ones are URIs and contain a colon.
func (r *reader) declared(space string, pos diag.Pos, label string) bool {
	if strings.Contains(space, ":") {
		return true
	}
	r.findings.Fault(pos, label, "declare it by xmlns:"+edm.Shown(space), passedOver, "undeclared XML prefix %s", edm.Shown(space))
	return false
}

// next returns the next significant token and its position, or nil at the end of the
// document or after a fatal error.
func (r *reader) next() (xml.Token, diag.Pos) {
	for !r.stopped {
		line, col := r.dec.InputPos()
		pos := diag.Pos{File: r.file, Line: line, Col: col}
		token, err := r.dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.malformed(err)
			break
		}
		switch start := token.(type) {
		case xml.Directive:
			r.findings.Fault(pos, "", "remove <!DOCTYPE …>", passedOver, "a document type declaration is not supported")
		case xml.StartElement:
			if space := r.meant(start.Name.Space, pos); space != start.Name.Space {
				start.Name.Space = space
				return start, pos
			}
			return token, pos
		case xml.EndElement, xml.CharData:
			return token, pos
		}
	}
	return nil, diag.Pos{}
}

// meant returns the intended XML namespace: the one of CSDL if it is misspelled, or if its
// usual prefix is undeclared.
func (r *reader) meant(space string, pos diag.Pos) string {
	if space == nsEDM || space == nsEDMX || space == "" {
		return space
	}
	plain := strings.ToLower(strings.TrimRight(space, "/"))
	for prefix, meant := range map[string]string{"edm": nsEDM, "edmx": nsEDMX} {
		if space == prefix || plain == meant || plain == "https"+strings.TrimPrefix(meant, "http") {
			r.findings.Fault(pos, "", "write "+meant, "it is read as the one of CSDL", "XML namespace %s is misspelled", edm.Quote(space))
			return meant
		}
	}
	return space
}

func (r *reader) malformed(err error) {
	line, col := r.dec.InputPos()
	msg := err.Error()
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		msg = syntax.Msg
	}
	if encoding, ok := errors.AsType[encodingError](err); ok {
		msg = encoding.Error()
	}
	r.stop(diag.Pos{File: r.file, Line: line, Col: col}, "bad XML: %s", strings.Join(strings.Fields(msg), " "))
}

// stop adds a finding after which reading cannot continue.
func (r *reader) stop(pos diag.Pos, format string, args ...any) {
	r.findings.Add(pos, "", format, args...)
	r.stopped = true
}

// fault records a fault of e after which reading continues; see [diag.List.Fault]. e may be
// half read if reading has stopped.
func (e *element) fault(fix, done, format string, args ...any) {
	if !e.r.stopped {
		e.r.findings.Fault(e.pos, e.label(), fix, done, format, args...)
	}
}

// label returns the name of e in findings, such as "microsoft.graph.call/state".
func (e *element) label() string {
	switch {
	case e == nil:
		return ""
	case e.id == "":
		return e.parent.label()
	case e.tag == "Annotations": // named by its target
		return edm.Shown(e.id)
	}
	parent, separator := e.parent.label(), "/"
	switch {
	case parent == "":
		separator = ""
	case e.tag == "Annotation":
		separator = "@"
	case e.parent.tag == "Schema":
		separator = "."
	}
	return parent + separator + edm.Shown(e.id)
}

// children reads the elements in e. An element that handle does not know is a fault.
func (e *element) children(handle func(c *element) bool) { e.content(handle, nil) }

// annotated is children for an element that can have annotations.
func (e *element) annotated(list *edm.Annotations, handle func(c *element) bool) {
	e.children(func(c *element) bool {
		if c.tag == "Annotation" {
			if a := e.r.annotation(c); a.Written != "" {
				*list = append(*list, a)
			}
			return true
		}
		return handle != nil && handle(c)
	})
}

// content reads the content of e: elements, and text if wanted. Attributes that are still
// unread by then are unknown.
func (e *element) content(handle func(c *element) bool, text *strings.Builder) {
	e.closed = true
	for _, a := range e.attrs {
		e.fault("correct or remove it", passedOver, "unknown attribute %s of <%s>", edm.Shown(a.Name.Local), e.tag)
	}
	e.r.depth++
	defer func() { e.r.depth-- }()
	for {
		token, pos := e.r.next()
		switch token := token.(type) {
		case nil, xml.EndElement:
			return
		case xml.CharData:
			switch {
			case text != nil:
				text.Write(token)
			case len(bytes.TrimSpace(token)) > 0:
				e.r.findings.Fault(pos, e.label(), "remove it", passedOver, "text in <%s>, which has none", e.tag)
			}
		case xml.StartElement:
			e.child(token, pos, handle)
		}
	}
}

// child reads one element in e.
func (e *element) child(start xml.StartElement, pos diag.Pos, handle func(c *element) bool) {
	if e.r.depth >= maxDepth {
		e.r.stop(pos, "elements are nested deeper than %d", maxDepth)
		return
	}
	if e.r.foreign(e, start.Name, pos) {
		e.r.skip()
		return
	}
	c := e.r.open(e, start, pos)
	if handle == nil || !handle(c) {
		e.r.findings.Fault(pos, e.label(), "correct or remove it", passedOver, "unknown element <%s> in <%s>", edm.Shown(c.tag), e.tag)
		c.pass()
		return
	}
	if space := wrapper(c.tag); space != start.Name.Space && start.Name.Space != "" && !isOld(start.Name.Space) {
		e.r.findings.Fault(pos, c.label(), "put it into "+space, "it is read anyway", "<%s> is in the wrong XML namespace", c.tag)
	}
	if !c.closed {
		c.children(nil)
	}
}

// pass skips the rest of e.
func (e *element) pass() {
	if !e.closed {
		e.closed = true
		e.r.skip()
	}
}

// wrapper returns the XML namespace that an element belongs to; most are not part of the
// wrapper.
func wrapper(tag string) string {
	if isEDMX(tag) {
		return nsEDMX
	}
	return nsEDM
}

// isEDMX reports whether an element belongs to the namespace of the wrapper.
func isEDMX(tag string) bool {
	switch tag {
	case "Edmx", "DataServices", "Reference", "Include", "IncludeAnnotations":
		return true
	}
	return false
}

// foreign reports whether an element belongs to a foreign namespace, and notes it as
// skipped.
func (r *reader) foreign(parent *element, name xml.Name, pos diag.Pos) bool {
	switch space := name.Space; {
	case space == nsEDM, space == nsEDMX:
		return false
	case space == "":
		r.findings.Fault(pos, parent.label(), "put xmlns="+strconv.Quote(nsEDM)+" on <Schema>", "it is read anyway",
			"<%s> is in no XML namespace", edm.Shown(name.Local))
		return false
	case isOld(space) && isEDMX(name.Local):
		return false // what it wraps tells
	case isOld(space) && r.four && strings.HasSuffix(space, "/edm"):
		if name.Local == "Schema" {
			r.findings.Fault(pos, parent.label(), "write "+nsEDM, "it is read as that of CSDL 4, which <Edmx> says it is", "XML namespace %s is that of an older CSDL", edm.Quote(space))
		}
		return false
	case isOld(space):
		r.old = cmp.Or(r.old, space)
		r.findings.Fault(pos, parent.label(), "4.0 and 4.01 are supported", passedOver, "<%s> is of another version of CSDL, %s", edm.Shown(name.Local), edm.Quote(space))
	case r.declared(space, pos, parent.label()):
		r.model.Skipped = append(r.model.Skipped, edm.Skipped{Name: "{" + space + "}" + name.Local, Pos: pos})
	}
	return true
}

// isOld reports whether an XML namespace is one of CSDL 1 to 3.
func isOld(space string) bool {
	return space != nsEDM && space != nsEDMX && (strings.HasSuffix(space, "/edm") || strings.HasSuffix(space, "/edmx"))
}

// skip skips the rest of the element just begun.
func (r *reader) skip() {
	for depth := 1; depth > 0; {
		token, _ := r.next()
		switch token.(type) {
		case nil:
			return
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
}
