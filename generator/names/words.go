package names

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// initialisms are the words that Go writes in capitals. The table is closed: a word added
// later would rename symbols that programs use.
var initialisms = map[string]string{
	"acl": "ACL", "api": "API", "ascii": "ASCII", "cpu": "CPU", "css": "CSS", "dns": "DNS",
	"dtmf": "DTMF", "eof": "EOF", "guid": "GUID", "html": "HTML", "http": "HTTP", "https": "HTTPS",
	"id": "ID", "ids": "IDs", "ip": "IP", "json": "JSON", "pstn": "PSTN", "ram": "RAM", "rpc": "RPC",
	"sip": "SIP", "smtp": "SMTP", "sql": "SQL", "ssh": "SSH", "ssl": "SSL", "tcp": "TCP", "tls": "TLS",
	"ttl": "TTL", "udp": "UDP", "ui": "UI", "uri": "URI", "uris": "URIs", "url": "URL", "urls": "URLs",
	"utc": "UTC", "uuid": "UUID", "vm": "VM", "vpn": "VPN", "xml": "XML",
}

// Pascal returns an OData name as an exported Go identifier: "callbackUri" is
// CallbackURI, "request-id" is RequestID, "v4_0_3" is V4_0_3.
func Pascal(name string) string { return exported(joined(split(name))) }

// apart returns the name with its separators spelled out: "remote_Control" is
// Remote_Control, "_summary" is X_Summary, "+1" is Plus1.
func apart(name string) string {
	var b strings.Builder
	for name != "" {
		end := strings.IndexFunc(name, isSeparator)
		if end < 0 {
			end = len(name)
		}
		b.WriteString(joined(split(name[:end])))
		if name = name[end:]; name == "" {
			break
		}
		symbol, size := utf8.DecodeRuneInString(name)
		if name = name[size:]; symbol == '-' && b.Len() > 0 {
			symbol = '_'
		}
		b.WriteString(symbolWord(symbol))
	}
	return exported(b.String())
}

// symbolWord returns the spelling of a separator where it distinguishes two names.
func symbolWord(symbol rune) string {
	switch symbol {
	case '+':
		return "Plus"
	case '-':
		return "Minus"
	case '*':
		return "Star"
	}
	return "_"
}

// joined joins words.
func joined(words []string) string {
	var b strings.Builder
	last := ' '
	for _, word := range words {
		first, size := utf8.DecodeRuneInString(word)
		if text, ok := initialisms[strings.ToLower(word)]; ok {
			word = text
		} else {
			// Only the underscore between digits distinguishes v1_10 from v11_0.
			if unicode.IsDigit(first) && unicode.IsDigit(last) {
				b.WriteByte('_')
			}
			word = string(unicode.ToUpper(first)) + word[size:]
		}
		b.WriteString(word)
		last, _ = utf8.DecodeLastRuneInString(word)
	}
	return b.String()
}

// exported turns an identifier into an exported one.
func exported(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); !unicode.IsUpper(first) {
		return "X" + s
	}
	return s
}

// split splits a name into words: at separators, before a capital that follows a small
// letter or digit, and before the last of several capitals if a small letter follows.
func split(name string) []string {
	var words []string
	start, before := 0, ' '
	cut := func(end int) {
		if end > start {
			words = append(words, name[start:end])
		}
		start = end
	}
	for i, r := range name {
		_, size := utf8.DecodeRuneInString(name[i:])
		next, _ := utf8.DecodeRuneInString(name[i+size:])
		switch {
		case isSeparator(r):
			cut(i)
			start = i + size
		case i > start && unicode.IsUpper(r) && (!unicode.IsUpper(before) || unicode.IsLower(next)):
			cut(i)
		}
		before = r
	}
	cut(len(name))
	return words
}

// isSeparator reports whether a Go identifier cannot contain a character, or omits it.
func isSeparator(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// keepWord maps separators to nothing.
func keepWord(r rune) rune {
	if isSeparator(r) {
		return -1
	}
	return r
}

// argument returns the Go name of a parameter: the property's, beginning with a small
// letter.
func argument(name string) string {
	words := split(name)
	if len(words) == 0 {
		return "x"
	}
	first := strings.ToLower(words[0])
	if r, _ := utf8.DecodeRuneInString(first); !unicode.IsLetter(r) {
		first = "x" + first
	}
	return first + joined(words[1:])
}
