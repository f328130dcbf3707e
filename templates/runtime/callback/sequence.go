package callback

import "slices"

// SequenceGap is a run of sequence numbers that did not come, both ends included.
type SequenceGap struct{ First, Last int64 }

// maxSequenceRuns bounds what is remembered of numbers that came out of order.
const maxSequenceRuns = 1000

// sequenceRun is a run of sequence numbers that came, both ends included.
type sequenceRun struct{ first, last int64 }

// sequenceLog remembers which sequence numbers came. Numbers begin at 1.
type sequenceLog struct {
	upTo  int64         // all numbers up to here came, or are given up
	from  int64         // all numbers from here to upTo came
	runs  []sequenceRun // of those that came above upTo, sorted, with gaps between them
	given int64         // the highest number that may have been given up without having come
}

// add notes that a number came. It reports false if it came before.
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

// newSequenceLog returns a log of numbers that begin with first.
func newSequenceLog(first int64) sequenceLog { return sequenceLog{upTo: first - 1, from: first} }

// came reports whether a number came, as far as that is still known.
func (s *sequenceLog) came(n int64) bool {
	if n <= s.upTo {
		return n >= s.from
	}
	return slices.ContainsFunc(s.runs, func(r sequenceRun) bool { return r.first <= n && n <= r.last })
}

// raise takes all numbers up to n as having come.
func (s *sequenceLog) raise(n int64) {
	if n > s.upTo {
		s.upTo, s.from = n, n+1
		s.settle()
	}
}

// settle lets upTo take in the runs that it has reached.
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

// missing returns the numbers that did not come while higher ones did.
func (s *sequenceLog) missing() []SequenceGap {
	var gaps []SequenceGap
	last := s.upTo
	for _, r := range s.runs {
		gaps = append(gaps, SequenceGap{last + 1, r.first - 1})
		last = r.last
	}
	return gaps
}
