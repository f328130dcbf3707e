package randcsdl

import (
	"bytes"
	"encoding/xml"
	"math/rand/v2"
	"strings"
)

// Element is an element of XML.
type Element struct {
	Tag      string
	attrs    []attr
	Children []*Element
}

type attr struct{ name, value string }

// elem makes an element; attributes alternates names and values.
func elem(tag string, attributes ...string) *Element {
	e := &Element{Tag: tag}
	for i := 0; i < len(attributes); i += 2 {
		e.set(attributes[i], attributes[i+1])
	}
	return e
}

// add adds children.
func (e *Element) add(children ...*Element) *Element {
	e.Children = append(e.Children, children...)
	return e
}

// child adds a new child and returns it.
func (e *Element) child(tag string, attributes ...string) *Element {
	c := elem(tag, attributes...)
	e.add(c)
	return c
}

// set sets an attribute.
func (e *Element) set(name, value string) {
	for i := range e.attrs {
		if e.attrs[i].name == name {
			e.attrs[i].value = value
			return
		}
	}
	e.attrs = append(e.attrs, attr{name, value})
}

// Get returns an attribute, "" if it is absent.
func (e *Element) Get(name string) string {
	for _, a := range e.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// tagged returns the children with one of the tags.
func (e *Element) tagged(tags ...string) []*Element {
	var list []*Element
	for _, c := range e.Children {
		for _, tag := range tags {
			if c.Tag == tag {
				list = append(list, c)
			}
		}
	}
	return list
}

func (e *Element) text() []byte {
	var b bytes.Buffer
	e.write(&b, 0)
	return b.Bytes()
}

func (e *Element) write(b *bytes.Buffer, depth int) {
	b.WriteString(strings.Repeat("  ", depth) + "<" + e.Tag)
	for _, a := range e.attrs {
		b.WriteString(" " + a.name + `="`)
		_ = xml.EscapeText(b, []byte(a.value)) // a buffer never fails
		b.WriteString(`"`)
	}
	if len(e.Children) == 0 {
		b.WriteString("/>\n")
		return
	}
	b.WriteString(">\n")
	for _, c := range e.Children {
		c.write(b, depth+1)
	}
	b.WriteString(strings.Repeat("  ", depth) + "</" + e.Tag + ">\n")
}

func (e *Element) clone() *Element {
	c := &Element{Tag: e.Tag, attrs: append([]attr(nil), e.attrs...)}
	for _, child := range e.Children {
		c.add(child.clone())
	}
	return c
}

// Shuffled returns the same description with its schemas, and the contents of the schemas
// and the container, in another order. Properties, members and parameters keep their order,
// which is the order of fields and constants.
func (d *Description) Shuffled(seed uint64) *Description {
	r := rand.New(rand.NewPCG(seed, 0x5aff1e))
	root := d.Root.clone()
	shuffle(r, root)
	return &Description{Root: root, Broken: d.Broken}
}

func shuffle(r *rand.Rand, e *Element) {
	switch e.Tag {
	case "edmx:DataServices", "Schema", "EntityContainer":
		r.Shuffle(len(e.Children), func(i, j int) { e.Children[i], e.Children[j] = e.Children[j], e.Children[i] })
	case "edmx:Edmx":
	default:
		return
	}
	for _, c := range e.Children {
		shuffle(r, c)
	}
}
