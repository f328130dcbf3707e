package show

import (
	"fmt"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// Text draws a type with characters, for a terminal.
func (v *View) Text() string {
	var b strings.Builder
	v.Top.text(&b, "", "")
	if len(v.Uses) == 0 {
		b.WriteString("\nNo property is declared to hold it.\n")
		return b.String()
	}
	b.WriteString("\nProperties that hold it:\n")
	for _, u := range v.Uses {
		fmt.Fprintf(&b, "  %s/%s%s\n", edm.Shown(u.Owner), edm.Shown(u.Property), v.manner(u))
	}
	return b.String()
}

// manner says how a property holds the type, unless it holds a single value.
func (v *View) manner(u Use) string {
	var list []string
	if u.Collection {
		list = append(list, "collection")
	}
	if u.Of != v.Name {
		list = append(list, "as "+edm.Shown(u.Of))
	}
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}

// text draws a node and the types derived from it. first precedes its name, rest the lines
// below.
func (n *Node) text(b *strings.Builder, first, rest string) {
	mark := ""
	if n.Shown {
		mark = "  ◀"
	}
	fmt.Fprintf(b, "%s%s  %s%s\n", first, edm.Shown(n.Name), strings.Join(n.Facts, ", "), mark)
	for i, d := range n.Derived {
		if i == len(n.Derived)-1 {
			d.text(b, rest+"└─ ", rest+"   ")
		} else {
			d.text(b, rest+"├─ ", rest+"│  ")
		}
	}
}
