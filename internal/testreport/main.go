// Command testreport reads the output of one or more runs of "go test -json" and prints a
// summary: a line for each package, the output of failed tests, and at the end the number
// of skipped tests with the reasons.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/callgen/callgen/internal/shared"
)

func main() {
	if err := report(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
}

// event is a line of the output of go test -json.
type event struct{ Action, Package, Test, Output string }

// reporter collects the output of tests that have not ended.
type reporter struct {
	w       io.Writer
	output  map[string]map[string]string // by package and test; "" is the package itself
	skipped map[test]string              // the reason
	passed  map[test]bool
}

// test is a test of a package. It may run more than once: with the race detector, say.
type test struct{ pkg, name string }

func report(r io.Reader, w io.Writer) error {
	p := &reporter{w, make(map[string]map[string]string), make(map[test]string), make(map[test]bool)}
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			p.line(line)
		}
		if err == io.EOF {
			p.summary()
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (p *reporter) line(text string) {
	var e event
	if json.Unmarshal([]byte(text), &e) != nil {
		fmt.Fprint(p.w, text)
		return
	}
	tests := p.output[e.Package]
	if tests == nil {
		tests = make(map[string]string)
		p.output[e.Package] = tests
	}
	switch e.Action {
	case "build-output":
		fmt.Fprint(p.w, e.Output)
	case "output":
		tests[e.Test] += e.Output
	case "pass", "fail", "skip":
		p.ended(e, tests)
	}
}

// ended handles the end of a test or package.
func (p *reporter) ended(e event, tests map[string]string) {
	own := tests[e.Test]
	delete(tests, e.Test)
	switch {
	case e.Test != "" && e.Action == "skip":
		p.skipped[test{e.Package, e.Test}] = reason(own)
	case e.Test != "" && e.Action == "pass":
		p.passed[test{e.Package, e.Test}] = true
	case e.Test != "" && e.Action == "fail":
		fmt.Fprint(p.w, own)
	case e.Test == "":
		if e.Action == "fail" { // tests that were cut short
			for _, test := range slices.Sorted(maps.Keys(tests)) {
				fmt.Fprint(p.w, tests[test])
			}
		}
		fmt.Fprint(p.w, withoutPass(own))
		delete(p.output, e.Package)
	}
}

// withoutPass removes the line PASS, which the next line repeats.
func withoutPass(output string) string { return strings.TrimPrefix(output, "PASS\n") }

var place = regexp.MustCompile(`^\s+\S+\.go:\d+: (.*)`)

// reason returns why a test was skipped, from its output.
func reason(output string) string {
	last := "no reason"
	for line := range strings.Lines(output) {
		if m := place.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
			last = m[1]
		}
	}
	return last
}

// summary prints the skipped tests of all runs, starting with those that need the folder
// beside the project.
func (p *reporter) summary() {
	skipped := make(map[string]int)
	for t, why := range p.skipped {
		if !p.passed[t] {
			skipped[why]++
		}
	}
	var needs, others int
	var list []string
	for _, why := range slices.Sorted(maps.Keys(skipped)) {
		n := skipped[why]
		if strings.HasPrefix(why, shared.Reason) {
			needs += n
		} else {
			others += n
		}
		list = append(list, fmt.Sprintf("  %d: %s", n, why))
	}
	if needs+others == 0 {
		fmt.Fprintln(p.w, "\nno test was skipped")
		return
	}
	fmt.Fprintf(p.w, "\n%d tests were skipped because ../shared lacks what they need, %d for other reasons:\n%s\n", needs, others, strings.Join(list, "\n"))
}
