package report

import (
	"fmt"
	"strings"
)

// Editor says what completion after the name of a package takes in an editor, with gopls.
type Editor struct {
	Run    Run
	Gopls  string // its version
	Rounds int
	Note   string `json:",omitempty"` // what else the machine did
	Rows   []Completion
}

// Completion is the median of a package.
type Completion struct {
	Name  string
	Items int
	Bytes int     // of the answer
	CPU   float64 // seconds of gopls between request and answer; 0 where the system does not tell
	Wall  float64 // seconds
	MB    float64 // peak of gopls; 0 where the system does not tell
}

// Markdown draws a table.
func (e Editor) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s; gopls %s\n\n", e.Run, e.Gopls)
	if e.Note != "" {
		fmt.Fprintf(&b, "%s\n\n", e.Note)
	}
	fmt.Fprintf(&b, "Completion after the package name, medians of %d rounds:\n\n", e.Rounds)
	b.WriteString("| | items | MB of answer | CPU s | wall s | gopls, peak MB |\n|---|--:|--:|--:|--:|--:|\n")
	for _, c := range e.Rows {
		fmt.Fprintf(&b, "| %s | %s | %.1f | %s | %s | %s |\n", c.Name, thousands(c.Items), float64(c.Bytes)/1e6,
			known(c.CPU, "%.2f"), known(c.Wall, "%.2f"), known(c.MB, "%.0f"))
	}
	return b.String()
}
