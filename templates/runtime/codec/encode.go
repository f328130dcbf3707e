package codec

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// encoder is the shared state of an encoding. The buffer is passed from call to call instead,
// which keeps it in registers.
type encoder struct {
	depth   int
	path    map[Value]struct{} // values being encoded, once it gets deep
	scratch []byte             // for encodings that are copied
	sending bool               // to a service, which takes no value of an abstract type
	format  *wireFormat        // of what is sent, nil for the usual one
	shows   *Shown             // for values that are shown; nil otherwise
}

// newEncoder returns an encoder, possibly a reused one.
func newEncoder() *encoder {
	if e, ok := encoders.Get().(*encoder); ok {
		return e
	}
	return new(encoder)
}

// release makes an encoder that has succeeded available for reuse. After an error its state is
// unknown, so it is dropped.
func (e *encoder) release() {
	const most = 1 << 16 // bytes worth keeping
	if cap(e.scratch) > most {
		e.scratch = nil
	}
	if e.path != nil {
		e.path = nil
	}
	e.sending, e.format = false, nil
	encoders.Put(e)
}

func errorf(format string, args ...any) error {
	return &EncodeError{Msg: fmt.Sprintf(format, args...)}
}

// position says what a reader can tell about a value's type from its position.
type position uint8

const (
	declaredPosition position = iota // exactly this type
	openPosition                     // nothing: @odata.type is required
	basePosition                     // a base type of the type
)

// top appends v at the top of a document.
func (e *encoder) top(buf []byte, t *typ, v Value) ([]byte, error) {
	buf, err := e.object(buf, t, refOf(v), openPosition)
	if err != nil {
		return nil, extendPath(err, "$")
	}
	return buf, nil
}

// deepEncode is the depth from which values are checked for containing themselves.
const deepEncode = 1000

// object appends the struct at obj.
func (e *encoder) object(buf []byte, t *typ, obj ref, at position) ([]byte, error) {
	if e.depth++; e.depth > deepEncode {
		if e.shows != nil { // which begins that deep
			return e.showObject(buf, t, obj, at), nil
		}
		if err := e.guard(valueOf(t, obj)); err != nil {
			return nil, err
		}
	}
	ad := additional(t, obj)
	start := len(buf)
	buf = appendType(buf, t, ad, at)
	exact := ad.kept != nil && ad.kept.exact
	for first := 0; first < len(t.fields); first += 64 {
		for set := t.set(obj, first); set != 0; set &= set - 1 {
			i := first + bits.TrailingZeros64(set)
			if exact {
				f := &t.fields[i]
				if text, ok := exactText(ad.kept, obj, f, i); ok && !(e.format.quotes() && isWide(f.codec)) {
					buf = append(t.appendKey(buf, i), text...)
					continue
				}
			}
			switch t.hots[i].kind {
			case kindString:
				buf = t.appendStringMember(buf, i, **hotSlot[*string](obj, t, i))
			case kindEnum:
				buf = t.appendStringMember(buf, i, hotString(obj, t, i))
			default:
				f := &t.fields[i]
				var err error
				if buf, err = f.codec.encode(e, t.appendKey(buf, i), obj, f); err != nil {
					return nil, within(err, f.name)
				}
			}
		}
	}
	if ad.kept != nil {
		buf = appendKept(buf, t, obj, ad.kept, e.format)
	}
	if len(buf) == start {
		buf = append(buf, '{')
	}
	buf[start] = '{' // in place of the first member's comma
	if e.depth--; e.depth >= deepEncode {
		delete(e.path, valueOf(t, obj))
	}
	return append(buf, '}'), nil
}

// guard records a value that is being encoded, and returns an error if it already is.
func (e *encoder) guard(v Value) error {
	if e.depth > limitDepth {
		return errorf("the value nests too deep")
	}
	if e.path == nil {
		e.path = make(map[Value]struct{})
	}
	if _, inside := e.path[v]; inside {
		return errorf("a %s contains itself", v.ODataType())
	}
	e.path[v] = struct{}{}
	return nil
}

// appendType appends the @odata.type: the received one, or the one that the position requires.
func appendType(buf []byte, t *typ, ad *AdditionalData, at position) []byte {
	switch ad.odataType {
	case &t.text:
	case &noType:
		if at != basePosition || ad.find(plainTypeName) >= 0 {
			return buf
		}
	case nil:
		if at == declaredPosition {
			return buf
		}
	default:
		return appendString(append(buf, `,"@odata.type":`...), *ad.odataType)
	}
	return t.prefix.appendTo(buf)
}

// exactText returns the received text of field i, if the field still has that value.
func exactText(k *kept, obj ref, f *field, i int) (string, bool) {
	for j := range k.members {
		m := &k.members[j]
		if m.role == roleExact && m.field == int32(i) && f.codec.same(obj, f, m.raw) {
			return m.raw, true
		}
	}
	return "", false
}

// appendKept appends the kept members whose property is not set.
func appendKept(buf []byte, t *typ, obj ref, k *kept, format *wireFormat) []byte {
	for i := range k.members {
		m := &k.members[i]
		if m.role == roleExact {
			continue
		}
		index := int(m.field)
		if m.field == fieldUnresolved {
			index = t.find(m.name)
		}
		if index >= 0 {
			f := &t.fields[index]
			if isSet(obj, f) {
				continue
			}
			buf = t.appendKey(buf, index)
			if m.role == roleNull {
				buf = append(buf, "null"...)
				continue
			}
		} else if format != nil && strings.IndexByte(m.name, '@') >= 0 {
			buf = format.appendControl(buf, m)
			continue
		} else {
			buf = append(appendString(append(buf, ','), m.name), ':')
		}
		buf = append(buf, m.raw...)
	}
	return buf
}

// appendString appends s as a JSON string. Invalid UTF-8 becomes U+FFFD, except
// for surrogates written in three bytes, which become the escapes that they came
// from: see decoder.slowString.
func appendString(dst []byte, s string) []byte {
	if isPlain(s) {
		dst = append(dst, '"')
		dst = append(dst, s...)
		return append(dst, '"')
	}
	return appendSlowString(dst, s)
}

// isPlain reports whether s is ASCII that needs no escapes.
func isPlain(s string) bool {
	n := len(s)
	if n < 8 {
		for i := range n {
			if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
				return false
			}
		}
		return true
	}
	for i := 0; i+8 <= n; i += 8 {
		if special(word(s, i)) != 0 {
			return false
		}
	}
	return special(word(s, n-8)) == 0
}

func appendSlowString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r != utf8.RuneError || n != 1 {
				i += n
				continue
			}
			dst = append(dst, s[start:i]...)
			dst, n = appendInvalid(dst, s[i:])
			i += n
			start = i
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, c)
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// appendStringMember appends a member with a string value. Most strings are plain: they are
// checked and copied in one go, with one check of the remaining room.
func (t *typ) appendStringMember(buf []byte, i int, s string) []byte {
	h := &t.hots[i]
	if h.last == unusualName {
		return appendString(t.appendKey(buf, i), s)
	}
	n := len(buf) + int(h.length) + 2
	end := n + len(s) + 1
	if end > cap(buf) {
		buf = slices.Grow(buf, end-len(buf))
	}
	out := buf[:end]
	out[len(buf)], out[n-1] = ',', '"'
	h.put(out[len(buf)+1:])
	if !copyPlain(out[n:end-1], s) {
		return appendSlowString(out[:n-1], s)
	}
	out[end-1] = '"'
	return out
}

// copyPlain copies s to dst, which is as long, unless s needs escapes or is not ASCII.
func copyPlain(dst []byte, s string) bool {
	n := len(s)
	if n < 8 {
		return copyShort(dst, s)
	}
	for i := 0; i+8 < n; i += 8 {
		w := word(s, i)
		if special(w) != 0 {
			return false
		}
		binary.LittleEndian.PutUint64(dst[i:], w)
	}
	w := word(s, n-8)
	binary.LittleEndian.PutUint64(dst[n-8:], w)
	return special(w) == 0
}

// copyShort is copyPlain of fewer than eight bytes, which are looked at as one word.
func copyShort(dst []byte, s string) bool {
	const blanks = ones * 0x20 &^ 0xffffff // above three bytes
	switch n := len(s); {
	case n >= 4:
		head, tail := half(s, 0), half(s, n-4)
		if special(uint64(head)|uint64(tail)<<32) != 0 {
			return false
		}
		binary.LittleEndian.PutUint32(dst, head)
		binary.LittleEndian.PutUint32(dst[n-4:], tail)
	case n > 0:
		a, b, c := s[0], s[n/2], s[n-1]
		if special(uint64(a)|uint64(b)<<8|uint64(c)<<16|blanks) != 0 {
			return false
		}
		dst[0], dst[n/2], dst[n-1] = a, b, c
	}
	return true
}

const hexDigits = "0123456789abcdef"

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// appendInvalid appends the replacement of the invalid UTF-8 at the start of s, and returns
// the number of bytes replaced.
func appendInvalid(dst []byte, s string) ([]byte, int) {
	if len(s) < 3 || s[0] != 0xed || s[1]>>5 != 5 || s[2]>>6 != 2 {
		return append(dst, "\ufffd"...), 1
	}
	r := 0xd000 | uint16(s[1]&0x3f)<<6 | uint16(s[2]&0x3f)
	return append(dst, '\\', 'u', 'd', hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15]), 3
}
