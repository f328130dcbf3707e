package codec

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// This file makes text that others wrote, such as a server's reason phrase or a guest's
// name, fit for logs and errors. Packages client and callback use it, too.

// mostPrintable is how much of a text of others is shown, in bytes.
const mostPrintable = 1000

// printable returns text of others as it can be shown anywhere: what would end the line,
// control a terminal, hide or turn the direction of text stands as an escape of Go, and
// what is long is cut.
func printable(text string) string {
	whole := text
	if len(text) > mostPrintable {
		text = text[:mostPrintable]
		for len(text) > mostPrintable-utf8.UTFMax && !utf8.RuneStart(whole[len(text)]) {
			text = text[:len(text)-1]
		}
	}
	if !isPrintable(text) {
		text = escaped(text)
	}
	if rest := len(whole) - mostPrintable; rest > 0 {
		text += "… (" + strconv.Itoa(len(whole)) + " bytes)"
	}
	return text
}

// isPrintable reports whether text is ASCII that is seen as it is.
func isPrintable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

func escaped(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if strconv.IsPrint(r) && (r != utf8.RuneError || n > 1) {
			b.WriteString(text[i : i+n])
		} else {
			quoted := strconv.Quote(text[i : i+n])
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		i += n
	}
	return b.String()
}

// bareURL is printable for an address, absolute or not, less what can be secret in it:
// query, fragment and user.
func bareURL(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	if scheme, rest, ok := strings.Cut(address, "//"); ok {
		host, _, _ := strings.Cut(rest, "/")
		address = scheme + "//" + rest[strings.LastIndexByte(host, '@')+1:]
	}
	return printable(address)
}
