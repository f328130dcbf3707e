package callback

import (
	"cmp"
	"errors"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// CallbackEvent is one notification of those that the service sent together.
//
// A value of Values is nil where the service sent null. One whose @odata.type is absent, is
// not known or comes in other letters is of the type that its resource has: at
// /communications/calls/1 it is a call. Of what is deleted and comes without data there is
// one value, which has an id and nothing else.
type CallbackEvent struct {
	TenantID     string        // of the sender, as the [Verifier] says
	ChangeType   string        // "created", "updated", "deleted" or another word, as received
	Resource     CallResource  // what the notification is about; the zero CallResource if that cannot be read, nor an id in the data
	ResourceText string        // where Resource was read from: resourceUrl or, failing that, resource
	Values       []codec.Value // what has changed, in parts; see below
	Many         bool          // the service sent a collection of values, maybe an empty one
	Notification codec.Value   // the whole notification as it came, nil where the service sent null
}

// Whole reports whether the event's values, if they are participants, are all those of
// the call: what the service sends unless the bot asks for deltas.
func (e *CallbackEvent) Whole() bool {
	return e.Many && e.Resource.Collection == CallCollectionParticipants && e.Resource.ItemID == "" &&
		strings.EqualFold(e.ChangeType, "updated")
}

// deleted reports whether what the event is about is no more.
func (e *CallbackEvent) deleted() bool { return e != nil && strings.EqualFold(e.ChangeType, "deleted") }

// callID returns the id of the call that a value is about, which has the id given and is
// one of the event's, if there is an event.
func (e *CallbackEvent) callID(own string) string {
	if e == nil {
		return own
	}
	return cmp.Or(e.Resource.CallID, own)
}

// callbackEvents decodes notifications that were sent together. Generated code calls it.
func callbackEvents[E codec.Value, N any](data []byte, envelope E, list func() []*N, event func(*N) *CallbackEvent) ([]*CallbackEvent, error) {
	if err := codec.Unmarshal(data, envelope); err != nil {
		return nil, err
	}
	notifications := list()
	events := make([]*CallbackEvent, len(notifications))
	for i, n := range notifications {
		if n == nil {
			n = new(N)
		}
		events[i] = event(n)
	}
	return events, nil
}

// newCallbackEvent returns the event of a notification. Generated code calls it.
func newCallbackEvent[T codec.Value](types callbackTypes, notification codec.Value, change string, resourceURL, resource *string, data codec.OneOrMany[T]) *CallbackEvent {
	e := &CallbackEvent{ChangeType: change, Many: data.Many}
	if notification != nil && !codec.IsNil(notification) {
		e.Notification = notification
	}
	inCalls := e.readResource(resourceURL, resource)
	for _, v := range data.Values {
		// A nil T is no nil Value if T is a pointer.
		if codec.Value(v) == nil || codec.IsNil(v) {
			e.Values = append(e.Values, nil)
			continue
		}
		e.Values = append(e.Values, types.typed(v, e.Resource.Collection, inCalls))
	}
	e.fill(types)
	return e
}

// readResource reads what the event is about from the first of the texts that says so. It
// reports whether that is a call or all calls, or something that belongs to a call.
func (e *CallbackEvent) readResource(texts ...*string) (inCalls bool) {
	for _, text := range texts {
		if text == nil || *text == "" {
			continue
		}
		r, ok := ParseCallResource(*text)
		inCalls = inCalls || ok || isCalls(*text)
		if ok || e.ResourceText == "" {
			e.Resource, e.ResourceText = r, *text
		}
		if ok {
			break
		}
	}
	return inCalls
}

// fill adds what follows from what the service left out: the value of what is deleted,
// which it may not send, and an id that stands in the data only.
func (e *CallbackEvent) fill(types callbackTypes) {
	r := &e.Resource
	if id := cmp.Or(r.ItemID, r.CallID); len(e.Values) == 0 && e.deleted() && id != "" && (r.Collection == "" || r.ItemID != "") {
		if v := types.withID(r.Collection, id); v != nil {
			e.Values = []codec.Value{v}
		}
		return
	}
	if len(e.Values) != 1 || e.Values[0] == nil || !types.isItem(e.Values[0], r.Collection) {
		return
	}
	switch v := e.Values[0]; {
	case *r == CallResource{} && (e.ResourceText == "" || isCalls(e.ResourceText)):
		r.CallID = idOfResource(v)
	case r.CallID != "" && r.Collection != "" && r.ItemID == "" && !e.Many:
		r.ItemID = idOfResource(v)
	}
}

// What a [CallbackError] can be about, besides the errors of a verifier, of a handler,
// and of reading and decoding.
var (
	// ErrEmptyNotification: the request holds no notification at all. It is answered 202.
	ErrEmptyNotification = errors.New("the request holds no notification")
	// ErrUnknownResource: it cannot be read which call a notification is about. The
	// notification is handled none the less.
	ErrUnknownResource = errors.New("it is not known which call the notification is about")
	// ErrUnhandledNotification: nothing handles what a notification holds. It is answered 202.
	ErrUnhandledNotification = errors.New("nothing handles the notification")
	// ErrNotificationPanic: a handler, the verifier or the decoder panicked. It is answered 500.
	ErrNotificationPanic = errors.New("panic")
	// ErrNotificationBusy: all workers of a handler that answers first went on working until
	// the time of the request was up. It is answered 503.
	ErrNotificationBusy = errors.New("all workers are busy")
	// ErrNotificationShutdown: the handler is shut down. It is answered 503.
	ErrNotificationShutdown = errors.New("no more notifications are taken")
)

// CallbackError is a failure to take or to handle notifications.
type CallbackError struct {
	Status int            // what the request is answered, if it is not answered already
	Event  *CallbackEvent // what was handled, or nil
	Stack  []byte         // of the goroutine that panicked, or nil
	Err    error
}

// Error returns what went wrong and with what. It is of bounded length, quotes what the
// sender wrote, and has no query of a URL.
func (e *CallbackError) Error() string {
	if e.Event == nil || e.Event.ResourceText == "" {
		return "callback: " + callbackErrorText(e.Err)
	}
	return "callback: " + printableCallbackText(cutCallbackText(e.Event.ChangeType, maxForeignText)) + " " + printableCallbackText(e.Event.resourceText()) + ": " + callbackErrorText(e.Err)
}

// Unwrap returns what lies behind the error.
func (e *CallbackError) Unwrap() error { return e.Err }
