package callback

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func attendee(id string, n int64) *Attendee {
	return &Attendee{Entity: models.Entity{ID: id}, RosterNo: &n}
}

func removed(p *Attendee) *Attendee {
	p.Removed = &Removed{Reason: new("Removed from roster")}
	return p
}

func lobby(p *Attendee, in bool) *Attendee {
	p.InLobby = &in
	return p
}

func unnumbered(p *Attendee) *Attendee {
	c := *p
	c.RosterNo = nil
	return &c
}

// rosterDelta returns the request body of a delta.
func rosterDelta(sequence int64, changed ...*Attendee) string {
	return notice(&AttendeeChanges{Sequence: &sequence, Attendees: changed})
}

func notice(values ...models.AnyEntity) string {
	body, err := codec.Marshal(&Notices{Value: []*Notice{{
		ChangeType: "updated", ResourceURL: new("/communications/calls/c1/participants"), ResourceData: codec.Many(values...),
	}}})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// ids returns the ids of participants, with those in the lobby in brackets.
func ids(list []*Attendee) string {
	var b []string
	for _, p := range list {
		if p.InLobby != nil && *p.InLobby {
			b = append(b, "("+p.ID+")")
			continue
		}
		b = append(b, p.ID)
	}
	return strings.Join(b, " ")
}

func TestRosterDeltas(t *testing.T) {
	r := NewRoster()
	c := r.ApplyDelta(new(int64(1)), []*Attendee{attendee("a", 1), lobby(attendee("b", 1), true)})
	assert.Equal(t, "a (b)", ids(c.Joined))
	assert.Equal(t, "a (b)", ids(r.Participants()))
	assert.Equal(t, "(b)", ids(r.Lobby()))

	c = r.ApplyDelta(new(int64(2)), []*Attendee{lobby(attendee("b", 2), false)})
	assert.Equal(t, "b", ids(c.Updated))
	assert.Equal(t, "b", ids(c.Admitted))
	assert.Empty(t, r.Lobby())

	c = r.ApplyDelta(new(int64(2)), []*Attendee{lobby(attendee("b", 2), false)})
	assert.Equal(t, RosterChange[*Attendee]{Late: 1}, c, "a repetition changes nothing")

	c = r.ApplyDelta(new(int64(5)), []*Attendee{removed(attendee("a", 5)), nil, {}})
	assert.Equal(t, "a", ids(c.Left))
	assert.Equal(t, "Removed from roster", *c.Left[0].Removed.Reason)
	assert.True(t, c.Gap)
	assert.True(t, r.NeedsList())
	assert.Equal(t, []SequenceGap{{3, 4}}, r.Missing())

	c = r.ApplyDelta(new(int64(4)), []*Attendee{attendee("a", 4), attendee("c", 4)})
	assert.Equal(t, "c", ids(c.Joined), "who has left does not come back")
	assert.Equal(t, 1, c.Late)
	c = r.ApplyDelta(new(int64(3)), nil)
	assert.False(t, c.Gap)
	assert.Empty(t, r.Missing())

	c = r.ApplyDelta(new(int64(6)), []*Attendee{attendee("a", 6)})
	assert.Equal(t, "a", ids(c.Joined), "but can join again")
	assert.Empty(t, r.left)
	p, ok := r.Get("a")
	assert.True(t, ok)
	assert.EqualValues(t, 6, *p.RosterNo)
	_, ok = r.Get("z")
	assert.False(t, ok)
	assert.Equal(t, 3, r.Len())
	assert.EqualValues(t, 6, r.Sequence())

	// A participant without a number has the number of the delta.
	c = r.ApplyDelta(new(int64(7)), []*Attendee{removed(unnumbered(attendee("a", 0)))})
	assert.Equal(t, "a", ids(c.Left))
	assert.Equal(t, "b c", ids(r.Participants()))
}

func TestRosterLists(t *testing.T) {
	r := NewRoster()
	plain := func(ids ...string) []*Attendee {
		var list []*Attendee
		for _, id := range ids {
			list = append(list, unnumbered(attendee(id, 0)))
		}
		return list
	}
	assert.Equal(t, "a b", ids(r.ApplyList(plain("a", "b")).Joined))
	c := r.ApplyList(append(plain("b", "c"), lobby(plain("d")[0], true)))
	assert.Equal(t, "c (d)", ids(c.Joined))
	assert.Equal(t, "a", ids(c.Left))
	assert.Equal(t, "b c (d)", ids(r.Participants()))
	c = r.ApplyList(plain("a", "d"))
	assert.Equal(t, "a", ids(c.Joined), "who left can come back")
	assert.Equal(t, "d", ids(c.Admitted))
	assert.Equal(t, "a d", ids(r.Participants()))
	r.ApplyList(nil)
	assert.Empty(t, r.Participants(), "everybody left")
	assert.False(t, r.NeedsList())

	// Lists whose participants have numbers: who joined last can leave first.
	r = NewRoster()
	r.ApplyList([]*Attendee{attendee("a", 1), attendee("b", 2)})
	c = r.ApplyList([]*Attendee{attendee("a", 1)})
	assert.Equal(t, "b", ids(c.Left))
	r.ApplyList([]*Attendee{attendee("a", 1), attendee("c", 4)})
	c = r.ApplyList([]*Attendee{attendee("a", 1), attendee("b", 2)})
	assert.Equal(t, "a c", ids(r.Participants()), "a list that shows somebody as they were is an old one")
	assert.Equal(t, 2, c.Late)
	r.ApplyList([]*Attendee{attendee("a", 5), attendee("c", 4)})
	r.ApplyList([]*Attendee{attendee("a", 1)})
	assert.Equal(t, "a c", ids(r.Participants()))

	// Single participants.
	c = r.ApplyLeft([]*Attendee{attendee("a", 5), attendee("z", 1)})
	assert.Equal(t, "a", ids(c.Left))
	assert.Equal(t, "c", ids(r.Participants()))
	c = r.ApplyDelta(nil, []*Attendee{unnumbered(attendee("x", 0))})
	assert.Equal(t, "x", ids(c.Joined))
}

func TestRosterTakesEvents(t *testing.T) {
	r := NewRoster()
	apply := func(body string) []RosterChange[*Attendee] {
		events, err := decodeNotices([]byte(body), nil)
		require.NoError(t, err)
		return r.Apply(events[0])
	}
	apply(rosterDelta(1, attendee("a", 1), attendee("b", 1)))
	assert.Equal(t, "a b", ids(r.Participants()))
	apply(notice(attendee("b", 1)))
	assert.Equal(t, "b", ids(r.Participants()))
	apply(strings.Replace(notice(attendee("b", 1)), "updated", "deleted", 1))
	assert.Empty(t, r.Participants())
	apply(strings.Replace(notice(attendee("b", 2)), "updated", "created", 1))
	apply(strings.Replace(notice(attendee("a", 3)), "updated", "created", 1))
	assert.Equal(t, "a b", ids(r.Participants()), "what is created is not all there is")
	apply(notice())
	assert.Empty(t, r.Participants())
	one := `{"value":[{"changeType":"updated","resourceUrl":"/app/calls/1/participants/c","resourceData":{"@odata.type":"#test.attendee","id":"c"}}]}`
	apply(one)
	assert.Equal(t, "c", ids(r.Participants()))
	assert.Empty(t, apply(established))
	assert.Empty(t, r.Apply(nil))
	apply(notice())
	assert.Empty(t, r.Participants())
}

// meeting is a call as the service knows it.
type meeting struct {
	deltas [][]*Attendee         // by sequence number less one
	states []map[string]Attendee // after each delta
}

// simulate lets participants come, change and leave.
func simulate(random *rand.Rand, people, steps int) meeting {
	var m meeting
	now := map[string]Attendee{}
	for n := int64(1); n <= int64(steps); n++ {
		var delta []*Attendee
		for _, i := range random.Perm(people)[:1+random.IntN(3)] {
			p := attendee(fmt.Sprintf("p%03d", i), n)
			_, here := now[p.ID]
			switch {
			case here && random.IntN(3) == 0:
				delete(now, p.ID)
				delta = append(delta, removed(p))
				continue
			case random.IntN(4) == 0:
				lobby(p, random.IntN(2) == 0)
			}
			p.Name = new(fmt.Sprint("version ", n))
			now[p.ID] = *p
			delta = append(delta, p)
		}
		m.deltas = append(m.deltas, delta)
		m.states = append(m.states, maps.Clone(now))
	}
	return m
}

func (m meeting) list(after int) []*Attendee {
	var list []*Attendee
	for _, id := range slices.Sorted(maps.Keys(m.states[after-1])) {
		p := m.states[after-1][id]
		list = append(list, &p)
	}
	return list
}

func (m meeting) end() []*Attendee { return m.list(len(m.states)) }

// TestRosterInAnyOrder applies the deltas of meetings in any order, many of them more than
// once, with lists that were fetched in between, and expects the meeting's end.
func TestRosterInAnyOrder(t *testing.T) {
	for seed := range uint64(150) {
		random := rand.New(rand.NewPCG(seed, 7))
		m := simulate(random, 3+random.IntN(20), 10+random.IntN(60))
		numbered, lists := seed%3 > 0, seed%2 == 0
		r := NewRoster()
		var steps []func()
		for i, delta := range m.deltas {
			if !numbered {
				delta = slices.Clone(delta)
				for j, p := range delta {
					delta[j] = unnumbered(p)
				}
			}
			for range 1 + random.IntN(3) {
				steps = append(steps, func() { r.ApplyDelta(new(int64(i+1)), delta) })
			}
			if lists && random.IntN(4) == 0 {
				asOf := int64(random.IntN(i + 2))
				steps = append(steps, func() { r.ApplyFetched(m.list(i+1), asOf) })
			}
		}
		random.Shuffle(len(steps), func(i, j int) { steps[i], steps[j] = steps[j], steps[i] })
		for _, step := range steps {
			step()
		}
		require.False(t, r.NeedsList())
		require.Empty(t, r.Missing())
		sameRoster(t, m.end(), r.Participants(), numbered || lists)
	}
}

func sameRoster(t *testing.T, want, got []*Attendee, numbers bool) {
	t.Helper()
	require.Equal(t, ids(want), ids(got))
	for i := range want {
		require.Equal(t, want[i].Name, got[i].Name)
		if numbers && got[i].RosterNo != nil {
			require.Equal(t, *want[i].RosterNo, *got[i].RosterNo)
		}
	}
}

// TestRosterRecovers loses deltas, which is reported, and asks for the list.
func TestRosterRecovers(t *testing.T) {
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 8))
		m := simulate(random, 3+random.IntN(20), 10+random.IntN(60))
		r := NewRoster()
		lost := map[int64]bool{}
		for _, i := range random.Perm(len(m.deltas)) {
			if i < len(m.deltas)-1 && random.IntN(3) == 0 {
				lost[int64(i+1)] = true
				continue
			}
			r.ApplyDelta(new(int64(i+1)), m.deltas[i])
		}
		missing := map[int64]bool{}
		for _, gap := range r.Missing() {
			for n := gap.First; n <= gap.Last; n++ {
				missing[n] = true
			}
		}
		require.Equal(t, lost, missing)
		require.Equal(t, len(lost) > 0, r.NeedsList())
		list := m.end()
		if seed%2 == 0 {
			for i, p := range list {
				list[i] = unnumbered(p)
			}
		}
		c := r.ApplyFetched(list, r.Sequence())
		require.False(t, c.Gap)
		sameRoster(t, list, r.Participants(), false)
	}
}

// TestRosterIsBounded lets many more participants come and go than are remembered.
func TestRosterIsBounded(t *testing.T) {
	r := NewRoster()
	n := int64(0)
	apply := func(p *Attendee) RosterChange[*Attendee] {
		n++
		p.RosterNo = new(n)
		return r.ApplyDelta(new(n), []*Attendee{p})
	}
	for i := range 3 * maxRosterLeft {
		apply(attendee(fmt.Sprint(i), 0))
		apply(removed(attendee(fmt.Sprint(i), 0)))
		require.LessOrEqual(t, len(r.left), maxRosterLeft)
	}
	assert.Zero(t, r.Len())
	assert.False(t, r.NeedsList())

	// A very late delta about somebody who is not remembered.
	c := r.ApplyDelta(new(int64(3)), []*Attendee{attendee("1", 3)})
	assert.Equal(t, 1, c.Late)
	assert.Zero(t, r.Len(), "the dead stay dead")
	assert.True(t, c.Gap, "but it may be somebody who was missed")
	list := []*Attendee{attendee("late", 2), attendee("x", n)}
	assert.Equal(t, "late x", ids(r.ApplyFetched(list, r.Sequence()).Joined))
	assert.False(t, r.NeedsList())

	// Numbers that never come are given up, which only a list makes good.
	for i := range 2 * int64(maxSequenceRuns) {
		r.ApplyDelta(new(n+2+2*i), nil)
	}
	assert.True(t, r.NeedsList())
	r.ApplyFetched(list, r.Sequence())
	assert.False(t, r.NeedsList())

	r = NewRoster()
	var crowd []*Attendee
	for i := range maxRosterParticipants + 3 {
		crowd = append(crowd, attendee(fmt.Sprint(i), 1))
	}
	assert.Equal(t, 3, r.ApplyList(crowd).Dropped)
	assert.Equal(t, maxRosterParticipants, r.Len())
}

func TestRosterConcurrently(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	m := simulate(random, 50, 2000)
	r := NewRoster()
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range m.deltas {
				j := (i + g*250) % len(m.deltas)
				r.ApplyDelta(new(int64(j+1)), m.deltas[j])
				if i%100 == 0 {
					r.Participants()
					r.Lobby()
					r.Missing()
				}
			}
		})
	}
	wg.Wait()
	assert.False(t, r.NeedsList())
	sameRoster(t, m.end(), r.Participants(), true)
}
