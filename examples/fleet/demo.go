package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/callgen/callgen/fleet"
	"github.com/callgen/callgen/generated/communicationstest"
)

// demo shows a fleet at work.
type demo struct {
	setting setting
	calls   int           // at a time
	lasts   time.Duration // 0 = until it is interrupted

	stage   *stage
	address string // at which it takes orders
	begun   time.Time
	out     io.Writer

	mu      sync.Mutex
	moves   map[string]int // of calls, by what is said of them, since the last line
	ended   int            // calls that have ended as they should
	failed  int
	running sync.WaitGroup
	ctx     context.Context
}

// run shows a fleet until ctx ends.
func (d *demo) run(ctx context.Context, control string, out io.Writer) error {
	if d.lasts > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d.lasts)
		defer cancel()
	}
	listener, err := listenFor(control)
	if err != nil {
		return err
	}
	defer listener.Close()
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	d.ctx, d.out, d.begun, d.moves = ctx, out, time.Now(), make(map[string]int)
	timing := communicationstest.Lifelike()
	timing.Unanswered = 5 * time.Minute // longer than any takeover
	d.setting.dir, d.setting.timing, d.setting.saw, d.setting.keepAlive = dir, timing, d.saw, 10*time.Second
	fmt.Fprintf(out, "starting %d servers and %d instances\n", d.setting.servers, d.setting.bots)
	if d.stage, err = newStage(d.setting, communicationstest.Disordered(1), communicationstest.Remember(10000)); err != nil {
		return err
	}
	defer d.stage.close()
	d.takeOrders(ctx, listener)
	fmt.Fprintf(out, "in another terminal: go run . kill bot 2 (or stop, drain, start; or kill server 1); Ctrl-C ends it\n")
	for i := range d.calls {
		d.running.Go(func() { d.person(i) })
	}
	for sleep(ctx, time.Second) {
		d.timeline()
	}
	d.running.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	fmt.Fprintf(out, "%d calls have ended as they should, %d did not, %d were open at the end\n", d.ended, d.failed, len(d.stage.service.Calls()))
	return nil
}

// person calls the bot again and again.
func (d *demo) person(i int) {
	c := &caller{
		service: d.stage.service, tally: d.stage.tally, pause: 20 * time.Second, again: 10 * time.Second, asked: func(string, string) {},
		random: rand.New(rand.NewPCG(uint64(i), 1)),
	}
	sleep(d.ctx, time.Duration(c.random.Int64N(int64(5*time.Second))))
	for d.ctx.Err() == nil {
		id, err := c.call(d.ctx, 1+c.random.IntN(3), c.random.IntN(3) == 0)
		d.mu.Lock()
		switch {
		case err == nil:
			d.ended++
		case d.ctx.Err() == nil:
			d.failed++
			fmt.Fprintln(d.out, "call", id, err)
		}
		d.mu.Unlock()
	}
}

// saw is told what the instances log.
func (d *demo) saw(l line) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch l.Text {
	case "call taken over":
		d.moves[fmt.Sprintf("%s takes over %%d calls of %s", l.Instance, l.From)]++
	case "call handed over":
		d.moves[fmt.Sprintf("%s hands %%d calls over to %s", l.Instance, l.To)]++
	case "call lost to another instance":
		d.moves[fmt.Sprintf("%s leaves %%d calls that others have taken over", l.Instance)]++
	}
}

// say adds a line to the timeline.
func (d *demo) say(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fmt.Fprintf(d.out, "%6.1fs  %s\n", time.Since(d.begun).Seconds(), fmt.Sprintf(format, args...))
}

// later does something after a while, unless the demonstration ends before.
func (d *demo) later(wait time.Duration, do func()) {
	d.running.Go(func() {
		if sleep(d.ctx, wait) {
			do()
		}
	})
}

// timeline says what has moved, and who has how many calls.
func (d *demo) timeline() {
	d.mu.Lock()
	moves := d.moves
	d.moves = make(map[string]int)
	d.mu.Unlock()
	for _, text := range slices.Sorted(maps.Keys(moves)) {
		d.say(text, moves[text])
	}
	parts := []string{fmt.Sprintf("%d calls", len(d.stage.service.Calls()))}
	if status, ok := d.status(); ok {
		for _, i := range status.Instances {
			parts = append(parts, fmt.Sprintf("%s has %d", i.Instance, i.Calls))
		}
	}
	d.say("%s; servers %v", strings.Join(parts, ", "), d.stage.servers.running())
}

// status asks the instances for that of the fleet until one answers.
func (d *demo) status() (s fleet.Status, ok bool) {
	client := http.Client{Timeout: time.Second}
	for _, b := range d.stage.proxy.all() {
		response, err := client.Get(b.address + "/status")
		if err != nil {
			continue // it may be stopped
		}
		err = json.NewDecoder(response.Body).Decode(&s)
		response.Body.Close()
		if err == nil {
			return s, true
		}
	}
	return s, false
}
