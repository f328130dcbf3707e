package callback

import "slices"

// SequenceGap is a range of sequence numbers that did not arrive, including First and Last.
type SequenceGap struct{ First, Last int64 }

// maxSequenceRuns limits how many ranges of numbers out of order are remembered.
const maxSequenceRuns = 1000

// sequenceRun is a range of sequence numbers that arrived, including both ends.
type sequenceRun struct{ first, last int64 }

// sequenceLog records which sequence numbers have arrived. Numbers start at 1.
type sequenceLog struct {
	upTo  int64         // all numbers up to this one arrived or were given up
	from  int64         // all numbers from this one to upTo arrived
	runs  []sequenceRun // ranges that arrived above upTo, sorted, with gaps between them
	given int64         // highest number that may have been given up without arriving
}

// add records that a number arrived. It reports false if the number had arrived before.
func (s *sequenceLog) add(n int64) bool {
	if n <= s.upTo {
		return false
	}
	i, found := slices.BinarySearchFunc(s.runs, n, func(r sequenceRun, n int64) int {
		switch {
		case r.last < n:
			return -1
		case r.first > n:
			return 1
		}
		return 0
	})
	if found {
		return false
	}
	before := i > 0 && s.runs[i-1].last == n-1
	after := i < len(s.runs) && s.runs[i].first == n+1
	switch {
	case before && after:
		s.runs[i-1].last = s.runs[i].last
		s.runs = slices.Delete(s.runs, i, i+1)
	case before:
		s.runs[i-1].last = n
	case after:
		s.runs[i].first = n
	default:
		s.runs = slices.Insert(s.runs, i, sequenceRun{n, n})
	}
	s.settle()
	if len(s.runs) > maxSequenceRuns {
		s.given = s.runs[0].first - 1
		s.raise(s.given)
	}
	return true
}

// newSequenceLog returns a log of numbers that start with first.
func newSequenceLog(first int64) sequenceLog { return sequenceLog{upTo: first - 1, from: first} }

// came reports whether a number arrived, as far as that is remembered.
func (s *sequenceLog) came(n int64) bool {
	if n <= s.upTo {
		return n >= s.from
	}
	return slices.ContainsFunc(s.runs, func(r sequenceRun) bool { return r.first <= n && n <= r.last })
}

// raise records all numbers up to n as arrived.
func (s *sequenceLog) raise(n int64) {
	if n > s.upTo {
		s.upTo, s.from = n, n+1
		s.settle()
	}
}

// settle merges the ranges that upTo has reached.
func (s *sequenceLog) settle() {
	done := 0
	for _, r := range s.runs {
		if r.first > s.upTo+1 {
			break
		}
		s.upTo = max(s.upTo, r.last)
		done++
	}
	s.runs = slices.Delete(s.runs, 0, done)
}

// missing returns the numbers that did not arrive although higher ones did.
func (s *sequenceLog) missing() []SequenceGap {
	var gaps []SequenceGap
	last := s.upTo
	for _, r := range s.runs {
		gaps = append(gaps, SequenceGap{last + 1, r.first - 1})
		last = r.last
	}
	return gaps
}
