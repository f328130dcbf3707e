package output

import (
	"fmt"
	"slices"
	"strings"
)

// The diff is anchored on lines that occur exactly once in both texts, like patience diff.
// This reads better on code than a shortest edit, which often matches braces, and takes n
// log n steps: on a package of the size of Graph it is seconds faster than difflib and
// other quadratic implementations.

// around is the number of equal lines that a hunk shows around changes.
const around = 3

// run is a run of n equal lines, starting at line a of one text and line b of the other.
type run struct{ a, b, n int }

// unified returns the hunks of a unified diff.
func unified(a, b []string) string {
	runs := matching(a, b)
	var out strings.Builder
	for i := 0; i+1 < len(runs); {
		last := i + 1 // of the runs in this hunk
		for last+1 < len(runs) && runs[last].n <= 2*around {
			last++
		}
		hunk(&out, a, b, runs[i:last+1])
		i = last
	}
	return out.String()
}

// hunk prints the changes between runs, with some lines of the first and the last run.
func hunk(out *strings.Builder, a, b []string, runs []run) {
	first, last := runs[0], runs[len(runs)-1]
	skip := max(0, first.n-around)
	first.a, first.b, first.n = first.a+skip, first.b+skip, first.n-skip
	last.n = min(last.n, around)
	endA, endB := last.a+last.n, last.b+last.n
	if first.a+first.n == last.a && first.b+first.n == last.b {
		return // nothing differs
	}
	fmt.Fprintf(out, "@@ -%s +%s @@\n", extent(first.a, endA), extent(first.b, endB))
	show := func(mark string, lines []string) {
		for _, line := range lines {
			out.WriteString(mark + line)
		}
	}
	show(" ", a[first.a:first.a+first.n])
	at := first
	for i, r := range runs[1:] {
		if i == len(runs)-2 {
			r = last
		}
		show("-", a[at.a+at.n:r.a])
		show("+", b[at.b+at.n:r.b])
		show(" ", a[r.a:r.a+r.n])
		at = r
	}
}

// extent formats the lines from..to for a hunk header.
func extent(from, to int) string {
	if from == to {
		return fmt.Sprintf("%d,0", from)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

// matching returns the runs of equal lines around the anchors, in order. The first is at
// the start and the last at the end of the texts; both may be empty.
func matching(a, b []string) []run {
	var runs []run
	var doneA, doneB int
	for _, at := range append([]run{{}}, append(anchors(a, b), run{a: len(a), b: len(b)})...) {
		if at.a < doneA || at.b < doneB {
			continue // inside the last run
		}
		for at.a > doneA && at.b > doneB && a[at.a-1] == b[at.b-1] {
			at.a, at.b, at.n = at.a-1, at.b-1, at.n+1
		}
		for at.a+at.n < len(a) && at.b+at.n < len(b) && a[at.a+at.n] == b[at.b+at.n] {
			at.n++
		}
		doneA, doneB = at.a+at.n, at.b+at.n
		runs = append(runs, at)
		if doneA == len(a) && doneB == len(b) {
			break
		}
	}
	return runs
}

// anchors returns the longest sequence of lines that are unique in both texts and occur in
// the same order.
func anchors(a, b []string) []run {
	inB := places(b)
	unique := places(a)
	var pairs []run // in the order of a
	for i, line := range a {
		if j, ok := inB[line]; ok && j >= 0 && unique[line] >= 0 {
			pairs = append(pairs, run{a: i, b: j, n: 1})
		}
	}
	var ends []int                    // the last pair of the best sequence of each length
	before := make([]int, len(pairs)) // the predecessor of each pair in its best sequence
	for i, p := range pairs {
		n, _ := slices.BinarySearchFunc(ends, p.b, func(end, b int) int { return pairs[end].b - b })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		} else {
			ends[n] = i
		}
	}
	if len(ends) == 0 {
		return nil
	}
	var found []run
	for i := ends[len(ends)-1]; i >= 0; i = before[i] {
		found = append(found, pairs[i])
	}
	slices.Reverse(found)
	return found
}

// places maps lines to their positions, repeated lines to -1.
func places(lines []string) map[string]int {
	m := make(map[string]int, len(lines))
	for i, line := range lines {
		if _, again := m[line]; again {
			i = -1
		}
		m[line] = i
	}
	return m
}
