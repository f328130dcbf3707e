package codec

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of the output.
const (
	mostText   = 300 // bytes of a string or number
	mostNested = 32  // levels
)

// bounds says how much JSON to keep, and what to redact in it.
type bounds struct {
	all    int               // bytes after which only brackets are closed
	text   int               // bytes of a string or number
	secret func(string) bool // reports whether a member is secret, by name; may be nil
}

// shortener copies valid JSON, shorter and fit to be seen.
type shortener struct {
	bounds
	json string
	pos  int
	out  []byte
}

// shorten appends valid JSON to dst, without white space: long texts are cut, and "…"
// replaces members and elements once dst is too long, and values nested too deeply.
// Invisible characters are escaped.
func shorten(dst []byte, text string, b bounds) []byte {
	s := shortener{bounds: b, json: text, out: dst}
	s.value(0)
	return s.out
}

func (s *shortener) space() {
	for s.pos < len(s.json) && strings.IndexByte(" \t\r\n", s.json[s.pos]) >= 0 {
		s.pos++
	}
}

// next is the character after white space, 0 at the end.
func (s *shortener) next() byte {
	if s.space(); s.pos < len(s.json) {
		return s.json[s.pos]
	}
	return 0
}

// value copies the value at the cursor.
func (s *shortener) value(depth int) {
	switch c := s.next(); {
	case (c == '{' || c == '[') && depth >= mostNested:
		s.skip()
		s.out = append(s.out, `"…"`...)
	case c == '{' || c == '[':
		s.collection(c, depth)
	case c == '"':
		s.string()
	default:
		s.scalar()
	}
}

// collection copies an object or array.
func (s *shortener) collection(open byte, depth int) {
	s.out = append(s.out, open)
	s.pos++
	whole, first := true, true
	for c := s.next(); c != open+2 && c != 0; c = s.next() {
		if c == ',' {
			s.pos++
			continue
		}
		if !whole || len(s.out) >= s.all {
			whole = false
			if open == '{' {
				s.skip()
				s.next()
				s.pos++ // the colon
			}
			s.skip()
			continue
		}
		if !first {
			s.out = append(s.out, ',')
		}
		first = false
		if open == '{' {
			s.member(depth)
		} else {
			s.value(depth + 1)
		}
	}
	s.pos++
	if !whole {
		if !first {
			s.out = append(s.out, ',')
		}
		if open == '{' {
			s.out = append(s.out, `"…":`...)
		}
		s.out = append(s.out, `"…"`...)
	}
	s.out = append(s.out, open+2)
}

// member copies a name and its value.
func (s *shortener) member(depth int) {
	start := s.pos
	s.string()
	name := tokenOf(s.json[start:s.pos]).text
	s.next()
	s.pos++ // the colon
	s.out = append(s.out, ':')
	if s.secret != nil && s.next() != 'n' && s.secret(name) {
		s.skip()
		s.out = append(s.out, redacted...)
		return
	}
	s.value(depth + 1)
}

// string copies a string.
func (s *shortener) string() {
	start := s.pos
	s.skip()
	text := s.json[start+1 : s.pos-1]
	s.out = append(s.out, '"')
	for i := 0; i < len(text); {
		if i >= s.text {
			s.out = append(s.out, "… ("+strconv.Itoa(len(text))+" bytes)"...)
			break
		}
		n := 1
		switch c := text[i]; {
		case c == '\\' && text[i+1] == 'u':
			n = 6
		case c == '\\':
			n = 2
		case c >= utf8.RuneSelf || c == 0x7f:
			var r rune
			if r, n = utf8.DecodeRuneInString(text[i:]); !strconv.IsPrint(r) {
				s.out = appendRuneEscape(s.out, r)
				i += n
				continue
			}
		}
		s.out = append(s.out, text[i:i+n]...)
		i += n
	}
	s.out = append(s.out, '"')
}

// appendRuneEscape appends a character as JSON escapes it.
func appendRuneEscape(dst []byte, r rune) []byte {
	if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
		return fmt.Appendf(dst, `\u%04x\u%04x`, high, low)
	}
	return fmt.Appendf(dst, `\u%04x`, r)
}

// scalar copies a number or literal.
func (s *shortener) scalar() {
	start := s.pos
	s.skip()
	text := s.json[start:s.pos]
	if len(text) > s.text {
		text = `"` + text[:s.text] + "… (" + strconv.Itoa(len(text)) + ` bytes)"`
	}
	s.out = append(s.out, text...)
}

// skip moves past the value or name at the cursor.
func (s *shortener) skip() {
	depth := 0
	for s.next(); s.pos < len(s.json); {
		switch s.json[s.pos] {
		case '{', '[':
			depth++
			s.pos++
		case '}', ']':
			depth--
			s.pos++
		case '"':
			s.skipString()
		case ',', ':', ' ', '\t', '\r', '\n':
			s.pos++
			continue
		default:
			for s.pos < len(s.json) && strings.IndexByte(",:]} \t\r\n", s.json[s.pos]) < 0 {
				s.pos++
			}
		}
		if depth == 0 {
			return
		}
	}
}

func (s *shortener) skipString() {
	for s.pos++; s.pos < len(s.json); s.pos++ {
		switch s.json[s.pos] {
		case '"':
			s.pos++
			return
		case '\\':
			s.pos++
		}
	}
}
