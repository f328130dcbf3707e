// Package report saves the figures of the bench to files, and draws tables and a plot from
// them.
package report

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Run says when and where figures were measured.
type Run struct {
	Date      string
	Go        string
	System    string
	Processor string
	MaxProcs  int
	Commit    string // of callgen, with "and changes" if there are any outside the bench
}

// ThisRun describes the run of this process.
func ThisRun() Run {
	return Run{
		Date:      time.Now().UTC().Format(time.DateOnly),
		Go:        runtime.Version(),
		System:    runtime.GOOS + "/" + runtime.GOARCH,
		Processor: processor(),
		MaxProcs:  runtime.GOMAXPROCS(0),
		Commit:    commit(),
	}
}

// String returns the line above a table.
func (r Run) String() string {
	return fmt.Sprintf("%s, %s, %s, GOMAXPROCS %d, %s; commit %s", r.Date, r.Go, r.System, r.MaxProcs, r.Processor, r.Commit)
}

func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	changes, err := exec.Command("git", "status", "--porcelain", "--", ":/", ":(top,exclude)bench").Output()
	if err != nil || len(changes) > 0 {
		return strings.TrimSpace(string(out)) + " and changes"
	}
	return strings.TrimSpace(string(out))
}

// processor returns the name of the processor, if the system tells it.
func processor() string {
	data, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(data)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(name), ":"))
		}
	}
	return "unknown processor"
}

// Save writes figures into a file of the folder.
func Save(dir, name string, figures any) error {
	text, err := json.MarshalIndent(figures, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), append(text, '\n'), 0o666)
}

// Load reads figures from a file of the folder.
func Load[T any](dir, name string) (T, error) {
	var figures T
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return figures, err
	}
	if err := json.Unmarshal(text, &figures); err != nil {
		return figures, fmt.Errorf("%s: %w", name, err)
	}
	return figures, nil
}
