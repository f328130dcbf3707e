package show

import (
	"fmt"
	"strings"
	"unicode"
)

// DOT draws a type in the language of Graphviz.
func (v *View) DOT() string {
	g := v.graph()
	var b strings.Builder
	b.WriteString("digraph {\n  rankdir=BT\n  node [shape=box, fontname=\"sans-serif\"]\n  edge [fontname=\"sans-serif\"]\n")
	for i, n := range g.nodes {
		bold := ""
		if n.Shown {
			bold = ", penwidth=3"
		}
		fmt.Fprintf(&b, "  t%d [label=\"%s\\n%s\"%s]\n", i, dotText(n.Name), dotText(strings.Join(n.Facts, ", ")), bold)
	}
	for _, e := range g.bases {
		fmt.Fprintf(&b, "  t%d -> t%d [arrowhead=empty]\n", e[1], e[0])
	}
	for i, owner := range g.owners {
		fmt.Fprintf(&b, "  o%d [label=\"%s\", style=dashed]\n", i, dotText(owner))
	}
	for _, u := range g.uses {
		many := ""
		if u.many {
			many = " *"
		}
		fmt.Fprintf(&b, "  o%d -> t%d [label=\"%s%s\", style=dashed]\n", u.owner, u.node, dotText(u.name), many)
	}
	if g.left > 0 {
		fmt.Fprintf(&b, "  more [label=\"%s\", shape=plain]\n", g.restText())
	}
	b.WriteString("}\n")
	return b.String()
}

// dotText escapes text for a quoted string.
func dotText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(visible(s))
}

// visible replaces characters that are invisible, or change how other text is displayed, by
// spaces.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return ' '
	}, s)
}
