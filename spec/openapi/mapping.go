package openapi

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/edm"
)

// mappings makes a type without a base derive from the type whose discriminator lists it,
// and notes entries of discriminators that lead nowhere.
func (r *reader) mappings() {
	if !r.odata {
		return
	}
	l := &lists{reader: r, by: make(map[*component]*component)}
	for _, c := range r.components {
		if c.form != structured {
			continue
		}
		for _, p := range c.parts {
			if p.schema.Discriminator != nil {
				l.discriminator(c, p)
			}
		}
	}
	for _, t := range l.order {
		base := l.by[t]
		if base.derives(t) {
			continue
		}
		t.base = base
		r.note(t.pos, shown(t.name), "the type states no base, and the discriminator of %s lists it: it is derived from that", base.name)
	}
}

// lists holds the types without a base that discriminators list.
type lists struct {
	*reader
	by    map[*component]*component // the type with the discriminator, the most derived one
	order []*component
}

func (l *lists) discriminator(c *component, p part) {
	d := p.schema.Discriminator
	if d.PropertyName != "@odata.type" {
		l.note(p.doc.origin(d.Origin), shown(c.name), "the discriminator %s is not supported: values are told apart by @odata.type", edm.Quote(d.PropertyName))
		return
	}
	for _, entry := range p.doc.mapping(d.Origin) {
		l.entry(c, p.doc, entry, d.Mapping[entry.name].Ref)
	}
}

func (l *lists) entry(c *component, d *document, entry mappingEntry, ref string) {
	target := l.resolve(d, ref, entry.pos, shown(c.name))
	switch {
	case target == nil: // noted before
	case target.form != structured:
		l.note(entry.pos, shown(c.name), "the discriminator leads to %s, which is not an object: it is ignored", edm.Quote(ref))
	case strings.TrimPrefix(entry.name, "#") != target.name.String():
		l.note(entry.pos, shown(c.name), "the discriminator gives %s the name %s: values are told apart by the name of the schema", target.name, edm.Quote(entry.name))
	case target.derives(c):
	case target.base != nil:
		l.note(entry.pos, shown(c.name), "the discriminator lists %s, which derives from %s: it does not belong to this hierarchy", target.name, target.base.name)
	case l.by[target] == nil:
		l.by[target] = c
		l.order = append(l.order, target)
	case c.depth() > l.by[target].depth():
		l.by[target] = c
	}
}

// mapping returns the names in the mapping of a discriminator in document order.
func (d *document) mapping(o *openapi3.Origin) []mappingEntry {
	if o == nil || o.Key == nil {
		return nil
	}
	return d.mappings[[2]int{o.Key.Line, o.Key.Column}]
}
