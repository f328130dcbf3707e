package fleet

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// counts are what has happened since the start.
type counts struct {
	Stored     uint64 `json:"stored"`     // notifications
	Refused    uint64 `json:"refused"`    // notifications that the servers did not confirm
	Delivered  uint64 `json:"delivered"`  // notifications, to sessions of this instance
	TakenOver  uint64 `json:"takenOver"`  // calls of instances that have gone
	HandedOver uint64 `json:"handedOver"` // calls, on purpose
	Lost       uint64 `json:"lost"`       // calls that another instance has taken over
	Unclaimed  uint64 `json:"unclaimed"`  // calls that nobody followed
	Failed     uint64 `json:"failed"`     // attempts at any of these
}

func (f *Fleet) count(add func(*counts)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	add(&f.counts)
}

// Metrics are figures of an instance. They are cumulative but for Owned, Waiting and Ready.
type Metrics struct {
	counts
	Owned      int  `json:"owned"`      // calls
	Waiting    int  `json:"waiting"`    // calls of this instance with notifications to deliver
	LostLeases int  `json:"lostLeases"` // how often the lease had ended
	Ready      bool `json:"ready"`
}

// Metrics returns the figures of this instance, such as for the callbacks of OpenTelemetry.
func (f *Fleet) Metrics() Metrics {
	m := Metrics{Ready: f.Ready()}
	f.lease.mu.Lock()
	m.LostLeases = f.lease.lost
	f.lease.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	m.counts, m.Owned = f.counts, f.owned()[f.Instance()]
	for _, e := range f.calls {
		if e.record.owner == f.Instance() && e.record.kind != kindEnded && e.last > e.delivered {
			m.Waiting++
		}
	}
	return m
}

// String returns the metrics as JSON, so that a Fleet is an expvar.Var: expvar.Publish("fleet", f).
func (f *Fleet) String() string {
	data, _ := json.Marshal(f.Metrics()) // it has numbers only
	return string(data)
}

// Ready reports whether the instance has a lease and serves.
func (f *Fleet) Ready() bool {
	f.mu.Lock()
	serving := f.serving && !f.draining && !f.closed
	f.mu.Unlock()
	return serving && f.lease.valid()
}

// needs says what the instance needs to be ready.
func (f *Fleet) needs() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.closed || f.draining:
		return "it leaves the fleet"
	case !f.serving:
		return "it does not serve yet"
	case f.anew:
		return errAnew.Error()
	}
	return explain(f.conn, ErrNoLease).Error()
}

// Health returns a handler that answers 200 if the instance is ready, and 503 with a reason otherwise.
func (f *Fleet) Health() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !f.Ready() {
			http.Error(w, "not ready: "+f.needs(), http.StatusServiceUnavailable)
		}
	})
}

// Status is what an instance knows of its fleet.
type Status struct {
	Instance  string           `json:"instance"`
	Ready     bool             `json:"ready"` // or the rest may be old
	Instances []InstanceStatus `json:"instances"`
	Calls     []CallStatus     `json:"calls"`
}

// InstanceStatus is an instance with a lease.
type InstanceStatus struct {
	Instance string    `json:"instance"`
	Since    time.Time `json:"since"`
	Draining bool      `json:"draining"`
	Calls    int       `json:"calls"`
}

// CallStatus is a call that has not ended.
type CallStatus struct {
	ID       string `json:"id"`
	Owner    string `json:"owner"`
	Position uint64 `json:"position"` // of its last notification in the log
}

// Status returns what this instance knows of its fleet, after [Serve].
func (f *Fleet) Status() Status {
	s := Status{Instance: f.Instance(), Ready: f.Ready()}
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.owned()
	for _, p := range f.instances {
		if p.Gone {
			continue
		}
		s.Instances = append(s.Instances, InstanceStatus{p.Instance, p.Since, p.Draining, n[p.Instance]})
	}
	for key, e := range f.calls {
		if e.record.kind != kindSession && e.record.kind != kindClaimed {
			continue
		}
		id, _ := idOf(key)
		s.Calls = append(s.Calls, CallStatus{id, e.record.owner, e.last})
	}
	slices.SortFunc(s.Instances, func(a, b InstanceStatus) int { return cmp.Compare(a.Instance, b.Instance) })
	slices.SortFunc(s.Calls, func(a, b CallStatus) int { return cmp.Compare(a.ID, b.ID) })
	return s
}

// StatusHandler returns a handler that answers with the [Status] as JSON. It names calls: serve it
// to operators only.
func (f *Fleet) StatusHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(f.Status()) // who asks has gone
	})
}

// callSubjects returns the keys of all calls of which something is stored.
func (f *Fleet) callSubjects(ctx context.Context) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*tryTimeout)
	defer cancel()
	info, err := f.streams.calls.Info(ctx, jetstream.WithSubjectFilter(f.subject("calls", "*")))
	if err != nil {
		return nil, err
	}
	prefix := f.subject("calls", "")
	var keys []string
	for subject := range info.State.Subjects {
		keys = append(keys, subject[len(prefix):])
	}
	slices.Sort(keys)
	return keys, nil
}
