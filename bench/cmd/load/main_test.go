package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	graph "github.com/callgen/callgen/generated/communications"
)

// TestSmallMeeting runs what the command does, with less of it, and sees that it finds
// what is wrong.
func TestSmallMeeting(t *testing.T) {
	for _, m := range []meeting{{about: "few", notifications: 500, rounds: 1}, {about: "all", whole: true, notifications: 200, rounds: 2}} {
		row, err := m.run()
		require.NoError(t, err)
		assert.Equal(t, m.rounds*m.notifications, row.Unique)
		assert.Greater(t, row.Notifications, row.Unique)
		assert.Positive(t, row.Took)
	}
	m := meeting{notifications: 300, rounds: 1}
	bodies, end, err := m.bodies()
	require.NoError(t, err)
	r := newReceiver()
	defer r.Close()
	r.roster.Store(graph.NewRoster())
	_, err = r.post(bodies, disorder(len(bodies)-1)) // the last one is lost
	require.NoError(t, err)
	assert.Error(t, r.check(end))
}
