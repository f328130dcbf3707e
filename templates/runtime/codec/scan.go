package codec

import (
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// padding follows the input in decoder.text, so that eight bytes can be read at any position
// and the end needs no test of its own: a zero byte matches no grammar rule.
const padding = "\x00\x00\x00\x00\x00\x00\x00\x00"

// decoder is a cursor over one document.
type decoder struct {
	text     string // the input and padding; what is kept of it must be owned
	pos      int
	end      int // length of the input
	depth    int
	maxDepth int
	strict   bool
	lastWins bool  // see AllowDuplicateNames
	refused  error // what is wrong with the document, if that is known before it is decoded

	scratch []byte // what text is a view of, unless textIsOwned
	slabs   slabs  // hold the strings that are kept

	members    []member    // of the objects being decoded, innermost last
	refs       []ref       // of the collections being decoded, innermost last
	unions     []polymorph // the same for polymorphic collections
	nest       []byte      // open brackets of a raw value
	spans      []span      // of texts to be kept, of the objects being decoded
	deferred   []deferred
	typesAhead typeIndex
}

// newDecoder returns a decoder for a document, with the scratch space of an earlier one.
func newDecoder(data []byte, opts []Option) *decoder {
	d, ok := decoders.Get().(*decoder)
	if !ok {
		d = new(decoder)
	}
	d.start(data, opts)
	return d
}

// release makes a decoder available for reuse. It clears the scratch space that was used, so
// that nothing of the document stays alive.
func (d *decoder) release() {
	const most = 1 << 12     // of entries worth keeping
	const mostText = 1 << 16 // bytes
	entries := cap(d.members) + cap(d.refs) + cap(d.unions) + cap(d.nest) + cap(d.spans) + cap(d.deferred) + cap(d.typesAhead.objects)
	if entries > most || cap(d.scratch) > mostText {
		return
	}
	d.text, d.slabs.own = "", nil
	clear(d.deferred)
	d.spans, d.deferred = d.spans[:0], d.deferred[:0]
	if len(d.typesAhead.objects) > 0 {
		clear(d.typesAhead.objects)
		d.typesAhead.objects = d.typesAhead.objects[:0]
	}
	d.typesAhead.next, d.typesAhead.until = 0, 0
	decoders.Put(d)
}

// start makes the decoder begin a document.
func (d *decoder) start(data []byte, opts []Option) {
	d.scratch = append(append(d.scratch[:0], data...), padding...)
	d.text, d.end, d.maxDepth = view(d.scratch), len(data), defaultDepth
	d.pos, d.depth, d.strict, d.lastWins, d.refused = 0, 0, false, false, nil
	for _, opt := range opts {
		opt(d)
	}
	if d.lastWins {
		d.dropRepeated()
	}
}

// syntax returns an error at the cursor.
func (d *decoder) syntax(msg string) error { return d.syntaxAt(d.pos, msg) }

func (d *decoder) syntaxAt(pos int, msg string) error {
	if pos >= d.end {
		pos, msg = d.end, "the input ends early"
	}
	return &DecodeError{Offset: pos, Msg: msg}
}

// ws skips white space and returns the byte after it, 0 at the end.
func (d *decoder) ws() byte {
	for {
		c := d.text[d.pos]
		if c > ' ' || c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c
		}
		d.pos++
	}
}

// comma skips to the next value of an object or array that closes with end.
// It returns false after the closing bracket.
func (d *decoder) comma(end byte) (bool, error) {
	switch c := d.ws(); c {
	case ',':
		d.pos++
		return true, nil
	case end:
		d.pos++
		return false, nil
	}
	return false, d.syntax(`"," or "` + string(end) + `" is expected`)
}

// word returns the eight bytes of s at i, the first one lowest.
func word(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// half returns the four bytes of s at i, the first one lowest.
func half(s string, i int) uint32 {
	s = s[i : i+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

// special has the top bit set of each byte of w, from the lowest, that ends a run
// of plain string text: a quote, a backslash, a control character or a byte above
// ASCII. Bits above the first one set may be wrong.
func special(w uint64) uint64 {
	quote := w ^ ones*'"'
	slash := w ^ ones*'\\'
	return ((quote-ones)&^quote | (slash-ones)&^slash | (w - ones*0x20) | w) & tops
}

// plain skips plain string text from i and returns where it ends.
func (d *decoder) plain(i int) int {
	for {
		if s := special(word(d.text, i)); s != 0 {
			return i + bits.TrailingZeros64(s)/8
		}
		i += 8
		if i > d.end {
			return d.end
		}
	}
}

// stringText is a scanned JSON string.
type stringText struct {
	value string
	lossy bool // has an unpaired surrogate, which value shows as U+FFFD
}

// str reads the string at the cursor, which is at its opening quote.
func (d *decoder) str() (string, bool, error) {
	start := d.pos + 1
	i := d.plain(start)
	if d.text[i] == '"' {
		d.pos = i + 1
		return d.text[start:i], false, nil
	}
	s, err := d.slowString(start, i, false)
	return s.value, s.lossy, err
}

// rawString reads past the string at the cursor, checking it.
func (d *decoder) rawString() error {
	i := d.plain(d.pos + 1)
	if d.text[i] == '"' {
		d.pos = i + 1
		return nil
	}
	high := false
	start := d.pos + 1
	for {
		switch c := d.text[i]; {
		case c == '"':
			if high && !utf8.ValidString(d.text[start:i]) {
				return d.badUTF8(start, i)
			}
			d.pos = i + 1
			return nil
		case c == '\\':
			n, err := d.escape(i)
			if err != nil {
				return err
			}
			i += n
		case c < 0x20:
			return d.syntaxAt(i, "a control character in a string must be escaped")
		case c >= utf8.RuneSelf:
			high = true
			i++
			continue
		}
		i = d.plain(i)
		if d.text[i] >= utf8.RuneSelf {
			high = true
		}
	}
}

// escape checks the escape sequence at i and returns its length.
func (d *decoder) escape(i int) (int, error) {
	switch d.text[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, nil
	case 'u':
		if _, ok := d.hex(i + 2); ok {
			return 6, nil
		}
	}
	return 0, d.syntaxAt(i, "invalid escape sequence in a string")
}

// hex reads four hexadecimal digits.
func (d *decoder) hex(i int) (rune, bool) {
	if i+4 > d.end {
		return 0, false
	}
	var r rune
	for _, c := range []byte(d.text[i : i+4]) {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

func (d *decoder) badUTF8(start, end int) error {
	for i := start; i < end; {
		r, n := utf8.DecodeRuneInString(d.text[i:end])
		if r == utf8.RuneError && n == 1 {
			return d.syntaxAt(i, "invalid UTF-8")
		}
		i += n
	}
	return d.syntaxAt(start, "invalid UTF-8")
}

// slowString reads a string that holds something special at i. With wtf8, an
// unpaired surrogate becomes the three bytes that it would have in UTF-8, which
// keeps different names different; appendString turns them into an escape again.
func (d *decoder) slowString(start, i int, wtf8 bool) (stringText, error) {
	d.pos = start - 1
	if err := d.rawString(); err != nil {
		return stringText{}, err
	}
	raw := d.text[start : d.pos-1]
	if strings.IndexByte(raw, '\\') < 0 {
		return stringText{value: raw}, nil
	}
	out := make([]byte, 0, len(raw))
	out = append(out, d.text[start:i]...)
	lossy := false
	for end := d.pos - 1; i < end; {
		c := d.text[i]
		if c != '\\' {
			out = append(out, c)
			i++
			continue
		}
		if c = d.text[i+1]; c != 'u' {
			out = append(out, unescape(c))
			i += 2
			continue
		}
		r, n := d.unicodeEscape(i)
		i += n
		if utf16.IsSurrogate(r) {
			lossy = true
			if wtf8 {
				out = append(out, 0xed, byte(0x80|r>>6&0x3f), byte(0x80|r&0x3f))
				continue
			}
		}
		out = utf8.AppendRune(out, r) // U+FFFD for a surrogate
	}
	return stringText{string(out), lossy}, nil
}

func unescape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// unicodeEscape decodes \uXXXX at i, or a pair of them, and returns its length. It
// returns the surrogate itself if that is unpaired.
func (d *decoder) unicodeEscape(i int) (rune, int) {
	r, _ := d.hex(i + 2)
	if utf16.IsSurrogate(r) && d.text[i+6] == '\\' && d.text[i+7] == 'u' {
		if low, ok := d.hex(i + 8); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 12
			}
		}
	}
	return r, 6
}

// name reads the member name at the cursor and the colon after it.
func (d *decoder) name() (string, error) {
	if d.text[d.pos] != '"' {
		return "", d.syntax("a member name in quotes is expected")
	}
	start := d.pos + 1
	i := d.plain(start)
	name := d.text[start:i]
	if d.text[i] == '"' {
		d.pos = i + 1
	} else {
		s, err := d.slowString(start, i, true)
		if err != nil {
			return "", err
		}
		name = s.value
	}
	return name, d.colon()
}

func (d *decoder) colon() error {
	if d.text[d.pos] != ':' && d.ws() != ':' {
		return d.syntax(`":" is expected after the member name`)
	}
	d.pos++
	return nil
}

// number reads past the number at the cursor and returns its text.
func (d *decoder) number() (string, error) {
	start := d.pos
	i := start
	if d.text[i] == '-' {
		i++
	}
	switch c := d.text[i]; {
	case c == '0':
		i++
	case '1' <= c && c <= '9':
		i = d.digits(i)
	default:
		return "", d.syntax("a JSON value is expected")
	}
	if d.text[i] == '.' {
		j := d.digits(i + 1)
		if j == i+1 {
			return "", d.syntaxAt(j, "a digit is expected after the decimal point")
		}
		i = j
	}
	if c := d.text[i]; c == 'e' || c == 'E' {
		i++
		if c = d.text[i]; c == '+' || c == '-' {
			i++
		}
		j := d.digits(i)
		if j == i {
			return "", d.syntaxAt(j, "a digit is expected in the exponent")
		}
		i = j
	}
	d.pos = i
	return d.text[start:i], nil
}

func (d *decoder) digits(i int) int {
	for c := d.text[i]; '0' <= c && c <= '9'; c = d.text[i] {
		i++
	}
	return i
}

// literal reads past true, false or null.
func (d *decoder) literal(word string) error {
	if !strings.HasPrefix(d.text[d.pos:], word) {
		return d.syntax("a JSON value is expected")
	}
	d.pos += len(word)
	return nil
}

// skip reads past the value at the cursor, checking it, without recursion.
func (d *decoder) skip() error {
	floor := len(d.nest)
	err := d.skipNested(floor)
	d.nest = d.nest[:floor]
	return err
}

func (d *decoder) skipNested(floor int) error {
	for {
		opened, err := d.skipOne()
		if err != nil {
			return err
		}
		if opened {
			continue
		}
		for {
			if len(d.nest) == floor {
				return nil
			}
			open := d.nest[len(d.nest)-1]
			more, err := d.comma(open + 2) // '{'+2 = '}' and '['+2 = ']'
			if err != nil {
				return err
			}
			if more {
				if err := d.skipName(open); err != nil {
					return err
				}
				break
			}
			d.nest = d.nest[:len(d.nest)-1]
		}
	}
}

// skipOne skips a scalar or an empty object or array; of any other object or array it skips
// the part before the first value.
func (d *decoder) skipOne() (opened bool, err error) {
	switch c := d.ws(); c {
	case '{', '[':
		if d.depth+len(d.nest) >= d.maxDepth {
			return false, d.tooDeep()
		}
		d.pos++
		if d.ws() == c+2 {
			d.pos++
			return false, nil
		}
		d.nest = append(d.nest, c)
		return true, d.skipName(c)
	case '"':
		return false, d.rawString()
	case 't':
		return false, d.literal("true")
	case 'f':
		return false, d.literal("false")
	case 'n':
		return false, d.literal("null")
	}
	_, err = d.number()
	return false, err
}

// skipName reads past the member name that stands before a value in an object.
func (d *decoder) skipName(open byte) error {
	if open != '{' {
		return nil
	}
	if d.ws() != '"' {
		return d.syntax("a member name in quotes is expected")
	}
	if err := d.rawString(); err != nil {
		return err
	}
	return d.colon()
}

func (d *decoder) tooDeep() error {
	return d.syntax("the document nests too deep: see MaxDepth")
}
