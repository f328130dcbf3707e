package callback

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSequenceLog(t *testing.T) {
	s := newSequenceLog(1)
	assert.True(t, s.add(1))
	assert.False(t, s.add(1))
	assert.True(t, s.add(4))
	assert.True(t, s.add(8))
	assert.Equal(t, []SequenceGap{{2, 3}, {5, 7}}, s.missing())
	assert.True(t, s.add(3))
	assert.Equal(t, []SequenceGap{{2, 2}, {5, 7}}, s.missing())
	assert.False(t, s.add(3))
	s.raise(2)
	assert.Equal(t, []SequenceGap{{5, 7}}, s.missing())
	s.raise(100)
	assert.Empty(t, s.missing())
	assert.False(t, s.add(50))
	assert.False(t, s.came(50))
	assert.False(t, s.came(4), "that is forgotten")
	s.raise(7)
	assert.EqualValues(t, 100, s.upTo, "never back")
}

func TestSequenceLogInAnyOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		s := newSequenceLog(1)
		seen := map[int64]bool{}
		for _, i := range random.Perm(60) {
			n := int64(i + 1)
			if random.IntN(5) == 0 {
				continue
			}
			require.Equal(t, seen[n], s.came(n))
			require.Equal(t, !seen[n], s.add(n))
			seen[n] = true
			require.True(t, s.came(n))
			require.False(t, s.add(n))
		}
		highest := int64(0)
		for n := range seen {
			highest = max(highest, n)
		}
		missing := map[int64]bool{}
		for _, gap := range s.missing() {
			require.LessOrEqual(t, gap.First, gap.Last)
			for n := gap.First; n <= gap.Last; n++ {
				missing[n] = true
			}
		}
		for n := int64(1); n < highest; n++ {
			require.Equal(t, !seen[n], missing[n], n)
		}
	}
}

func TestSequenceLogIsBounded(t *testing.T) {
	s := newSequenceLog(1)
	for n := int64(2); n < 10*maxSequenceRuns; n += 2 {
		s.add(n)
		require.LessOrEqual(t, len(s.runs), maxSequenceRuns)
	}
	assert.Positive(t, s.given, "that numbers were given up is not forgotten")
}
