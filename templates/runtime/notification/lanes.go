package notification

import (
	"context"
	"sync"
)

// changeLanes are the queues of notifications that are not handled yet: one for each subscription,
// which is worked off in order, by a bounded number of goroutines together.
type changeLanes struct {
	workers   int
	most      int
	mostBytes int64
	stop      context.Context // of all work
	cancel    context.CancelCauseFunc

	mu      sync.Mutex
	closed  bool
	lanes   map[string]*changeLane
	ready   []*changeLane // that nobody works on
	queued  int
	bytes   int64
	working int
	running sync.WaitGroup
}

// changeLane is the queue of a subscription, never empty.
type changeLane struct {
	name string
	jobs []changeJob
}

// changeJob is the work on a notification.
type changeJob struct {
	lane string
	size int64
	do   func(context.Context)
}

func newChangeLanes(workers, most int, mostBytes int64) *changeLanes {
	l := &changeLanes{workers: workers, most: most, mostBytes: mostBytes, lanes: make(map[string]*changeLane)}
	l.stop, l.cancel = context.WithCancelCause(context.Background())
	return l
}

// add queues all of the jobs or none.
func (l *changeLanes) add(jobs []changeJob) error {
	var size int64
	for _, j := range jobs {
		size += j.size
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return ErrChangeShutdown
	case l.queued > 0 && (l.queued+len(jobs) > l.most || l.bytes+size > l.mostBytes):
		return ErrChangeBusy
	}
	l.queued, l.bytes = l.queued+len(jobs), l.bytes+size
	for _, j := range jobs {
		lane := l.lanes[j.lane]
		if lane == nil {
			lane = &changeLane{name: j.lane}
			l.lanes[j.lane] = lane
			l.ready = append(l.ready, lane)
		}
		lane.jobs = append(lane.jobs, j)
	}
	for l.working < min(l.workers, len(l.lanes)) {
		l.working++
		l.running.Add(1)
		go l.work()
	}
	return nil
}

// work does what is ready until nothing is.
func (l *changeLanes) work() {
	ended := false
	defer func() {
		if !ended { // a function called runtime.Goexit
			go l.work()
			return
		}
		l.running.Done()
	}()
	for l.step() {
	}
	ended = true
}

// step does one job; it reports false if none is ready.
func (l *changeLanes) step() bool {
	lane, do := l.take()
	if lane == nil {
		return false
	}
	defer l.done(lane)
	do(l.stop)
	return true
}

// take returns a lane that nobody works on with its first job, nil if all are taken and the worker
// has to end.
func (l *changeLanes) take() (*changeLane, func(context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ready) == 0 {
		l.working--
		return nil, nil
	}
	lane := l.ready[0]
	l.ready = l.ready[1:]
	return lane, lane.jobs[0].do
}

// done removes the first job of a lane. The lane goes behind the others.
func (l *changeLanes) done(lane *changeLane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queued, l.bytes = l.queued-1, l.bytes-lane.jobs[0].size
	lane.jobs[0] = changeJob{}
	if lane.jobs = lane.jobs[1:]; len(lane.jobs) > 0 {
		l.ready = append(l.ready, lane)
	} else {
		delete(l.lanes, lane.name)
	}
}

// shutdown refuses new jobs and waits for the others. If ctx ends first, it cancels them and
// returns ctx's error.
func (l *changeLanes) shutdown(ctx context.Context) error {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	done := make(chan struct{})
	go func() {
		l.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		l.cancel(ErrChangeShutdown)
		return ctx.Err()
	}
}

// changeBatch counts the notifications of a request that are not handled yet.
type changeBatch struct {
	mu     sync.Mutex
	left   int
	failed bool
	ended  chan struct{}
}

func newChangeBatch() *changeBatch { return &changeBatch{ended: make(chan struct{})} }

// expect says how many notifications there are, before any is handled.
func (b *changeBatch) expect(n int) { b.left = n }

// done counts a notification that was handled, or not.
func (b *changeBatch) done(handled bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed = b.failed || !handled
	if b.left--; b.left == 0 {
		close(b.ended)
	}
}

// wait waits for all notifications. It reports false if one was not handled, or ctx ends.
func (b *changeBatch) wait(ctx context.Context) bool {
	b.mu.Lock()
	left := b.left
	b.mu.Unlock()
	if left > 0 {
		select {
		case <-b.ended:
		case <-ctx.Done():
			return false
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.failed
}
