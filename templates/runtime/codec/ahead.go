package codec

import "strings"

// typeIndex remembers the @odata.type of every object of a region of the input.
// A polymorphic object whose @odata.type does not come first must be searched for
// it before its members can be decoded, and so must the objects within it.
// Searching each from its own brace would cost size × depth; one walk over the
// outermost finds all of them.
type typeIndex struct {
	objects []typedObject // by start, which is the order in which they are walked
	next    int           // those before it have been passed by the cursor
	until   int           // end of the region
}

type typedObject struct {
	start int
	text  string // "" when the object has no @odata.type, or not a usable one
}

// typeAhead returns the @odata.type text of the object at the cursor, "" if it has
// none that is of use, or is malformed, which decoding it will report.
func (d *decoder) typeAhead() string {
	if text, ok := d.typeFirst(); ok {
		return text
	}
	x := &d.ahead
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
	rest := d.text[d.pos:d.end]
	if strings.HasPrefix(rest, opening) {
		return plainText(rest[len(opening)-1:])
	}
	rest = trimSpace(rest[1:])
	const name = `"` + odataTypeName + `"`
	if !strings.HasPrefix(rest, name) {
		return "", false
	}
	rest = trimSpace(rest[len(name):])
	if rest == "" || rest[0] != ':' {
		return "", false
	}
	return plainText(trimSpace(rest[1:]))
}

func trimSpace(s string) string { return strings.TrimLeft(s, " \t\r\n") }

// plainText returns the string that s begins with, if it has no escapes: no type
// that a schema can name needs any.
func plainText(s string) (string, bool) {
	if s == "" || s[0] != '"' {
		return "", false
	}
	const longest = 512 // of a type's name and a URL before it
	end := strings.IndexByte(s[1:min(len(s), longest)], '"')
	if end < 0 || strings.IndexByte(s[1:end+1], '\\') >= 0 {
		return "", false
	}
	return s[1 : end+1], true
}

// openObject is an object or array that the walk is in.
type openObject struct {
	index int // into typeIndex.objects; -1 for an array
}

// indexTypes walks over the object at the cursor, without checking more than it
// needs, and returns where the object ends.
func (d *decoder) indexTypes() int {
	x := &d.ahead
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
			if top := open[len(open)-1].index; top >= 0 && d.text[i:end] == `"`+odataTypeName+`"` {
				d.noteType(&x.objects[top], end)
			}
			i = end
		default:
			i++
		}
	}
	return d.end
}

// noteType records the string after the colon at i, if that is what stands there.
func (d *decoder) noteType(o *typedObject, i int) {
	rest := trimSpace(d.text[i:d.end])
	if o.text != "" || rest == "" || rest[0] != ':' {
		return
	}
	o.text, _ = plainText(trimSpace(rest[1:]))
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
