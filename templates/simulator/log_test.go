package simulator

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestBoundedMemory: however large what a bot sends is, the log and the requests stay small.
func TestBoundedMemory(t *testing.T) {
	body := make([]byte, 4<<20)
	l := logbook{most: 100}
	s := &Simulator{remember: 100}
	for range 1000 {
		l.add(Entry{Body: json.RawMessage(body)})
		s.keep(Request{Body: body})
		assert.LessOrEqual(t, l.bytes, 2*mostBodies)
		assert.LessOrEqual(t, s.bodies, 2*mostBodies)
	}
	assert.Equal(t, len(body)*len(l.entries), l.bytes)
	assert.Equal(t, len(body)*len(s.requests), s.bodies)
	for range 1000 {
		l.add(Entry{})
		s.keep(Request{})
	}
	assert.Len(t, l.latest(), 100)
	assert.Zero(t, l.bytes)
	assert.Zero(t, s.bodies)
}
