package show

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Measures of a drawing, in pixels.
const (
	rowHeight = 34
	boxHeight = 24
	indent    = 28
	margin    = 16
	letter    = 7.3 // of the fixed-width font, slightly more than needed
)

// svg is a drawing: rows of boxes below each other, each indented further than its base
// type.
type svg struct {
	b     strings.Builder
	rows  int
	width float64
}

// SVG draws a type as a self-contained picture.
func (v *View) SVG() string {
	var d svg
	d.node(v.Top, 0)
	d.uses(v)
	height := 2*margin + d.rows*rowHeight
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" viewBox="0 0 %.0f %d" role="img" font-family="monospace" font-size="12">
<title>%s</title>
<defs><marker id="base" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="10" markerHeight="10" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L10 5L0 10z" fill="white" stroke="black"/></marker></defs>
<rect width="100%%" height="100%%" fill="white"/>
%s</svg>
`, d.width+margin, height, d.width+margin, height, svgText("Hierarchy of "+v.Name), d.b.String())
}

// node draws a type and, below it, the types derived from it, with arrows. It returns its
// row.
func (d *svg) node(n *Node, depth int) int {
	row := d.rows
	stroke := 1
	if n.Shown {
		stroke = 3
	}
	x := margin + depth*indent
	d.box(x, n.Name, strings.Join(n.Facts, ", "), fmt.Sprintf(`stroke-width="%d"`, stroke))
	last := row
	for _, derived := range n.Derived {
		last = d.node(derived, depth+1)
		y := middle(last)
		fmt.Fprintf(&d.b, `<path d="M%d %dH%d" stroke="black"/>`+"\n", x+indent/2, y, x+indent)
	}
	if last > row {
		fmt.Fprintf(&d.b, `<path d="M%d %dV%d" stroke="black" marker-end="url(#base)"/>`+"\n", x+indent/2, middle(last), middle(row)+boxHeight/2)
	}
	return row
}

// uses draws the properties that hold the type, below it.
func (d *svg) uses(v *View) {
	if len(v.Uses) == 0 {
		return
	}
	d.text(margin, "Properties that hold it:")
	left := max(0, len(v.Uses)-mostUses)
	for _, u := range v.Uses[:len(v.Uses)-left] {
		d.box(margin+indent, u.Owner+"/"+u.Property, strings.Trim(v.manner(u), " ()"), `stroke-dasharray="4 3"`)
	}
	if left > 0 {
		d.text(margin+indent, fmt.Sprintf("and %d more", left))
	}
}

// middle returns the vertical middle of a row.
func middle(row int) int { return margin + row*rowHeight + boxHeight/2 }

// box draws a name in a box with text beside it, on a row of its own.
func (d *svg) box(x int, name, beside, attributes string) {
	width := letter*float64(utf8.RuneCountInString(name)) + 16
	y := margin + d.rows*rowHeight
	fmt.Fprintf(&d.b, `<rect x="%d" y="%d" width="%.1f" height="%d" fill="#f4f6fb" stroke="black" %s/>`+"\n", x, y, width, boxHeight, attributes)
	fmt.Fprintf(&d.b, `<text x="%d" y="%d">%s</text>`+"\n", x+8, y+16, svgText(name))
	d.rows++
	d.wide(float64(x) + width)
	if beside != "" {
		fmt.Fprintf(&d.b, `<text x="%.1f" y="%d" fill="#555">%s</text>`+"\n", float64(x)+width+8, y+16, svgText(beside))
		d.wide(float64(x) + width + 8 + letter*float64(utf8.RuneCountInString(beside)))
	}
}

// text writes a line on a row of its own.
func (d *svg) text(x int, s string) {
	fmt.Fprintf(&d.b, `<text x="%d" y="%d">%s</text>`+"\n", x, middle(d.rows)+4, svgText(s))
	d.rows++
	d.wide(float64(x) + letter*float64(utf8.RuneCountInString(s)))
}

func (d *svg) wide(to float64) { d.width = max(d.width, to) }

func svgText(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(visible(s))); err != nil {
		return "" // a Builder never fails
	}
	return b.String()
}
