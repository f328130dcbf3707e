package randcsdl

import (
	"math/rand/v2"
	"slices"
)

// Unrelated returns the same description with one more element, unrelated to the others in
// content and name.
func (d *Description) Unrelated(seed uint64) *Description {
	r := rand.New(rand.NewPCG(seed, 0xadd))
	added := &Description{Root: d.Root.clone()}
	s := &site{Rand: r, d: added}
	s.schema = pick(r, added.Root.Children[0].Children)
	const name = "unrelatedQuokka"
	switch r.IntN(4) {
	case 0:
		s.complex(name).child("Property", "Name", name+"Fur", "Type", "Edm.String")
	case 1:
		s.insert(elem("EnumType", "Name", name)).child("Member", "Name", name+"Fur")
	case 2:
		s.entity(name)
	default:
		s.insert(elem("Action", "Name", name)).child("Parameter", "Name", name+"Fur", "Type", "Edm.String")
	}
	return added
}

// Shrunk returns a smaller description for which fails is still true, if possible: it
// leaves out one element after the other.
func (d *Description) Shrunk(fails func(*Description) bool) *Description {
	best := &Description{Root: d.Root.clone(), Broken: d.Broken}
	for smaller := true; smaller; {
		smaller = leaveOut(best, best.Root, fails)
	}
	return best
}

// leaveOut leaves out as much as possible below an element, and reports whether it left out
// anything.
func leaveOut(d *Description, e *Element, fails func(*Description) bool) bool {
	done := false
	for i := 0; i < len(e.Children); {
		all := e.Children
		e.Children = slices.Delete(slices.Clone(all), i, i+1)
		if fails(d) {
			done = true
			continue
		}
		e.Children = all
		if leaveOut(d, all[i], fails) {
			done = true
		}
		i++
	}
	return done
}
