package report_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/callgen/callgen/bench/report"
	"github.com/callgen/callgen/bench/scratch"
)

func TestBuildsTable(t *testing.T) {
	table := report.Builds{Rounds: 3, Note: "A note.", Rows: []report.Build{
		{Name: "before", Lines: 2000, Generate: []scratch.Usage{{CPU: 4, PeakMB: 300}, {CPU: 5, PeakMB: 310}, {CPU: 3, PeakMB: 305}}, Compile: []scratch.Usage{{CPU: 40, PeakMB: 1800}}},
		{Name: "now", Lines: 1000, Generate: []scratch.Usage{{CPU: 3, PeakMB: 400}}, Compile: []scratch.Usage{{CPU: 20}}},
	}}.Markdown()
	assert.Contains(t, table, "A note.\n\nAll of Graph v1.0, medians of 3 rounds")
	assert.Contains(t, table, "| before | 2,000 | 4.0 (3.0–5.0) [1.00] | 305 (300–310) [1.00] | 40.0 (40.0–40.0) [1.00] | 1800 (1800–1800) [1.00] |\n")
	assert.Contains(t, table, "| now | 1,000 | 3.0 (3.0–3.0) [0.75] | 400 (400–400) [1.31] | 20.0 (20.0–20.0) [0.50] | – |\n")
}

func TestEditorTable(t *testing.T) {
	table := report.Editor{Gopls: "v1", Rounds: 3, Rows: []report.Completion{{Name: "now", Items: 12345, Bytes: 3_600_000, CPU: 1.5, MB: 900.4}}}.Markdown()
	assert.Contains(t, table, "gopls v1\n")
	assert.Contains(t, table, "| now | 12,345 | 3.6 | 1.50 | – | 900 |\n")
}
