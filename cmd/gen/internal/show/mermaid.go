package show

import (
	"fmt"
	"strings"
	"unicode"
)

// Mermaid draws a type as a class diagram of Mermaid.
func (v *View) Mermaid() string {
	g := v.graph()
	var b strings.Builder
	b.WriteString("classDiagram\n")
	for i, n := range g.nodes {
		fmt.Fprintf(&b, "  class t%d[\"%s\"] {\n", i, mermaidText(n.Name))
		for _, f := range n.Facts {
			fmt.Fprintf(&b, "    %s\n", mermaidText(f))
		}
		b.WriteString("  }\n")
		if n.Shown {
			fmt.Fprintf(&b, "  style t%d stroke-width:3px\n", i)
		}
	}
	for _, e := range g.bases {
		fmt.Fprintf(&b, "  t%d <|-- t%d\n", e[0], e[1])
	}
	for i, owner := range g.owners {
		fmt.Fprintf(&b, "  class o%d[\"%s\"]\n", i, mermaidText(owner))
	}
	for _, u := range g.uses {
		many := ""
		if u.many {
			many = `"*" `
		}
		fmt.Fprintf(&b, "  o%d --> %st%d : %s\n", u.owner, many, u.node, mermaidText(u.name))
	}
	if g.left > 0 {
		fmt.Fprintf(&b, "  class more[\"%s\"]\n", g.restText())
	}
	return b.String()
}

// mermaidText returns text without meaning to Mermaid, which has no escapes: anything but
// plain characters becomes a space.
func mermaidText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r) {
			return r
		}
		return ' '
	}, s)
}
