package changes

import (
	"fmt"
	"io"
	"strings"
)

// commentLimit bounds Markdown: a comment on GitHub has 65,536 characters.
const commentLimit = 60_000

// Markdown writes a report as a comment for a pull request: breaking changes are visible,
// the rest is folded.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### Schema changes: %s\n", r.Summary())
	left := 0
	for _, g := range Grades() {
		if r.Count(g) == 0 {
			continue
		}
		if g == Breaking {
			fmt.Fprintf(&b, "\n**%s**\n\n", headline(g))
		} else {
			fmt.Fprintf(&b, "\n<details><summary>%s (%d)</summary>\n\n", headline(g), r.Count(g))
		}
		for _, c := range r.Changes {
			if c.Grade != g {
				continue
			}
			if item := c.markdown(); b.Len()+len(item) <= commentLimit {
				b.WriteString(item)
			} else {
				left++
			}
		}
		if g != Breaking {
			b.WriteString("\n</details>\n")
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%d more changes have no room here.\n", left)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (c *Change) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "- %s %s", c.Kind, code(c.Element))
	if c.Position != "" {
		fmt.Fprintf(&b, " (%s)", code(c.Position))
	}
	b.WriteString("\n")
	for _, f := range c.Schema {
		fmt.Fprintf(&b, "  - %s\n", code(f.String()))
	}
	for _, e := range c.Go {
		fmt.Fprintf(&b, "  - → Go: %s\n", code(e.String()))
	}
	return b.String()
}

// code returns text as a code span, in which nothing has a special meaning.
func code(text string) string {
	text = clean(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}
