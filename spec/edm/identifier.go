package edm

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxIdentifier = 128 // maximum length of a simple identifier in OData, in characters
	maxNamespace  = 511 // maximum length of a namespace in OData, in characters
)

// IsIdentifier reports whether s is a simple identifier: letters, digits and underscores,
// not beginning with a digit. Hyphens may follow, because Microsoft Graph has them
// ("request-id"). Everything made from names (Go source, comments, paths) relies on it: a
// description cannot smuggle in quotes, white space or newlines.
func IsIdentifier(s string) bool {
	if s == "" || len(s) > maxIdentifier && utf8.RuneCountInString(s) > maxIdentifier {
		return false
	}
	for i, r := range s {
		if !isIdentifierRune(r, i == 0) {
			return false
		}
	}
	return true
}

func isIdentifierRune(r rune, first bool) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', r == '_':
		return true
	case '0' <= r && r <= '9', r == '-':
		return !first
	case r < utf8.RuneSelf, r == utf8.RuneError:
		return false
	}
	return unicode.IsLetter(r) || !first && unicode.IsDigit(r)
}

// IsNamespace reports whether s consists of simple identifiers joined by dots.
func IsNamespace(s string) bool {
	if len(s) > maxNamespace && utf8.RuneCountInString(s) > maxNamespace {
		return false
	}
	for part := range strings.SplitSeq(s, ".") {
		if !IsIdentifier(part) {
			return false
		}
	}
	return true
}

// IsPath reports whether s consists of simple identifiers and qualified names joined by
// slashes.
func IsPath(s string) bool {
	for part := range strings.SplitSeq(s, "/") {
		if !IsNamespace(part) {
			return false
		}
	}
	return true
}

// Quote quotes text from a description for a message, on one line and of limited length.
func Quote(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strconv.Quote(s)
}

// Shown returns a name for a message: unchanged if it is a name or path, quoted otherwise.
func Shown(name string) string {
	if name == "" || IsPath(name) {
		return name
	}
	return Quote(name)
}
