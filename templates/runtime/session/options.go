// Package session is the part of the runtime that keeps calls alive, follows them and acts in
// them.
package session

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/callgen/callgen/templates/runtime/model"
)

// CallsOptions configures [NewCalls]. The zero value is ready to use: it keeps calls alive and
// everything in memory.
type CallsOptions struct {
	// Clock is where sessions get the time from; by default the system's.
	Clock CallClock
	// KeepAlive is the time between two keepalives of a call, which the service ends after 45
	// minutes without one; by default 10 minutes. Each wait is up to a tenth shorter, so that
	// the calls of a program do not all speak at once. A negative value sends none.
	KeepAlive time.Duration
	// PollAfter is how long to wait for the notification of an operation, or of a state that
	// somebody waits for, before asking for it; by default 10 seconds. Later waits are longer,
	// up to a minute.
	PollAfter time.Duration
	// ToneGap is how long to wait for a missing tone before those after it are heard; by
	// default 2 seconds.
	ToneGap time.Duration
	// RosterGap is how long to wait for missing news of a roster before the list of
	// participants is fetched; by default 3 seconds.
	RosterGap time.Duration
	// Mailbox is how many events of a call wait for the program's functions, by default 256.
	// While it is full, notifications of the call are refused with 503, except its end, and
	// the service sends them again.
	Mailbox int

	// Store keeps sessions over a restart; by default nothing does. See [CallStore].
	Store CallStore
	// KeepFor is how long after its last change a session may be kept in the store; by default
	// 24 hours. Calls that go on are saved before that.
	KeepFor time.Duration
	// Seal and Open, if set, encrypt what the store gets and decrypt what it returns. The id is
	// that of the stored call.
	Seal, Open func(ctx context.Context, id string, data []byte) ([]byte, error)

	// Elsewhere, if set, is asked about each incoming call. If it returns a URL, the first
	// notification is answered 302, and the service sends it to that URL instead.
	Elsewhere func(ctx context.Context, call *model.Call) (url string, err error)
	// HangUpOnClose makes [Calls.Close] hang up. By default calls go on, for a successor to
	// take up with [Calls.Rehydrate].
	HangUpOnClose bool

	// Logger logs failures; by default slog.Default().
	Logger *slog.Logger
	// OnError, if set, is called with each failure that is logged, and the id of its call. Calls
	// may be concurrent.
	OnError func(ctx context.Context, callID string, err error)
}

// Defaults of CallsOptions, and limits.
const (
	defaultKeepAlive = 10 * time.Minute
	defaultPollAfter = 10 * time.Second
	defaultToneGap   = 2 * time.Second
	defaultRosterGap = 3 * time.Second
	defaultMailbox   = 256
	defaultKeepFor   = 24 * time.Hour

	mostPollAfter  = time.Minute
	keepAliveAgain = time.Minute      // after a failure
	incomingFor    = time.Minute      // longer than the service waits for an answer
	saveTimeout    = 30 * time.Second // of the store
)

// withDefaults returns the options with the values that they stand for.
func (o CallsOptions) withDefaults() CallsOptions {
	if o.Clock == nil {
		o.Clock = wallClock{}
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	o.KeepAlive = cmp.Or(o.KeepAlive, defaultKeepAlive)
	for _, d := range []struct {
		value   *time.Duration
		usually time.Duration
	}{
		{&o.PollAfter, defaultPollAfter}, {&o.ToneGap, defaultToneGap}, {&o.RosterGap, defaultRosterGap}, {&o.KeepFor, defaultKeepFor},
	} {
		if *d.value <= 0 {
			*d.value = d.usually
		}
	}
	if o.Mailbox <= 0 {
		o.Mailbox = defaultMailbox
	}
	return o
}
