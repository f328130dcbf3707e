package codec

import "strings"

// AllowDuplicateNames accepts objects that repeat a member name, which otherwise is an error.
// The last member counts, the others are lost.
//
// RFC 8259 leaves open which member counts, and programs differ: a proxy or filter may have
// checked the first one. Use this option only for a trusted service that is known to repeat
// members.
func AllowDuplicateNames() Option {
	return func(d *decoder) { d.lastWins = true }
}

// openNames is an object or array that dropRepeated is inside of.
type openNames struct {
	index  map[string]int // of a member into starts; nil for an array
	starts []int          // where members begin
}

// dropRepeated overwrites members with spaces if the same object repeats their names later, so
// that the rest of the decoder never sees repeated names. An invalid document stays unchanged.
func (d *decoder) dropRepeated() {
	d.refused = d.skip()
	end := d.pos
	d.pos = 0
	if d.refused != nil {
		return
	}
	var open []openNames
	var dropped []span
	atName := false
	for i := 0; i < end; {
		switch d.text[i] {
		case '{':
			open, atName = append(open, openNames{index: make(map[string]int)}), true
		case '[':
			open, atName = append(open, openNames{}), false
		case '}', ']':
			open, atName = open[:len(open)-1], false
		case ',':
			atName = len(open) > 0 && open[len(open)-1].index != nil
		case '"':
			end := d.stringEnd(i)
			if atName {
				if earlier, again := open[len(open)-1].add(d.nameAt(i, end), i); again {
					dropped = append(dropped, earlier)
				}
				atName = false
			}
			i = end - 1
		}
		i++
	}
	for _, s := range dropped {
		for i := s.start; i < s.end; i++ {
			d.scratch[i] = ' '
		}
	}
	d.text = view(d.scratch)
}

// add records a member and its start. If the object already had one of that name, it returns
// the earlier one, up to the start of the next.
func (o *openNames) add(name string, start int) (earlier span, again bool) {
	i, again := o.index[name]
	o.index[name] = len(o.starts)
	o.starts = append(o.starts, start)
	if again {
		earlier = span{o.starts[i], o.starts[i+1]}
	}
	return earlier, again
}

// nameAt returns the member name at i of a valid document.
func (d *decoder) nameAt(i, end int) string {
	if raw := d.text[i+1 : end-1]; strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	pos := d.pos
	s, _ := d.slowString(i+1, i+1, true)
	d.pos = pos
	return s.value
}
