package report

import (
	"fmt"
	"strings"
)

// Insert puts text between the markers of a name, each on a line of its own:
//
//	<!-- name -->
//	<!-- /name -->
func Insert(document, name, text string) (string, error) {
	start, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, ok := strings.Cut(document, start)
	if !ok {
		return "", fmt.Errorf("the document has no line %q", strings.TrimSpace(start))
	}
	_, after, ok := strings.Cut(rest, end)
	if !ok {
		return "", fmt.Errorf("the document has no line %q after %q", end, strings.TrimSpace(start))
	}
	return before + start + "\n" + strings.TrimSpace(text) + "\n\n" + end + after, nil
}
