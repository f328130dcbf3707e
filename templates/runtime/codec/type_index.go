package codec

import "strings"

// typeIndex remembers the @odata.type of every object in a region of the input. If a
// polymorphic object does not begin with its @odata.type, it must be searched for it before
// its members can be decoded, and so must the objects inside it. Searching each object
// separately would cost size × depth; a single walk over the outermost one finds all of them.
type typeIndex struct {
	objects []typedObject // by start, which is the order in which they are walked
	next    int           // those before it have been passed by the cursor
	until   int           // end of the region
}

type typedObject struct {
	start int
	text  string // "" if the object has no usable @odata.type
}

// typeAhead returns the @odata.type of the object at the cursor, or "" if it has no usable one
// or is malformed, which decoding will report.
func (d *decoder) typeAhead() string {
	if text, ok := d.typeFirst(); ok {
		return text
	}
	x := &d.typesAhead
	if d.pos >= x.until {
		x.objects, x.next = x.objects[:0], 0
		x.until = d.indexTypes()
	}
	for x.next < len(x.objects) && x.objects[x.next].start < d.pos {
		x.next++
	}
	if x.next < len(x.objects) && x.objects[x.next].start == d.pos {
		return x.objects[x.next].text
	}
	return ""
}

// typeFirst returns the @odata.type if it is the object's first member.
func (d *decoder) typeFirst() (string, bool) {
	const opening = `{"` + odataTypeName + `":"`
	if strings.HasPrefix(d.text[d.pos:], opening) {
		return d.textAt(d.pos + len(opening) - 1)
	}
	i := d.spaceEnd(d.pos + 1)
	if d.text[i] != '"' || d.text[i+1] != '@' {
		return "", false
	}
	for _, name := range [...]string{`"` + odataTypeName + `"`, `"` + plainTypeName + `"`} {
		if strings.HasPrefix(d.text[i:], name) {
			return d.textAfterColon(i + len(name))
		}
	}
	return "", false
}

// textAfterColon returns the string after the colon at i, if there is one.
func (d *decoder) textAfterColon(i int) (string, bool) {
	if i = d.spaceEnd(i); d.text[i] != ':' {
		return "", false
	}
	return d.textAt(d.spaceEnd(i + 1))
}

// spaceEnd returns where the white space at i ends.
func (d *decoder) spaceEnd(i int) int {
	for c := d.text[i]; c == ' ' || c == '\n' || c == '\r' || c == '\t'; c = d.text[i] {
		i++
	}
	return i
}

// textAt returns the string at i, if there is one. The cursor does not move.
func (d *decoder) textAt(i int) (string, bool) {
	if d.text[i] != '"' {
		return "", false
	}
	pos := d.pos
	d.pos = i
	text, lossy, err := d.str()
	d.pos = pos
	return text, err == nil && !lossy
}

// openObject is an object or array that the walk is inside of.
type openObject struct {
	index int // into typeIndex.objects; -1 for an array
}

// indexTypes walks over the object at the cursor, without checking more than it
// needs, and returns where the object ends.
func (d *decoder) indexTypes() int {
	x := &d.typesAhead
	var open []openObject
	for i := d.pos; i < d.end; {
		switch d.text[i] {
		case '{':
			open = append(open, openObject{len(x.objects)})
			x.objects = append(x.objects, typedObject{start: i})
			i++
		case '[':
			open = append(open, openObject{-1})
			i++
		case '}', ']':
			i++
			if open = open[:len(open)-1]; len(open) == 0 {
				return i
			}
		case '"':
			end := d.stringEnd(i)
			if top := open[len(open)-1].index; top >= 0 && x.objects[top].text == "" && d.isTypeName(i, end) {
				if text, ok := d.textAfterColon(end); ok {
					x.objects[top].text = text
				}
			}
			i = end
		default:
			i++
		}
	}
	return d.end
}

// isTypeName reports whether a string is the name of the @odata.type, with escapes or
// without.
func (d *decoder) isTypeName(i, end int) bool {
	if c := d.text[i+1]; c != '@' && c != '\\' { // most names
		return false
	}
	const longest = len(`""`) + len(`\u0040`)*len(odataTypeName)
	switch end - i {
	case len(`"` + odataTypeName + `"`):
		if d.text[i:end] == `"`+odataTypeName+`"` {
			return true
		}
	case len(`"` + plainTypeName + `"`):
		if d.text[i:end] == `"`+plainTypeName+`"` {
			return true
		}
	}
	if end-i > longest || strings.IndexByte(d.text[i:end], '\\') < 0 {
		return false
	}
	name, _ := d.textAt(i)
	return name == odataTypeName || name == plainTypeName
}

// stringEnd returns where the string at i ends, after its closing quote.
func (d *decoder) stringEnd(i int) int {
	for i++; i < d.end; i++ {
		switch d.text[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return d.end
}
