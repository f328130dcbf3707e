package emit

import (
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/dave/jennifer/jen"
)

const width = 97 // of the text of a comment

// wrap cuts text into lines at spaces.
func wrap(text string) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// cut cuts text into lines after a separator.
func cut(text string, after byte) []string {
	var lines []string
	for len(text) > width {
		i := strings.LastIndexByte(text[:width], after)
		if i < 0 {
			if i = strings.IndexByte(text, after); i < 0 {
				break
			}
		}
		lines, text = append(lines, text[:i+1]), text[i+1:]
	}
	return append(lines, text)
}

// docLines returns a doc comment, each line with its slashes.
func docLines(d goir.Doc) []string {
	paragraphs := d.Paragraphs
	if d.Deprecated != "" {
		paragraphs = append(paragraphs[:len(paragraphs):len(paragraphs)], "Deprecated: "+d.Deprecated)
	}
	var lines []string
	for i, p := range paragraphs {
		if i > 0 {
			lines = append(lines, "//")
		}
		for _, line := range wrap(p) {
			lines = append(lines, "// "+line)
		}
		if i == 0 && d.Code != "" {
			lines = append(lines, "//", "//\t"+d.Code)
		}
	}
	return lines
}

// adder is a jennifer file or group.
type adder interface {
	Comment(text string) *jen.Statement
}

// comment writes a doc comment. No other function writes one: jennifer turns text
// with a line break into /* */, and gofmt leaves text that is no comment alone.
func comment(to adder, d goir.Doc) {
	for _, line := range docLines(d) {
		to.Comment(line)
	}
}
