package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// tally counts what the instances of a bot ask the service to do.
type tally struct {
	mu   sync.Mutex
	sent map[string]int // by call and action
}

func newTally(service *communicationstest.Service) *tally {
	t := &tally{sent: make(map[string]int)}
	service.Watch(t.saw)
	return t
}

func (t *tally) saw(e communicationstest.Entry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.Kind == communicationstest.KindRequest {
		t.sent[e.CallID+"/"+actionOf(e)]++
	}
}

// actionOf returns the name of the action that a request is for.
func actionOf(e communicationstest.Entry) string {
	switch e.Method {
	case "DELETE":
		return "hangUp"
	case "POST":
		return path.Base(e.URL)
	}
	return ""
}

func (t *tally) count(call, action string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sent[call+"/"+action]
}

// caller is somebody who calls the bot.
type caller struct {
	service *communicationstest.Service
	tally   *tally
	pause   time.Duration // up to this long between two things
	again   time.Duration // after which people ask again
	asked   func(call, action string)
	random  *rand.Rand
}

// call calls the bot, asks for the time a few times, and ends the call, or lets the bot do it. The
// error says what did not happen before ctx ended.
func (c *caller) call(ctx context.Context, times int, hangUp bool) (id string, err error) {
	id, err = c.service.Incoming(callback, &communications.IdentitySet{User: &communications.Identity{DisplayName: new("John")}})
	if err != nil {
		return id, err
	}
	for n := range times {
		c.rest(ctx)
		err := c.insist(ctx, id, communications.ToneTone1, "playPrompt", func() bool { return c.tally.count(id, "playPrompt") > n })
		if err != nil {
			return id, err
		}
	}
	c.rest(ctx)
	over := func() bool { _, there := c.service.Call(id); return !there }
	if hangUp {
		return id, c.service.HangUp(id)
	}
	return id, c.insist(ctx, id, communications.TonePound, "hangUp", over)
}

// rest waits for a while.
func (c *caller) rest(ctx context.Context) {
	if c.pause > 0 {
		sleep(ctx, time.Duration(c.random.Int64N(int64(c.pause))))
	}
}

// insist presses a key until something has happened.
func (c *caller) insist(ctx context.Context, id string, tone communications.Tone, action string, happened func() bool) error {
	var pressed time.Time
	for {
		if happened() {
			return nil
		}
		if time.Since(pressed) >= c.again && c.service.Press(id, 0, tone) == nil { // or the bot does not listen yet
			pressed = time.Now()
			c.asked(id, action)
		}
		if !sleep(ctx, 50*time.Millisecond) {
			return fmt.Errorf("call %s: no %s: %w", id, action, context.Cause(ctx))
		}
	}
}

// sleep waits, and reports false if ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// keyOf returns the id of a call as sessions are stored under it.
func keyOf(id string) string { return strings.ToLower(strings.ReplaceAll(id, "-", "")) }

// contextOf returns the clientContext of a request, "" if it has none.
func contextOf(e communicationstest.Entry) string {
	var body struct{ ClientContext string }
	_ = json.Unmarshal(e.Body, &body) // it conforms to the description
	return body.ClientContext
}
