package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// CheckCallLog tests an implementation of [CallLog], which must be empty; what it stores is left
// there. Read returns what the log holds of a call, in order. It returns an error that says what
// the log does wrong. Call it from a test:
//
//	if err := CheckCallLog(t.Context(), log, read); err != nil {
//		t.Error(err)
//	}
//
// A log must also keep what it has confirmed when its machine fails, and return an error when it
// cannot, which only a test of the engine itself can show.
func CheckCallLog(ctx context.Context, log CallLog, read func(ctx context.Context, callID string) ([][]byte, error)) error {
	c := &logCheck{ctx: ctx, log: log, read: read}
	for _, id := range []string{"6b7db8b1894c409ab240bd8beae78896", "with.dots and * > / blanks", "Größe"} {
		c.order(id)
	}
	c.sameMessage()
	c.large()
	c.race()
	c.cancelled()
	return errors.Join(c.failed...)
}

// logCheck collects what a log does wrong.
type logCheck struct {
	ctx    context.Context
	log    CallLog
	read   func(ctx context.Context, callID string) ([][]byte, error)
	failed []error
}

func (c *logCheck) wrong(format string, args ...any) {
	c.failed = append(c.failed, fmt.Errorf(format, args...))
}

func (c *logCheck) append(id, message, data string) {
	buffer := []byte(data)
	if err := c.log.Append(c.ctx, id, message, false, buffer); err != nil {
		c.wrong("Append to call %q: %w", id, err)
	}
	clear(buffer) // it is the caller's again
}

// holds compares what the log holds of a call with what it should.
func (c *logCheck) holds(id, what string, want ...string) {
	list, err := c.read(c.ctx, id)
	if err != nil {
		c.wrong("call %q cannot be read: %w", id, err)
		return
	}
	var got []string
	for _, data := range list {
		got = append(got, string(data))
	}
	if !slices.Equal(got, want) {
		c.wrong("%s: call %q has %q, not %q", what, id, got, want)
	}
}

// order stores what differs, what comes again, and what may be news.
func (c *logCheck) order(id string) {
	c.holds(id, "a call that is new")
	c.append(id, "1/a", "first")
	c.append(id, "", "second")
	c.append(id, "1/a", "first")
	c.append(id, "", "second")
	c.append(id, "2/a", "third")
	c.append(id, "1/b", "fourth")
	c.holds(id, "one message comes again, and an equal notification without one is news", "first", "second", "second", "third", "fourth")
}

// sameMessage stores the same message in two calls.
func (c *logCheck) sameMessage() {
	c.append("one", "m", "of one")
	c.append("two", "m", "of two")
	c.holds("one", "another call has the same message", "of one")
	c.holds("two", "another call has the same message", "of two")
}

// large stores what a meeting of many people can need.
func (c *logCheck) large() {
	data := bytes.Repeat([]byte{0, 0xff, '"', '\n'}, 64<<10)
	c.append("large", "m", string(data))
	list, err := c.read(c.ctx, "large")
	if err != nil || len(list) != 1 || !bytes.Equal(list[0], data) {
		c.wrong("256 KiB are not returned as they were stored: %d notifications, %v", len(list), err)
	}
}

// race stores at once what several machines may get at once. One that is told that another is
// storing the same message tries again, as the service does.
func (c *logCheck) race() {
	const machines, messages = 4, 20
	var all sync.WaitGroup
	var mu sync.Mutex
	failures := 0
	for range machines {
		all.Go(func() {
			for i := range messages {
				err := errors.New("not tried")
				for tries := 0; err != nil && tries < 5; tries++ {
					err = c.log.Append(c.ctx, "race", fmt.Sprint(i), false, fmt.Append(nil, i))
				}
				if err != nil {
					mu.Lock()
					failures++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	if failures > 0 {
		c.wrong("%d of %d Appends at once fail, each five times", failures, machines*messages)
	}
	list, err := c.read(c.ctx, "race")
	different := make(map[string]bool)
	for _, data := range list {
		different[string(data)] = true
	}
	if err != nil || len(list) != messages || len(different) != messages {
		c.wrong("%d machines store %d messages at once: %d are there, of which %d differ, %v", machines, messages, len(list), len(different), err)
	}
}

// cancelled stores with a context that has ended: it may be stored, but what is confirmed must be.
func (c *logCheck) cancelled() {
	ctx, cancel := context.WithCancel(c.ctx)
	cancel()
	confirmed := c.log.Append(ctx, "cancelled", "m", false, []byte("x")) == nil
	list, err := c.read(c.ctx, "cancelled")
	if err != nil || confirmed && len(list) != 1 {
		c.wrong("Append with a context that has ended returned without an error, and %d notifications are there, %v", len(list), err)
	}
}
