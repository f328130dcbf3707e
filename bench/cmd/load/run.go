package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/callgen/callgen/bench/report"
	graph "github.com/callgen/callgen/generated/communications"
)

// receiver is a bot that keeps a roster.
type receiver struct {
	*httptest.Server
	roster atomic.Pointer[graph.Roster]
	taken  atomic.Int64
}

func newReceiver() *receiver {
	r := new(receiver)
	h := graph.NewNotificationHandler(graph.NotificationOptions{
		Verifier: graph.AllowUnverified(), Logger: slog.New(slog.DiscardHandler),
	})
	h.OnDeltaParticipants(func(_ context.Context, e *graph.CallbackEvent, _ *graph.DeltaParticipants) error {
		r.roster.Load().Apply(e)
		r.taken.Add(1)
		return nil
	})
	r.Server = httptest.NewServer(h)
	r.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = senders
	return r
}

// run posts the notifications of a meeting.
func (m meeting) run() (report.CallbackRow, error) {
	bodies, end, err := m.bodies()
	if err != nil {
		return report.CallbackRow{}, err
	}
	order := disorder(len(bodies))
	row := report.CallbackRow{About: m.about, Notifications: m.rounds * len(order), Unique: m.rounds * len(bodies)}
	for _, i := range order {
		row.Bytes += len(bodies[i]) * m.rounds
	}
	r := newReceiver()
	defer r.Close()
	before := heap()
	for round := range m.rounds {
		r.roster.Store(graph.NewRoster())
		half := len(order) / 2
		took, err := r.post(bodies, order[:half])
		row.Took += took
		if round == 0 {
			row.Early = heap() - before
		}
		again, failure := r.post(bodies, order[half:])
		row.Took += again
		if err := errors.Join(err, failure, r.check(end)); err != nil {
			return row, err
		}
	}
	row.Late = heap() - before
	runtime.KeepAlive(bodies) // otherwise they are missing from the memory in use
	runtime.KeepAlive(order)
	if got := r.taken.Load(); got != int64(row.Notifications) {
		return row, fmt.Errorf("%d of %d notifications were taken", got, row.Notifications)
	}
	return row, nil
}

// post delivers notifications from all senders, and repeats those that are not accepted.
func (r *receiver) post(bodies [][]byte, order []int) (time.Duration, error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, senders)
	start := time.Now()
	for s := range senders {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(order)) && errs[s] == nil; i = next.Add(1) - 1 {
				errs[s] = r.deliver(bodies[order[i]])
			}
		})
	}
	wg.Wait()
	return time.Since(start), errors.Join(errs...)
}

func (r *receiver) deliver(body []byte) error {
	for {
		resp, err := r.Client().Post(r.URL, "application/json", bytes.NewReader(body))
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		if err := resp.Body.Close(); err != nil || resp.StatusCode == http.StatusAccepted {
			return err
		}
	}
}

// check compares the roster with the participants at the end.
func (r *receiver) check(end map[string]*graph.Participant) error {
	roster := r.roster.Load()
	if roster.NeedsList() || roster.Len() != len(end) {
		return fmt.Errorf("the roster has %d participants, the meeting %d", roster.Len(), len(end))
	}
	for id, want := range end {
		got, ok := roster.Get(id)
		if !ok || *got.RosterSequenceNumber != *want.RosterSequenceNumber || *got.IsMuted != *want.IsMuted {
			return fmt.Errorf("participant %s is not as the meeting ended", id)
		}
	}
	return nil
}

// heap returns the memory in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
