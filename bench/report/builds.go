package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/callgen/callgen/bench/scratch"
)

// Builds says what generating and compiling all of Graph takes. The first row is the reference
// for the others.
type Builds struct {
	Run    Run
	Rounds int
	Note   string `json:",omitempty"` // what else the machine did
	Rows   []Build
}

// Build is a variant of the package, measured once in each round.
type Build struct {
	Name              string
	Lines             int // of Go
	Generate, Compile []scratch.Usage
}

// Markdown draws a table.
func (b Builds) Markdown() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n\n", b.Run)
	if b.Note != "" {
		fmt.Fprintf(&out, "%s\n\n", b.Note)
	}
	fmt.Fprintf(&out, "All of Graph v1.0, medians of %d rounds, with the least and the most; in brackets what the median is of the first row's:\n\n", b.Rounds)
	out.WriteString("| | lines of Go | generating, CPU s | generating, peak MB | compiling, CPU s | compiling, peak MB |\n|---|--:|--:|--:|--:|--:|\n")
	for _, row := range b.Rows {
		first := b.Rows[0]
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s |\n", row.Name, thousands(row.Lines),
			spread(row.Generate, first.Generate, cpuOf, "%.1f"), spread(row.Generate, first.Generate, peakOf, "%.0f"),
			spread(row.Compile, first.Compile, cpuOf, "%.1f"), spread(row.Compile, first.Compile, peakOf, "%.0f"))
	}
	return out.String()
}

func cpuOf(u scratch.Usage) float64  { return u.CPU }
func peakOf(u scratch.Usage) float64 { return u.PeakMB }

// spread writes the median of some figures, the least and the most of them, and the ratio of
// the median to that of others.
func spread(all, others []scratch.Usage, of func(scratch.Usage) float64, format string) string {
	figures, reference := sorted(all, of), sorted(others, of)
	if len(figures) == 0 || len(reference) == 0 || figures[0] == 0 {
		return "–"
	}
	median, base := figures[len(figures)/2], reference[len(reference)/2]
	return fmt.Sprintf(format+" ("+format+"–"+format+") [%.2f]", median, figures[0], figures[len(figures)-1], median/base)
}

func sorted(all []scratch.Usage, of func(scratch.Usage) float64) []float64 {
	var figures []float64
	for _, u := range all {
		figures = append(figures, of(u))
	}
	slices.Sort(figures)
	return figures
}
