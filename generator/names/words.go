package names

import "strings"

// initialisms are the words that Go writes in capitals. The table is closed: a
// word added later would rename what users already compile against.
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
func Pascal(name string) string {
	var b strings.Builder
	for _, word := range split(name) {
		if text, ok := initialisms[strings.ToLower(word)]; ok {
			b.WriteString(text)
			continue
		}
		// An underscore between digits is all that tells v1_10 from v11_0.
		if isDigit(word[0]) && endsInDigit(b.String()) {
			b.WriteByte('_')
		}
		b.WriteString(strings.ToUpper(word[:1]))
		b.WriteString(word[1:])
	}
	s := b.String()
	if s == "" || isDigit(s[0]) {
		return "X" + s
	}
	return s
}

// split cuts a name into words: at separators, before a capital that follows a
// small letter or digit, and before the last capital of a run of them that a small
// letter follows.
func split(name string) []string {
	var words []string
	start := 0
	cut := func(end int) {
		if end > start {
			words = append(words, name[start:end])
		}
		start = end
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case !isLetter(c) && !isDigit(c):
			cut(i)
			start = i + 1
		case i > start && isUpper(c) && (!isUpper(name[i-1]) || i+1 < len(name) && isLower(name[i+1])):
			cut(i)
		}
	}
	cut(len(name))
	return words
}

func endsInDigit(s string) bool { return s != "" && isDigit(s[len(s)-1]) }

func isUpper(c byte) bool  { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool  { return 'a' <= c && c <= 'z' }
func isLetter(c byte) bool { return isUpper(c) || isLower(c) }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
