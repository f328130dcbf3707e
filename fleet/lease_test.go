package fleet

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestLeaseEndsByEitherClock: the clock that Go measures with may stand still while a machine
// sleeps, and that of the wall may be set back.
func TestLeaseEndsByEitherClock(t *testing.T) {
	t.Parallel()
	begin := func() *lease {
		var l lease
		assert.False(t, l.valid())
		assert.False(t, l.renewed(time.Now(), time.Hour, 1), "it is the first")
		assert.True(t, l.valid())
		return &l
	}
	slept := begin()
	slept.wall = time.Now().Round(0).Add(-time.Second)
	assert.False(t, slept.valid())
	assert.True(t, slept.renewed(time.Now(), time.Hour, 2), "it had ended")
	assert.Equal(t, 1, slept.lost)
	setBack := begin()
	setBack.until = time.Now().Add(-time.Second)
	assert.False(t, setBack.valid())
	given := begin()
	given.giveUp()
	assert.False(t, given.valid())
}

// TestLeaseOfPartsOfSeconds: servers count whole seconds, and must not end a lease before its
// holder.
func TestLeaseOfPartsOfSeconds(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 3*time.Second, wholeSeconds(2500*time.Millisecond))
	assert.Equal(t, 2*time.Second, wholeSeconds(2*time.Second))
}
