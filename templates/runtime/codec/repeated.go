package codec

import "strings"

// AllowDuplicateNames makes the last member count where an object names one twice, which is
// an error otherwise. The others are lost.
//
// RFC 8259 leaves open which one counts, and programs differ: a proxy or a filter in front
// may have checked the first one, while this one reads the last. Use it for a service that
// is known to repeat members, and not for documents of strangers.
func AllowDuplicateNames() Option {
	return func(d *decoder) { d.lastWins = true }
}

// openNames is an object, or an array, that dropRepeated is in.
type openNames struct {
	index  map[string]int // of a member into starts; nil for an array
	starts []int          // where members begin
}

// dropRepeated puts spaces in place of members that the same object names again later, so
// that the rest of the decoder need not know of such. A document that is not valid stays as
// it is.
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

// add notes a member and where it begins. If the object has had one of the name, it returns
// that: as far as the next one.
func (o *openNames) add(name string, start int) (earlier span, again bool) {
	i, again := o.index[name]
	o.index[name] = len(o.starts)
	o.starts = append(o.starts, start)
	if again {
		earlier = span{o.starts[i], o.starts[i+1]}
	}
	return earlier, again
}

// nameAt returns the member name that stands at i, in a document that is valid.
func (d *decoder) nameAt(i, end int) string {
	if raw := d.text[i+1 : end-1]; strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	pos := d.pos
	s, _ := d.slowString(i+1, i+1, true)
	d.pos = pos
	return s.value
}
