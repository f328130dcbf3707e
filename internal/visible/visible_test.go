package visible_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/callgen/callgen/internal/visible"
)

func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		`plain "quoted" \u202e`:  `plain "quoted" \u202e`,
		"größer → «…» 日本 👍":      "größer → «…» 日本 👍",
		"a\u2028b\u2029c\u0085d": `a\u2028b\u2029c\u0085d`,
		"\u202eevil\u2066":       `\u202eevil\u2066`,
		"a\u200db\u200c\ufeff":   `a\u200db\u200c\ufeff`,
		"a\nb\tc\rd\x1b[31m\x00": `a\nb\tc\rd\x1b[31m\x00`,
		"\xff\ufffd":             `\xff` + "\ufffd",
	} {
		assert.Equal(t, want, visible.Escape(text))
	}
}

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		"plain":                    "plain",
		"größer":                   "größer",
		"a\r\nb\u2028c\u0085d\te":  "a  b c d\te",
		"\u202ea\u200db\ufeff\xff": "ab",
		"\x00\x1b":                 "  ",
	} {
		assert.Equal(t, want, visible.Line(text))
	}
}

func TestCut(t *testing.T) {
	assert.Equal(t, "abc", visible.Cut("abc", 3))
	assert.Equal(t, "ab…", visible.Cut("abc", 2))
	assert.Equal(t, "äöü", visible.Cut("äöü", 3))
	assert.Equal(t, "äö…", visible.Cut("äöü", 2))
}

func TestURL(t *testing.T) {
	for s, want := range map[string]string{
		"https://h/a?sig=x":        "https://h/a",
		"https://h?sig=x":          "https://h",
		"https://me:x@h:1/a@b#x?y": "https://h:1/a@b",
		"--spec=https://h/a?x":     "--spec=https://h/a",
		"what?.xml":                "what?.xml",
		"a@b#c":                    "a@b#c",
	} {
		assert.Equal(t, want, visible.URL(s))
	}
}
