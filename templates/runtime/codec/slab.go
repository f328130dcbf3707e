package codec

import "strings"

// slab is memory for short strings and for the variables that pointers to them need. Decoders
// fill a slab document after document, as most documents are small. A slab refers to nothing
// but itself: a value that is kept keeps no more of other documents than its slabs.
type slab struct {
	strings [40]string
	text    [1400]byte
}

// longText is the length from which a text has memory of its own.
const longText = 256

// slabs is where a decoder takes memory for strings from.
type slabs struct {
	slab *slab
	vars int      // used of slab.strings
	text int      // used of slab.text
	own  []string // for texts that are parts of the document, which needs no copies: see textIsOwned
}

// room makes sure that there is a slab with room for a text of n bytes and its variable.
func (s *slabs) room(n int) *slab {
	if s.slab == nil || s.text+n > len(s.slab.text) || s.vars == len(s.slab.strings) {
		s.slab, s.vars, s.text = new(slab), 0, 0
	}
	return s.slab
}

// own returns a part of the text as a string that outlives the decoder.
func (d *decoder) own(s string) string {
	if textIsOwned || s == "" {
		return s
	}
	if len(s) > longText {
		return strings.Clone(s)
	}
	to := d.slabs.room(len(s))
	start := d.slabs.text
	d.slabs.text = start + copy(to.text[start:], s)
	return view(to.text[start:d.slabs.text])
}

// newString returns a pointer to a copy of a part of the text that outlives the decoder.
func (d *decoder) newString(s string) *string {
	if textIsOwned {
		return d.slabs.ownVar(s, d.end-d.pos)
	}
	if len(s) > longText {
		p := new(string)
		*p = strings.Clone(s)
		return p
	}
	to := d.slabs.room(len(s))
	p := &to.strings[d.slabs.vars]
	d.slabs.vars++
	if s != "" {
		start := d.slabs.text
		d.slabs.text += copy(to.text[start:], s)
		*p = view(to.text[start:d.slabs.text])
	}
	return p
}

// ownVar returns a variable for a string from memory of this document only, made for as much
// as the rest of it may need.
func (s *slabs) ownVar(text string, rest int) *string {
	if len(s.own) == cap(s.own) {
		const each = 112 // bytes of input for a string property, with what stands around it
		s.own = make([]string, 0, max(2, min(64, rest/each+1)))
	}
	s.own = append(s.own, text)
	return &s.own[len(s.own)-1]
}
