package edm

import "strings"

// maxIdentifier is how long a simple identifier may be.
const maxIdentifier = 128

// IsIdentifier reports whether s is a simple identifier: ASCII letters, digits,
// underscores and hyphens, with a letter or underscore first. CSDL allows other
// letters and no hyphens; Graph has no such letters, and has "request-id". What
// names become (Go source, comments, paths) relies on it: a description cannot bring
// in quotes, white space or line ends.
func IsIdentifier(s string) bool {
	if s == "" || len(s) > maxIdentifier {
		return false
	}
	for i, c := range []byte(s) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '-') {
			return false
		}
	}
	return true
}

// IsNamespace reports whether s is simple identifiers with dots between them.
func IsNamespace(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if !IsIdentifier(part) {
			return false
		}
	}
	return true
}

// IsPath reports whether s is names, simple or qualified, with slashes between them.
func IsPath(s string) bool {
	for part := range strings.SplitSeq(s, "/") {
		if !IsNamespace(part) {
			return false
		}
	}
	return true
}
