package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/callgen/callgen/bench/rivals"
)

// Ratios says how fast rivals decode and encode sets of documents.
type Ratios struct {
	Run    Run
	Rounds int
	Slot   string
	Note   string `json:",omitempty"` // what else the machine did
	Sets   []Set
}

// Set is a set of documents. The first row is the reference for the others.
type Set struct {
	Name      string
	About     string // what the documents are, after their number
	Documents int
	Bytes     int
	Rows      []Row
}

// Row is a rival, with times of a pass over all documents.
type Row struct {
	Rival                     string
	Kept                      int // documents that come out whole
	Decode, Encode, RoundTrip time.Duration
	DecodeAllocs, DecodeBytes float64
	// The quartiles of the times, low and high.
	DecodeRange, EncodeRange [2]time.Duration
}

// NewRatios converts the results of the rivals. about describes the sets by name.
func NewRatios(rounds int, slot time.Duration, about map[string]string, standings []rivals.Standing, results []rivals.Result) Ratios {
	r := Ratios{Run: ThisRun(), Rounds: rounds, Slot: slot.String()}
	for _, s := range standings {
		set := r.set(s.Set)
		if set == nil {
			r.Sets = append(r.Sets, Set{Name: s.Set, About: about[s.Set], Documents: s.Documents, Bytes: s.Bytes})
			set = &r.Sets[len(r.Sets)-1]
		}
		row := Row{Rival: s.Rival, Kept: s.Kept}
		for _, result := range results {
			if result.Set != s.Set || result.Rival != s.Rival {
				continue
			}
			switch result.Name {
			case "decode":
				row.Decode, row.DecodeAllocs, row.DecodeBytes = result.Pass, result.Allocs, result.Bytes
				row.DecodeRange = [2]time.Duration{result.Low, result.High}
			case "encode":
				row.Encode = result.Pass
				row.EncodeRange = [2]time.Duration{result.Low, result.High}
			case "round trip":
				row.RoundTrip = result.Pass
			}
		}
		set.Rows = append(set.Rows, row)
	}
	return r
}

func (r *Ratios) set(name string) *Set {
	for i := range r.Sets {
		if r.Sets[i].Name == name {
			return &r.Sets[i]
		}
	}
	return nil
}

// Markdown draws a table for each set.
func (r Ratios) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Run)
	if r.Note != "" {
		fmt.Fprintf(&b, "\n%s\n", r.Note)
	}
	for _, s := range r.Sets {
		fmt.Fprintf(&b, "\n%s %s, %s bytes. Times faster than %s, by the medians of %d rounds in one run%s:\n\n",
			thousands(s.Documents), s.About, thousands(s.Bytes), s.Rows[0].Rival, r.Rounds, withQuartiles(s.Rows[0]))
		b.WriteString("| | decode | encode | round trip | decode, µs a pass | encode, µs a pass | allocations of a decode pass | kept whole |\n")
		b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|\n")
		for _, row := range s.Rows {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", row.Rival,
				times(s.Rows[0].Decode, row.Decode), times(s.Rows[0].Encode, row.Encode), times(s.Rows[0].RoundTrip, row.RoundTrip),
				ranged(row.Decode, row.DecodeRange), ranged(row.Encode, row.EncodeRange), thousands(int(row.DecodeAllocs+0.5)), thousands(row.Kept))
		}
	}
	return b.String()
}

func times(base, t time.Duration) string {
	if t == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f×", float64(base)/float64(t))
}

func micros(t time.Duration) string { return thousands(int(t.Round(time.Microsecond).Microseconds())) }

func withQuartiles(row Row) string {
	if row.DecodeRange[1] == 0 {
		return ""
	}
	return ", with the quartiles of the times"
}

// ranged writes a time with its quartiles, if they are known.
func ranged(t time.Duration, quartiles [2]time.Duration) string {
	if quartiles[1] == 0 {
		return micros(t)
	}
	return fmt.Sprintf("%s (%s–%s)", micros(t), micros(quartiles[0]), micros(quartiles[1]))
}

// thousands writes a number with commas.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
