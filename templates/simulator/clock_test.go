package simulator

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestVirtualClock runs timers in order, those that they set too, and waits for what they set
// off.
func TestVirtualClock(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c := NewVirtualClock(start)
	var mu sync.Mutex
	var ran []string
	note := func(name string) {
		mu.Lock()
		defer mu.Unlock()
		ran = append(ran, name+" "+c.Now().Sub(start).String())
	}
	c.AfterFunc(3*time.Second, func() { note("c") })
	c.AfterFunc(time.Second, func() {
		note("a")
		c.AfterFunc(time.Second, func() { note("b") })
		end := c.Begin()
		go func() {
			defer end()
			note("worker")
		}()
	})
	stopped := c.AfterFunc(time.Second, func() { note("stopped") })
	assert.True(t, stopped.Stop())
	assert.False(t, stopped.Stop())
	c.Advance(10 * time.Second)
	assert.Equal(t, []string{"a 1s", "worker 1s", "b 2s", "c 3s"}, ran)
	assert.Equal(t, 10*time.Second, c.Now().Sub(start))
}

// TestSleepersDoNotHoldTheClock: what waits for the clock is not at work.
func TestSleepersDoNotHoldTheClock(t *testing.T) {
	c := NewVirtualClock(time.Time{})
	end := c.Begin()
	slept := make(chan bool, 2)
	go func() {
		defer end()
		slept <- sleep(context.Background(), c, time.Hour)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		slept <- sleep(ctx, c, time.Hour)
	}()
	c.Advance(2 * time.Hour)
	assert.True(t, <-slept)
	assert.False(t, <-slept)
}

func TestStoreForgetsWhatIsBelow(t *testing.T) {
	var s store
	s.put("/a/1", object{"id": "1"})
	s.put("/a/1/b/2", object{"id": "2"})
	s.put("/a/1/b/2/c/3", object{"id": "3"})
	s.put("/a/10", object{"id": "10"})
	assert.Len(t, s.list("/a"), 2)
	assert.True(t, s.remove("/a/1"))
	assert.False(t, s.remove("/a/1"))
	assert.Empty(t, s.list("/a/1/b"))
	assert.Len(t, s.byPath, 1)
	assert.True(t, s.remove("/a/10"))
	assert.Empty(t, s.byPath)
	assert.Empty(t, s.below)
	assert.Empty(t, s.collections)
}

func TestPathsOfFaults(t *testing.T) {
	for form, fit := range map[string]bool{"/a/{id}/b": true, "/a/1/b": true, "/a": false, "/a/{id}": false, "/a/{id}/c": false, "/{id}/1/{id}": true} {
		assert.Equal(t, fit, fits(form, "/a/1/b"), form)
	}
	assert.False(t, fits("/a/{id}", "/a/"))
}
