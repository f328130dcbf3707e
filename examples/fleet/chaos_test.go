//go:build unix

package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

var (
	soak    = flag.Int("soak", 1, "how many seeds TestChaos tries")
	seed    = flag.Uint64("seed", 1, "the first of them")
	calls   = flag.Int("calls", 30, "how many calls there are for each")
	servers = flag.Int("servers", 3, "how many servers there are, 1 or 3")
	faults  = flag.Int("faults", 4, "how many faults there are for each")
	kind    = flag.String("kind", "", "the kind of all faults: kill, pause, drain, server, or both (a server and an instance at once); by default the first four")
	gap     = flag.Duration("gap", time.Second, "the least time between two faults")
	gone    = flag.Duration("gone", 3*time.Second, "how long the servers of TestServersGone are away")
)

// TestMain runs the tests, or an instance that they have started as a process of its own.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 || os.Args[1] != "bot" {
		os.Exit(m.Run())
	}
	if err := runBot(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// TestChaos: instances are processes that are killed, stopped for longer than a lease and
// continued, or told to end, one server at a time goes and comes, and notifications are refused,
// repeated and reordered. See [evidence] for what it must come to.
func TestChaos(t *testing.T) {
	t.Parallel()
	for s := *seed; s < *seed+uint64(*soak); s++ {
		t.Run(fmt.Sprint(s), func(t *testing.T) {
			c := newChaos(t, s, time.Second)
			c.run(*calls, time.Duration(*faults)*3*time.Second, c.faults)
		})
	}
}

// TestServersGone: while all servers are away the instances refuse notifications with 503, and
// when they are back everything goes on.
func TestServersGone(t *testing.T) {
	t.Parallel()
	c := newChaos(t, *seed, max(time.Second, *gone/4))
	c.run(max(*calls/3, 5), 2*time.Second, func() {
		time.Sleep(time.Second)
		c.stage.servers.close()
		time.Sleep(*gone)
		var all sync.WaitGroup
		for i := range *servers {
			all.Go(func() { assert.NoError(t, c.stage.servers.start(i)) })
		}
		all.Wait()
	})
	assert.Positive(t, c.evidence.refusals(), "notifications that instances refused with 503")
}

// TestStopped: a process that is stopped for longer than its lease and goes on knows that the lease
// has ended, and leaves the calls that another has taken over.
func TestStopped(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	moved := make(map[string]int) // by what an instance says
	timing := communicationstest.Quick()
	timing.Unanswered = 10 * time.Minute
	s, err := newStage(setting{
		dir: t.TempDir(), servers: 1, bots: 2, lease: lease, keepAlive: 5 * time.Second, timing: timing,
		saw: func(l line) {
			mu.Lock()
			defer mu.Unlock()
			moved[l.Instance+": "+l.Text]++
		},
	})
	require.NoError(t, err)
	defer s.close()
	said := func(what string) int {
		mu.Lock()
		defer mu.Unlock()
		return moved[what]
	}
	first, second := s.proxy.get(0).instance, s.proxy.get(1).instance
	for range 12 {
		id, err := s.service.Incoming(callback, &communications.IdentitySet{})
		require.NoError(t, err)
		require.Eventually(t, func() bool { return s.tally.count(id, "subscribeToTone") == 1 }, long, 10*time.Millisecond)
	}
	_, err = s.pauseBot(0, lease+2*time.Second)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return said(second+": call taken over") > 0 }, long, 10*time.Millisecond)
	require.Eventually(t, func() bool { return said(first+": the lease had ended and is renewed") == 1 }, long, 10*time.Millisecond)
	require.Eventually(t, func() bool { return said(first+": call lost to another instance") == said(second+": call taken over") }, long, 10*time.Millisecond)
}

// chaos is a stage on which things go wrong.
type chaos struct {
	t        *testing.T
	random   *rand.Rand
	stage    *stage
	evidence *evidence
}

// lease is that of the instances: the shortest that there is.
const lease = 2 * time.Second

func newChaos(t *testing.T, seed uint64, retry time.Duration) *chaos {
	c := &chaos{t: t, random: rand.New(rand.NewPCG(seed, seed)), evidence: newEvidence(seed)}
	timing := communicationstest.Quick()
	timing.Prompt, timing.Retry, timing.Unanswered = 300*time.Millisecond, retry, 10*time.Minute
	var err error
	c.stage, err = newStage(setting{
		dir: t.TempDir(), servers: *servers, bots: 3, lease: lease, keepAlive: 5 * time.Second, timing: timing,
		front: c.evidence.front, saw: c.evidence.saw,
	}, communicationstest.Disordered(seed))
	require.NoError(t, err)
	t.Cleanup(c.stage.close)
	c.stage.service.Watch(c.evidence.watch)
	keepHistory(t, c.stage.servers.URL())
	return c
}

// run lets a number of people call within a while, of whom some hang up themselves, and checks
// that each call ends as it should and what the evidence says.
func (c *chaos) run(n int, within time.Duration, meanwhile func()) {
	t := c.t
	begun := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), within+*gone+2*time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for i := range n {
		one := &caller{
			service: c.stage.service, tally: c.stage.tally, pause: 2 * time.Second, again: 6 * time.Second, asked: c.evidence.allow,
			random: rand.New(rand.NewPCG(c.random.Uint64(), 0)),
		}
		wait := time.Duration(c.random.Int64N(int64(within)))
		all.Go(func() {
			sleep(ctx, wait)
			_, err := one.call(ctx, 1+i%2, i%3 == 0)
			assert.NoError(t, err)
		})
	}
	meanwhile()
	all.Wait()
	stories := time.Since(begun)
	history := c.evidence.collect(ctx, t, c.stage.servers.URL())
	assert.Empty(t, c.stage.service.Problems())
	c.evidence.check(t, history)
	t.Logf("%d calls in %v; quiet after %v; %s", n, stories.Round(time.Millisecond), time.Since(begun).Round(time.Millisecond), c.evidence)
}

// faults lets things go wrong, one after the other, each kind at least once if there are enough.
func (c *chaos) faults() {
	kinds := []string{"kill", "pause", "server", "drain"}
	order := c.random.Perm(len(kinds))
	for n := range *faults {
		what := kinds[c.random.IntN(len(kinds))]
		if n < len(order) {
			what = kinds[order[n]]
		}
		if *kind != "" {
			what = *kind
		}
		c.fault(what)
		time.Sleep(*gap + time.Duration(c.random.IntN(1000))*time.Millisecond)
	}
}

func (c *chaos) fault(what string) {
	s := c.stage
	i := c.random.IntN(len(s.proxy.bots))
	c.t.Log(time.Now().Format("15:04:05.000"), what, i)
	switch what {
	case "kill":
		c.evidence.killed(s.killBot(i))
		assert.NoError(c.t, s.startBot(i))
	case "both":
		server := c.random.IntN(*servers)
		var all sync.WaitGroup
		all.Go(func() { s.servers.stop(server) })
		all.Go(func() { c.evidence.killed(s.killBot(i)) })
		all.Wait()
		time.Sleep(time.Second)
		all.Go(func() { assert.NoError(c.t, s.servers.start(server)) })
		all.Go(func() { assert.NoError(c.t, s.startBot(i)) })
		all.Wait()
	case "pause":
		_, err := s.pauseBot(i, lease+time.Second)
		assert.NoError(c.t, err)
	case "drain":
		s.drainBot(i)
		assert.NoError(c.t, s.startBot(i))
	case "server":
		i := c.random.IntN(*servers)
		s.servers.stop(i)
		time.Sleep(time.Second)
		assert.NoError(c.t, s.servers.start(i))
	}
}
