package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// Panel is a bar chart.
type Panel struct {
	Title, Note string
	Format      string // of a value
	Bars        []Bar
}

// Bar is one bar of a panel.
type Bar struct {
	Name  string
	Value float64
	Ours  bool
}

// Panels returns the panels of the plot. Bars without figures are left out.
func Panels(cost Cost, corpus Ratios) []Panel {
	of := func(title, note, format string, value func(Subject) float64) Panel {
		p := Panel{Title: title, Note: note, Format: format}
		for _, s := range cost.Subjects {
			if v := value(s); s.Missing == "" && v > 0 {
				p.Bars = append(p.Bars, Bar{s.Short, v, s.Ours})
			}
		}
		return p
	}
	panels := []Panel{
		of("Compiling the package", "CPU seconds, cold cache; less is better", "%.1f s", func(s Subject) float64 {
			if s.Compile == nil {
				return 0
			}
			return s.Compile.CPU
		}),
		of("Memory of the compiler", "peak, GB; less is better", "%.2f GB", func(s Subject) float64 {
			if s.Compile == nil {
				return 0
			}
			return s.Compile.PeakMB / 1e3
		}),
		of("A program that decodes a call", "stripped, MB; less is better", "%.1f MB", func(s Subject) float64 { return float64(s.Call) / 1e6 }),
		of("Decoding calls", "times as fast as encoding/json into any; more is better", "%.1f×", func(s Subject) float64 {
			if s.Speed == nil {
				return 0
			}
			return s.Speed.Decode
		}),
	}
	if len(corpus.Sets) > 0 {
		panels = append(panels, speedPanel("Decoding Graph's documentation", corpus.Sets[len(corpus.Sets)-1], func(r Row) float64 { return float64(r.Decode) }),
			speedPanel("Encoding Graph's documentation", corpus.Sets[len(corpus.Sets)-1], func(r Row) float64 { return float64(r.Encode) }))
	}
	return panels
}

func speedPanel(title string, set Set, value func(Row) float64) Panel {
	p := Panel{Title: title, Note: "times as fast as encoding/json into any; more is better", Format: "%.1f×"}
	for _, r := range set.Rows {
		if v := value(r); v > 0 {
			p.Bars = append(p.Bars, Bar{r.Rival, value(set.Rows[0]) / v, strings.HasPrefix(r.Rival, "callgen")})
		}
	}
	return p
}

// Measures of the drawing, in pixels.
const (
	panelWidth = 400
	gap        = 40
	head       = 52 // above the bars of a panel
	pitch      = 34 // from bar to bar: a line of text, and the bar
	thick      = 12
	widest     = panelWidth - 70 // the longest bar; its value stands behind it
)

// The plot has the background of its page; the colours follow the reader's preference.
const style = `
text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.note { font-size: 12px; fill: #59636e }
.ours { fill: #0969da }
.other { fill: #9aa4af }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .note { fill: #9198a1 }
  .ours { fill: #4493f8 }
  .other { fill: #6e7681 }
}
`

// SVG draws panels in two columns.
func SVG(panels []Panel) []byte {
	var b bytes.Buffer
	y := 0
	for i := 0; i < len(panels); i += 2 {
		rows := 0
		for j, p := range panels[i:min(i+2, len(panels))] {
			drawPanel(&b, p, j*(panelWidth+gap), y)
			rows = max(rows, len(p.Bars))
		}
		y += head + rows*pitch + gap
	}
	width, height := 2*panelWidth+gap, max(y-gap, 1)
	return fmt.Appendf(nil, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">\n"+
		"<title>callgen and others, side by side</title>\n<style>%s</style>\n%s</svg>\n", width, height, width, height, style, b.Bytes())
}

func drawPanel(b *bytes.Buffer, p Panel, x, y int) {
	text(b, "title", x, y+18, p.Title)
	text(b, "note", x, y+36, p.Note)
	longest := 0.0
	for _, bar := range p.Bars {
		longest = max(longest, bar.Value)
	}
	for i, bar := range p.Bars {
		top, long, class := y+head+i*pitch, bar.Value/longest*widest, "other"
		if bar.Ours {
			class = "ours"
		}
		text(b, "", x, top+10, bar.Name)
		fmt.Fprintf(b, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n", class, x, top+15, max(long, 1), thick)
		text(b, "note", x+int(long)+8, top+15+thick-2, fmt.Sprintf(p.Format, bar.Value))
	}
}

func text(b *bytes.Buffer, class string, x, y int, words string) {
	fmt.Fprintf(b, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y)
	xml.EscapeText(b, []byte(words))
	b.WriteString("</text>\n")
}
