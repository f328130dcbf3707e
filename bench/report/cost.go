package report

import (
	"fmt"
	"strings"

	"github.com/callgen/callgen/bench/scratch"
)

// Cost says what packages for Graph cost their users.
type Cost struct {
	Run         Run
	Runs        int     // number of runs unless a subject says otherwise; the median counts
	Calls       int     // number of calls decoded and encoded
	NetHTTPTest float64 // seconds
	Subjects    []Subject
}

// Subject is a package.
type Subject struct {
	Name     string
	Short    string         // in the plot
	Missing  string         // why there are no figures
	Ours     bool           // made by callgen
	Structs  int            // exported
	Enums    int            // exported
	Lines    int            // of Go
	Files    int            // of Go
	Longest  int            // lines of the longest file
	Generate *scratch.Usage // nil if others generated it
	Compile  *scratch.Usage
	Runs     int     // of the compiler
	Call     int64   // bytes of a program that decodes a call, 0 without calls
	All      int64   // bytes of a program that links every type
	Test     float64 // seconds of a warm go test after an edit
	Speed    *Speed  // with the seed's calls, nil without calls
}

// Speed says how many times faster than encoding/json into any a package is.
type Speed struct {
	Decode, Encode, RoundTrip float64
	Kept                      int // calls that come out whole
}

// SpeedOf compares a row with the reference row.
func SpeedOf(measure, row Row) *Speed {
	return &Speed{
		Decode:    float64(measure.Decode) / float64(row.Decode),
		Encode:    float64(measure.Encode) / float64(row.Encode),
		RoundTrip: float64(measure.RoundTrip) / float64(row.RoundTrip),
		Kept:      row.Kept,
	}
}

// Markdown draws a table with a column for each subject.
func (c Cost) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", c.Run)
	var with []Subject
	for _, s := range c.Subjects {
		if s.Missing != "" {
			fmt.Fprintf(&b, "Not measured: %s: %s\n\n", s.Name, strings.Join(strings.Fields(s.Missing), " "))
			continue
		}
		with = append(with, s)
	}
	b.WriteString("|")
	for _, s := range with {
		fmt.Fprintf(&b, " | %s", s.Name)
	}
	b.WriteString(" |\n|---" + strings.Repeat("|--:", len(with)) + "|\n")
	for _, r := range costRows {
		fmt.Fprintf(&b, "| %s", r.name)
		for _, s := range with {
			fmt.Fprintf(&b, " | %s", r.cell(s))
		}
		b.WriteString(" |\n")
	}
	if c.Calls > 0 {
		fmt.Fprintf(&b, "\nThe calls are %d documents of the \"Create call\" page. ", c.Calls)
	}
	if c.NetHTTPTest > 0 {
		fmt.Fprintf(&b, "`go test` of a package that imports net/http instead: %.2f s.\n", c.NetHTTPTest)
	}
	return b.String()
}

type costRow struct {
	name string
	cell func(s Subject) string
}

// costRows are the rows of the table.
var costRows = []costRow{
	{"exported structs and enums", func(s Subject) string { return thousands(s.Structs) + " + " + thousands(s.Enums) }},
	{"lines of Go", func(s Subject) string { return thousands(s.Lines) }},
	{"files, lines of the longest", func(s Subject) string { return thousands(s.Files) + ", " + thousands(s.Longest) }},
	{"generating, CPU s", usage(func(s Subject) *scratch.Usage { return s.Generate }, cpu)},
	{"generating, wall s", usage(func(s Subject) *scratch.Usage { return s.Generate }, wall)},
	{"generating, peak memory, MB", usage(func(s Subject) *scratch.Usage { return s.Generate }, peak)},
	{"compiling, CPU s", usage(func(s Subject) *scratch.Usage { return s.Compile }, cpu)},
	{"compiling, wall s", usage(func(s Subject) *scratch.Usage { return s.Compile }, wall)},
	{"compiling, peak memory, MB", usage(func(s Subject) *scratch.Usage { return s.Compile }, peak)},
	{"program that decodes a call, MB", func(s Subject) string { return megabytes(s.Call) }},
	{"program that links every type, MB", func(s Subject) string { return megabytes(s.All) }},
	{"decoding calls, × encoding/json into any", speed(func(s *Speed) string { return known(s.Decode, "%.2f×") })},
	{"encoding calls", speed(func(s *Speed) string { return known(s.Encode, "%.2f×") })},
	{"round trip of calls", speed(func(s *Speed) string { return known(s.RoundTrip, "%.2f×") })},
	{"calls that come out whole", speed(func(s *Speed) string { return fmt.Sprint(s.Kept) })},
	{"`go test` of an importer, warm, s", func(s Subject) string { return known(s.Test, "%.2f") }},
}

func usage(of func(Subject) *scratch.Usage, show func(*scratch.Usage) string) func(Subject) string {
	return func(s Subject) string {
		if u := of(s); u != nil {
			return show(u)
		}
		return "–"
	}
}

func speed(show func(*Speed) string) func(Subject) string {
	return func(s Subject) string {
		if s.Speed == nil {
			return "–"
		}
		return show(s.Speed)
	}
}

func cpu(u *scratch.Usage) string  { return known(u.CPU, "%.1f") }
func wall(u *scratch.Usage) string { return known(u.Wall, "%.1f") }

func peak(u *scratch.Usage) string {
	if u.PeakMB == 0 {
		return "–"
	}
	return thousands(int(u.PeakMB + 0.5))
}

func megabytes(n int64) string { return known(float64(n)/1e6, "%.2f") }

// known formats a figure, or a dash for a missing one.
func known(f float64, format string) string {
	if f == 0 {
		return "–"
	}
	return fmt.Sprintf(format, f)
}
