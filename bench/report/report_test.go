package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/bench/report"
	"github.com/callgen/callgen/bench/rivals"
	"github.com/callgen/callgen/bench/scratch"
)

func ratios() report.Ratios {
	task := func(rival, name string, pass time.Duration) rivals.Result {
		return rivals.Result{Task: rivals.Task{Set: "s", Rival: rival, Name: name, Allocs: 1234.4}, Pass: pass, Low: pass - time.Microsecond, High: 2 * pass}
	}
	r := report.NewRatios(9, time.Millisecond, map[string]string{"s": "documents"},
		[]rivals.Standing{{Set: "s", Rival: "base", Documents: 1200, Bytes: 34567, Kept: 3}, {Set: "s", Rival: "callgen & co", Documents: 1200, Bytes: 34567, Kept: 1200}},
		[]rivals.Result{
			task("base", "decode", 9*time.Microsecond), task("base", "encode", 8*time.Microsecond), task("base", "round trip", 20*time.Microsecond),
			task("callgen & co", "decode", 3*time.Microsecond), task("callgen & co", "encode", time.Microsecond), task("callgen & co", "round trip", 5*time.Microsecond),
		})
	r.Run = report.Run{Date: "2026-01-02", Go: "go1.26", System: "linux/amd64", Processor: "a processor", MaxProcs: 2, Commit: "abc"}
	return r
}

func cost() report.Cost {
	return report.Cost{NetHTTPTest: 0.5, Calls: 24, Subjects: []report.Subject{
		{Name: "callgen: calls", Short: "callgen", Ours: true, Structs: 122, Enums: 29, Lines: 8603, Files: 34, Longest: 2494,
			Generate: &scratch.Usage{CPU: 0.31, Wall: 0.2, PeakMB: 27.4}, Compile: &scratch.Usage{CPU: 2.57, Wall: 1.8, PeakMB: 1610.6},
			Call: 2_210_000, All: 2_400_000, Test: 0.42, Speed: &report.Speed{Decode: 4, Encode: 8, RoundTrip: 5, Kept: 24}},
		{Name: "another: models", Short: "another", Compile: &scratch.Usage{CPU: 104.5, Wall: 65.9}, All: 30_790_000},
		{Name: "one more", Missing: "no such\nmodule"},
	}}
}

func TestRatiosTable(t *testing.T) {
	assert.Equal(t, `2026-01-02, go1.26, linux/amd64, GOMAXPROCS 2, a processor; commit abc

1,200 documents, 34,567 bytes. Times faster than base, by the medians of 9 rounds in one run, with the quartiles of the times:

| | decode | encode | round trip | decode, µs a pass | encode, µs a pass | allocations of a decode pass | kept whole |
|---|--:|--:|--:|--:|--:|--:|--:|
| base | 1.00× | 1.00× | 1.00× | 9 (8–18) | 8 (7–16) | 1,234 | 3 |
| callgen & co | 3.00× | 8.00× | 4.00× | 3 (2–6) | 1 (0–2) | 1,234 | 1,200 |
`, ratios().Markdown())
}

func TestCostTable(t *testing.T) {
	table := cost().Markdown()
	for _, line := range []string{
		"Not measured: one more: no such module",
		"| | callgen: calls | another: models |",
		"| exported structs and enums | 122 + 29 | 0 + 0 |",
		"| generating, peak memory, MB | 27 | – |",
		"| compiling, CPU s | 2.6 | 104.5 |",
		"| compiling, peak memory, MB | 1,611 | – |",
		"| program that decodes a call, MB | 2.21 | – |",
		"| program that links every type, MB | 2.40 | 30.79 |",
		"| decoding calls, × encoding/json into any | 4.00× | – |",
		"| calls that come out whole | 24 | – |",
		"`go test` of a package that imports net/http instead: 0.50 s.",
	} {
		assert.Contains(t, table, line)
	}
	columns := 0
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "|") {
			assert.Equal(t, 4, strings.Count(line, "|"), line)
			columns++
		}
	}
	assert.Greater(t, columns, 10)
}

func TestInsert(t *testing.T) {
	document := "# A\n<!-- x -->\nold\n<!-- /x -->\nrest\n"
	once, err := report.Insert(document, "x", "new\n")
	require.NoError(t, err)
	assert.Equal(t, "# A\n<!-- x -->\n\nnew\n\n<!-- /x -->\nrest\n", once)
	twice, err := report.Insert(once, "x", "new\n")
	require.NoError(t, err)
	assert.Equal(t, once, twice)

	_, err = report.Insert(document, "y", "new")
	assert.ErrorContains(t, err, "<!-- y -->")
	_, err = report.Insert("<!-- x -->\n", "x", "new")
	assert.ErrorContains(t, err, "<!-- /x -->")
}

func TestSaveAndLoad(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, report.Save(dir, "r.json", ratios()))
	loaded, err := report.Load[report.Ratios](dir, "r.json")
	require.NoError(t, err)
	assert.Equal(t, ratios(), loaded)
	require.NoError(t, report.Save(dir, "c.json", cost()))
	again, err := report.Load[report.Cost](dir, "c.json")
	require.NoError(t, err)
	assert.Equal(t, cost(), again)
}

// TestPlot reads the plot as XML: it has a bar for each figure, as long as it is large,
// and all of it inside.
func TestPlot(t *testing.T) {
	panels := report.Panels(cost(), ratios())
	var bars []report.Bar
	for _, p := range panels {
		assert.NotEmpty(t, p.Title)
		bars = append(bars, p.Bars...)
	}
	require.Len(t, bars, 2+1+1+1+2+2) // compiling, its memory, programs, calls, decoding, encoding
	type rect struct {
		Class  string  `xml:"class,attr"`
		X      float64 `xml:"x,attr"`
		Y      float64 `xml:"y,attr"`
		Width  float64 `xml:"width,attr"`
		Height float64 `xml:"height,attr"`
	}
	var drawing struct {
		Width  float64  `xml:"width,attr"`
		Height float64  `xml:"height,attr"`
		Rects  []rect   `xml:"rect"`
		Texts  []string `xml:"text"`
	}
	svg := report.SVG(panels)
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
	}
	require.NoError(t, xml.Unmarshal(svg, &drawing))
	require.Len(t, drawing.Rects, len(bars))
	for i, r := range drawing.Rects {
		assert.Positive(t, r.Width)
		assert.LessOrEqual(t, r.X+r.Width, drawing.Width)
		assert.LessOrEqual(t, r.Y+r.Height, drawing.Height)
		assert.Equal(t, bars[i].Ours, r.Class == "ours")
		assert.Contains(t, drawing.Texts, bars[i].Name)
	}
	// 2.57 s of 104.5 s.
	assert.InDelta(t, 2.57/104.5, drawing.Rects[0].Width/drawing.Rects[1].Width, 0.001)
	assert.Contains(t, drawing.Texts, "104.5 s")
	assert.NotContains(t, string(svg), "one more")
	assert.Contains(t, string(svg), "prefers-color-scheme: dark")
}
