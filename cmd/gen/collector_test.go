package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPercentFor(t *testing.T) {
	const mb = 1 << 20
	for live, want := range map[uint64]int{
		0: 300, 10 * mb: 300, 90 * mb: 300, // the heap grows to 360 MB
		144 * mb: 150, 180 * mb: 100, // which is what is left of it
		900 * mb: 100, // a large description takes what it takes
	} {
		assert.Equal(t, want, percentFor(live), "%d bytes", live)
	}
}
