package callback

// Sequence numbers are believed only within a window: a single wrong number must not make all
// later ones look old.
const (
	sequenceWindow  = 1 << 12 // maximum distance from the highest number
	maxSequence     = 1 << 53 // beyond any real numbering
	sequenceRestart = 3       // this many distant numbers in a row, close to each other, start a new numbering
)

// numberWindow knows the highest sequence number and believes numbers close to it.
type numberWindow struct {
	top   int64
	based bool    // a number has arrived
	away  []int64 // numbers since the last one that was believed
}

// see records a number that is believed.
func (w *numberWindow) see(n int64) {
	if !w.based || n > w.top {
		w.top, w.based = n, true
	}
}

// limit returns the highest number that would be believed.
func (w *numberWindow) limit() int64 {
	if !w.based {
		return maxSequence
	}
	return min(w.top+sequenceWindow, maxSequence)
}

// take records the number of a delta and reports whether it is believed, and whether that
// starts a new numbering; first is then the lowest known number of the new numbering.
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

// near reports whether two numbers, neither negative, fit in one window.
func near(a, b int64) bool { return max(a, b)-min(a, b) <= sequenceWindow }

// More news than this at numbers that a list has overtaken cannot be late deltas: the list was
// older than believed, or a new numbering has begun.
const (
	maxLateNews      = 64
	maxLateNewsInRow = 8 // with consecutive numbers
)

// lateNews counts deltas with news at numbers that a list has overtaken, as late deltas have
// about participants who left since.
type lateNews struct {
	all, row int
	last     int64
}

// add counts a delta and reports whether there are too many.
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
