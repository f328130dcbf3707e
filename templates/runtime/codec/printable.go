package codec

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// This file makes foreign text, such as a server's reason phrase or a guest's name, fit for
// logs and errors. Packages client and callback use it, too.

// mostPrintable is the maximum length of foreign text shown, in bytes.
const mostPrintable = 1000

// printable returns foreign text in a form that can be shown anywhere: characters that end the
// line, control a terminal, are invisible or change the direction of text are escaped as in
// Go, and long text is cut.
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

// isPrintable reports whether text consists of visible ASCII characters.
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

// bareURL is like printable for a URL, absolute or not, without its parts that may be secret:
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
