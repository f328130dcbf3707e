package callback

// Which sequence numbers are believed. One that is wrong must not make everything later
// look old for ever.
const (
	sequenceWindow  = 1 << 12 // how far a number can be from the highest one
	maxSequence     = 1 << 53 // no service counts so far
	sequenceRestart = 3       // so many numbers in a row, far off but near each other, are a new numbering
)

// numberWindow knows the highest number that came, and believes those near it.
type numberWindow struct {
	top   int64
	based bool    // some number came
	away  []int64 // those that came since the last one that was believed
}

// see notes a number that is believed.
func (w *numberWindow) see(n int64) {
	if !w.based || n > w.top {
		w.top, w.based = n, true
	}
}

// limit returns the highest number that is believed.
func (w *numberWindow) limit() int64 {
	if !w.based {
		return maxSequence
	}
	return min(w.top+sequenceWindow, maxSequence)
}

// take says whether the number of a delta is believed, and whether it is only because a
// new numbering has begun; first is then the lowest number that is known of that.
func (w *numberWindow) take(n int64) (believed, restarted bool, first int64) {
	if n < 0 || n > maxSequence {
		return false, false, 0
	}
	if !w.based || near(n, w.top) {
		w.away = nil
		return true, false, 0
	}
	first = n
	for _, a := range w.away {
		if n == a {
			return false, false, 0
		}
		if !near(n, a) {
			w.away = nil
			break
		}
		first = min(first, a)
	}
	if w.away = append(w.away, n); len(w.away) < sequenceRestart {
		return false, false, 0
	}
	*w = numberWindow{}
	return true, true, first
}

// near reports whether two numbers, neither of them negative, are of one window.
func near(a, b int64) bool { return max(a, b)-min(a, b) <= sequenceWindow }

// So much news at numbers that a list has overtaken is not what was late: the list was not
// as new as was believed, or a new numbering has begun.
const (
	maxLateNews      = 64
	maxLateNewsInRow = 8 // one number after the other
)

// lateNews counts the deltas that say something new at numbers that a list has overtaken, as
// late ones do of those who have left since.
type lateNews struct {
	all, row int
	last     int64
}

// add counts a delta. It reports whether that is too many.
func (l *lateNews) add(n int64, news bool) bool {
	if n != l.last+1 {
		l.row = 0
	}
	l.last = n
	if news {
		l.all++
		l.row++
	}
	return l.all > maxLateNews || l.row > maxLateNewsInRow
}
