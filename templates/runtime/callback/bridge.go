package callback

import (
	"context"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file is not emitted. It gives the packages above this one exported names for what they
// need of it.

func OnWhole(h *NotificationHandler, f func(context.Context, *CallbackEvent) error) { onWhole(h, f) }

func Contained(f func() error) *CallbackError { return contained(f) }

// What follows is for the models in tests, which generated code writes otherwise. Nothing that
// is emitted can use it.

type (
	RosterCore[P attendant]              = rosterCore[P]
	TrackerCore[S ~string, D comparable] = trackerCore[S, D]
	Types                                = callbackTypes
)

// NewTypes returns the types of values in notifications: of calls, participants, their changes,
// and operations.
func NewTypes(call, participant, delta codec.Value, operations ...codec.Value) Types {
	listed := Types{{of: call}, {of: participant, collection: CallCollectionParticipants},
		{of: delta, collection: CallCollectionParticipants, member: "participants"}}
	for _, o := range operations {
		listed = append(listed, callbackType{of: o, collection: CallCollectionOperations})
	}
	return listed
}

// NewRosterCore returns an empty roster.
func NewRosterCore[P attendant](id func(P) string, number func(P) *int64, removed func(P) bool, inLobby func(P) *bool) *RosterCore[P] {
	return newRosterCore(rosterAccess[P]{id: id, number: number, removed: removed, inLobby: inLobby})
}

// ApplyTo applies an event to a roster.
func ApplyTo[P attendant](r *RosterCore[P], e *CallbackEvent, delta func(codec.Value) (*int64, []P, bool)) []RosterChange[P] {
	return r.apply(e, delta)
}

// NewTrackerCore returns a tracker.
func NewTrackerCore[D comparable, S ~string](ranks [][]S, tentative, final []S, most int, maxAge time.Duration) *TrackerCore[S, D] {
	return newTrackerCore[D](trackerRules[S]{ranks: ranks, tentative: tentative, final: final}, most, maxAge)
}

// Observe records a state of a call, with its details and whether it has other news.
func Observe[D comparable, S ~string](t *TrackerCore[S, D], e *CallbackEvent, id string, state S, details D, more bool) Arrival {
	return t.observe(observation[S, D]{id: e.callID(id), state: state, details: details, more: more, fetched: e == nil})
}

// Latest returns what is known of a call.
func Latest[D comparable, S ~string](t *TrackerCore[S, D], id string) (S, D, bool) {
	return t.latest(id)
}

// Deleted reports whether the subject of an event was deleted.
func Deleted(e *CallbackEvent) bool { return e.deleted() }

// NewTestHandler returns a handler of notifications that decode returns.
func NewTestHandler(options NotificationOptions, decode func([]byte, []codec.Option) ([]*CallbackEvent, error)) *NotificationHandler {
	return newNotificationHandler(options, decode)
}

// NewTestEvent returns the event of a notification.
func NewTestEvent[T codec.Value](listed Types, notification codec.Value, change string, resourceURL, resource *string, data codec.OneOrMany[T]) *CallbackEvent {
	return newCallbackEvent(listed, notification, change, resourceURL, resource, data)
}

// TestEvents decodes the notifications of a request.
func TestEvents[E codec.Value, N any](data []byte, opts []codec.Option, envelope E, list func() []*N, event func(*N) *CallbackEvent) ([]*CallbackEvent, error) {
	return callbackEvents(data, opts, envelope, list, event)
}
