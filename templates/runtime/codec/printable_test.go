package codec

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "",
		`Käse → "ok" \ 日本 😀`:        `Käse → "ok" \ 日本 😀`,
		"a\nb\r\tc\x1b[31m\x00\x7f": `a\nb\r\tc\x1b[31m\x00\x7f`,
		"a\u0085b\u2028c\u2029":     `a\u0085b\u2028c\u2029`,
		"a\u202eb\u200dc\u2066":     `a\u202eb\u200dc\u2066`,
		"a\xffb\ufffd":              "a\\xffb\ufffd",
	} {
		assert.Equal(t, want, printable(text))
		assert.Equal(t, want, printable(want), "what was made printable stays as it is")
	}
	assert.Equal(t, strings.Repeat("x", 1000), printable(strings.Repeat("x", 1000)))
	assert.Equal(t, strings.Repeat("x", 1000)+"… (3000000 bytes)", printable(strings.Repeat("x", 3e6)))
	assert.Equal(t, "a"+strings.Repeat("é", 499)+"… (1201 bytes)", printable("a"+strings.Repeat("é", 600)))
	assert.Less(t, len(printable(strings.Repeat("\xbf", 1e6))), 4100)
}

func TestBareURL(t *testing.T) {
	for address, want := range map[string]string{
		"https://h/a/b?sig=secret&x=1":      "https://h/a/b",
		"https://h?sig=secret":              "https://h",
		"https://h/a#token=secret?x":        "https://h/a",
		"https://me:secret@h:8443/a@b?x":    "https://h:8443/a@b",
		"//me:secret@h/a":                   "//h/a",
		"me:secret@h":                       "me:secret@h",
		"/communications/calls/1?t=secret":  "/communications/calls/1",
		"communications/calls/1":            "communications/calls/1",
		"?t=secret":                         "",
		"https://h/\u202ea\n/" + "b" + "?x": `https://h/\u202ea\n/b`,
	} {
		assert.Equal(t, want, bareURL(address))
	}
}
