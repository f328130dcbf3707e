package callback

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLateNews(t *testing.T) {
	var l lateNews
	n := int64(0)
	add := func(news bool) bool {
		n++
		return l.add(n, news)
	}
	for range maxLateNewsInRow {
		assert.False(t, add(true))
		assert.False(t, add(false), "what is no news does not count")
	}
	assert.True(t, add(true), "so much in a row")

	l = lateNews{}
	for range maxLateNews {
		n++
		assert.False(t, add(true), "late ones come in any order")
	}
	n++
	assert.True(t, add(true), "but not so many")
}

func TestNumberWindow(t *testing.T) {
	var w numberWindow
	take := func(n int64) string {
		believed, restarted, first := w.take(n)
		if believed {
			w.see(n)
		}
		return fmt.Sprint(believed, restarted, first)
	}
	const no, yes = "false false 0", "true false 0"
	assert.Equal(t, no, take(-1))
	assert.Equal(t, no, take(math.MinInt64))
	assert.Equal(t, no, take(math.MaxInt64))
	assert.Equal(t, no, take(maxSequence+1))
	assert.Equal(t, yes, take(100_000), "a bot can join late")
	assert.Equal(t, yes, take(100_000+sequenceWindow))
	assert.Equal(t, yes, take(100_000))
	assert.Equal(t, no, take(200_000))
	assert.Equal(t, no, take(200_000), "a repetition proves nothing")
	assert.Equal(t, no, take(200_001))
	assert.Equal(t, yes, take(100_001))
	assert.Equal(t, no, take(200_002), "what was before does not count any more")
	assert.Equal(t, no, take(200_001))
	assert.Equal(t, no, take(5), "nor with something else in between")
	assert.Equal(t, no, take(7))
	assert.Equal(t, "true true 5", take(6))
	assert.Equal(t, yes, take(8))
	assert.EqualValues(t, 8, w.top)

	w = numberWindow{}
	assert.EqualValues(t, maxSequence, w.limit())
	assert.Equal(t, yes, take(maxSequence))
	assert.EqualValues(t, maxSequence, w.limit())
}

// TestNumbersThatMakeNoSense: a single one, wherever it stands, costs nothing but a fetch.
func TestNumbersThatMakeNoSense(t *testing.T) {
	for _, wrong := range []int64{
		math.MaxInt64, math.MaxInt64 - 1, math.MinInt64, -1, maxSequence, maxSequence + 1, 1 << 40, sequenceWindow + 100,
	} {
		for name, poison := range map[string]func(r *Roster){
			"delta":              func(r *Roster) { r.ApplyDelta(&wrong, []*Attendee{attendee("x", wrong)}) },
			"delta without data": func(r *Roster) { r.ApplyDelta(&wrong, nil) },
			"participant": func(r *Roster) {
				r.ApplyDelta(new(int64(11)), []*Attendee{attendee("x", wrong)})
			},
			"list": func(r *Roster) {
				r.ApplyList([]*Attendee{attendee("a", 1), attendee("b", 2), attendee("x", wrong)})
			},
			"leaving": func(r *Roster) { r.ApplyLeft([]*Attendee{attendee("x", wrong)}) },
			"fetched": func(r *Roster) { r.ApplyFetched([]*Attendee{attendee("a", 1), attendee("b", 2)}, wrong) },
		} {
			r := NewRoster()
			for n := range int64(10) {
				r.ApplyDelta(new(n+1), []*Attendee{attendee(string(rune('a'+n%2)), n+1)})
			}
			poison(r)
			assert.LessOrEqual(t, r.Sequence(), int64(11), "%s %d", name, wrong)
			// The documented cure.
			r.ApplyFetched([]*Attendee{attendee("a", 9), attendee("b", 10)}, r.Sequence())
			assert.Equal(t, "a b", strings.ReplaceAll(ids(r.Participants()), " x", ""), "%s %d", name, wrong)
			assert.False(t, r.NeedsList(), "%s %d", name, wrong)
			// What comes next is heard.
			for n := int64(12); n < 15; n++ {
				c := r.ApplyDelta(new(n), []*Attendee{attendee(fmt.Sprint(n), n)})
				assert.Equal(t, fmt.Sprint(n), ids(c.Joined), "%s %d", name, wrong)
			}
			c := r.ApplyDelta(new(int64(15)), []*Attendee{removed(attendee("a", 15))})
			assert.Equal(t, "a", ids(c.Left), "%s %d", name, wrong)
		}
	}
}

// TestNumbersBeginWhereverTheyLike: the first one is believed, and is not if it was wrong.
func TestNumbersBeginWhereverTheyLike(t *testing.T) {
	r := NewRoster()
	assert.Equal(t, "a", ids(r.ApplyDelta(new(int64(70_000)), []*Attendee{attendee("a", 70_000)}).Joined))
	assert.Equal(t, "b", ids(r.ApplyDelta(new(int64(70_001)), []*Attendee{attendee("b", 70_001)}).Joined))

	r = NewRoster()
	r.ApplyDelta(new(int64(maxSequence)), []*Attendee{attendee("x", maxSequence)})
	for n := range int64(5) {
		r.ApplyDelta(new(n+1), []*Attendee{attendee(fmt.Sprint(n+1), n+1)})
	}
	assert.Equal(t, "3 4 5 x", ids(r.Participants()), "three make a numbering")
	assert.True(t, r.NeedsList())
	var list []*Attendee
	for n := range int64(5) {
		list = append(list, attendee(fmt.Sprint(n+1), n+1))
	}
	c := r.ApplyFetched(list, r.Sequence())
	assert.Equal(t, "x", ids(c.Left))
	assert.Equal(t, "1 2 3 4 5", ids(r.Participants()))
	assert.False(t, r.NeedsList())
}

// TestNumberingBeginsAnew: the service counts from 1 again, from a little below or from
// far. The roster notices, and after the fetch that it asks for it is right.
func TestNumberingBeginsAnew(t *testing.T) {
	for _, before := range []int64{20, 30, 4000, 5000, 1_000_000} {
		for seed := range uint64(10) {
			random := rand.New(rand.NewPCG(seed, 14))
			r := NewRoster()
			old := simulate(random, 12, 20)
			for i, delta := range old.deltas {
				n := before - 20 + int64(i) + 1
				for _, p := range delta {
					p.RosterNo = &n
				}
				r.ApplyDelta(&n, delta)
			}
			if r.NeedsList() || seed%2 == 0 {
				r.ApplyFetched(old.end(), r.Sequence())
			}
			m := simulate(random, 30, 60)
			noticed := 0
			for i, delta := range m.deltas {
				r.ApplyDelta(new(int64(i+1)), delta)
				if r.suspect || r.strange {
					noticed = i + 1
					break
				}
			}
			require.NotZero(t, noticed, before)
			c := r.ApplyFetched(m.list(noticed), r.Sequence())
			require.False(t, c.Gap, before)
			sameRoster(t, m.list(noticed), r.Participants(), false)
			for i := noticed; i < len(m.deltas); i++ {
				r.ApplyDelta(new(int64(i+1)), m.deltas[i])
				sameRoster(t, m.list(i+1), r.Participants(), false)
			}
			// The last change before the list may have been that somebody left, whose number
			// nothing in it has.
			r.ApplyFetched(m.end(), r.Sequence())
			sameRoster(t, m.end(), r.Participants(), false)
			require.False(t, r.NeedsList(), before)
		}
	}
}

// TestFetchedListsThatContradict: a number within the window that was wrong, and a list
// that was taken to be as new as that, are found out by the next list.
func TestFetchedListsThatContradict(t *testing.T) {
	r := NewRoster()
	r.ApplyDelta(new(int64(1)), []*Attendee{attendee("a", 1)})
	r.ApplyDelta(new(int64(4000)), nil)
	assert.True(t, r.NeedsList())
	r.ApplyFetched([]*Attendee{attendee("a", 1)}, r.Sequence())
	assert.False(t, r.NeedsList())
	n := int64(2)
	var list []*Attendee
	for ; !r.NeedsList(); n++ {
		require.Less(t, n, int64(2+2*maxLateNewsInRow))
		p := attendee(fmt.Sprintf("p%03d", n), n)
		list = append(list, p)
		r.ApplyDelta(new(n), []*Attendee{p})
	}
	r.ApplyFetched(list, r.Sequence())
	assert.Equal(t, ids(list), ids(r.Participants()))
	assert.EqualValues(t, n-1, r.Sequence())
	assert.Equal(t, "z", ids(r.ApplyDelta(new(n), []*Attendee{attendee("z", n)}).Joined))
}

// TestRosterIsBoundedInBytes: the roster keeps neither long ids nor participants of
// megabytes, nor records of those who left.
func TestRosterIsBoundedInBytes(t *testing.T) {
	r := NewRoster()
	long := strings.Repeat("x", 3<<20)
	c := r.ApplyDelta(new(int64(1)), []*Attendee{attendee(long, 1), removed(attendee(long+"y", 1))})
	assert.Equal(t, RosterChange[*Attendee]{Dropped: 2}, c)
	assert.Equal(t, 1, r.ApplyLeft([]*Attendee{attendee(long, 1)}).Dropped)
	assert.Empty(t, r.left)

	big := attendee("a", 2)
	big.Name = new(strings.Repeat("x", maxParticipantBytes))
	assert.Equal(t, 1, r.ApplyDelta(new(int64(2)), []*Attendee{big}).Dropped)
	assert.Zero(t, r.Len())
	assert.Zero(t, r.bytes)

	// Many that are large enough.
	name := new(strings.Repeat("x", maxParticipantBytes-200))
	var crowd []*Attendee
	for i := range maxRosterBytes/maxParticipantBytes + 10 {
		p := attendee(fmt.Sprint(i), 3)
		p.Name = name
		crowd = append(crowd, p)
	}
	c = r.ApplyList(crowd)
	assert.LessOrEqual(t, r.bytes, maxRosterBytes)
	assert.Equal(t, len(crowd), len(c.Joined)+c.Dropped)
	assert.GreaterOrEqual(t, c.Dropped, 9)
	r.ApplyList(nil)
	assert.Zero(t, r.bytes)
	assert.Zero(t, r.Len())

	small := attendee("s", 5)
	r.ApplyDelta(new(int64(5)), []*Attendee{small})
	size := r.bytes
	assert.NotZero(t, size)
	small = attendee("s", 6)
	small.Name = new("0123456789")
	r.ApplyDelta(new(int64(6)), []*Attendee{small})
	assert.Greater(t, r.bytes, size)
	r.ApplyDelta(new(int64(7)), []*Attendee{removed(attendee("s", 7))})
	assert.Zero(t, r.bytes)
}
