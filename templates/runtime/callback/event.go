package callback

import (
	"cmp"
	"errors"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/inbound"
)

// CallbackEvent is one notification, decoded. A request of the service can hold several.
//
// Values holds nil where the service sent null. A value whose @odata.type is absent, unknown
// or in different letter case gets the type of its resource: at /communications/calls/1 it is
// a call. For a deletion without data Values holds one value that has only an id.
type CallbackEvent struct {
	TenantID     string        // of the sender, from the [Verifier]
	ChangeType   string        // "created", "updated", "deleted" or another word, as received
	Resource     CallResource  // subject of the notification; the zero CallResource if neither the resource nor the data names it
	ResourceText string        // the text that Resource was read from: resourceUrl or else resource
	Values       []codec.Value // the changed values; see above
	Many         bool          // the service sent a collection of values, possibly empty
	Notification codec.Value   // the complete notification as received, nil where the service sent null
	Origin       CallbackOrigin
}

// Whole reports whether the event's values, if they are participants, are all participants of
// the call. The service sends all of them unless the bot has asked for deltas.
func (e *CallbackEvent) Whole() bool {
	return e.Many && e.Resource.Collection == CallCollectionParticipants && e.Resource.ItemID == "" &&
		strings.EqualFold(e.ChangeType, "updated")
}

// deleted reports whether the subject of the event was deleted.
func (e *CallbackEvent) deleted() bool { return e != nil && strings.EqualFold(e.ChangeType, "deleted") }

// callID returns the id of the call that the event is about: its resource names it, or else
// the data, whose id is own. The event may be nil.
func (e *CallbackEvent) callID(own string) string {
	if e == nil {
		return own
	}
	return cmp.Or(e.Resource.CallID, own)
}

// callbackEvents decodes the notifications of one request. Generated code calls it.
func callbackEvents[E codec.Value, N any](data []byte, opts []codec.Option, envelope E, list func() []*N, event func(*N) *CallbackEvent) ([]*CallbackEvent, error) {
	if err := codec.Unmarshal(data, envelope, opts...); err != nil {
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

// newCallbackEvent returns the event for a notification. Generated code calls it.
func newCallbackEvent[T codec.Value](listed callbackTypes, notification codec.Value, change string, resourceURL, resource *string, data codec.OneOrMany[T]) *CallbackEvent {
	e := &CallbackEvent{ChangeType: change, Many: data.Many}
	if notification != nil && !codec.IsNil(notification) {
		e.Notification = notification
	}
	inCalls := e.readResource(resourceURL, resource)
	for _, v := range data.Values {
		// A nil pointer in an interface is not a nil Value.
		if codec.Value(v) == nil || codec.IsNil(v) {
			e.Values = append(e.Values, nil)
			continue
		}
		e.Values = append(e.Values, listed.typed(v, e.Resource.Collection, inCalls))
	}
	e.fill(listed)
	return e
}

// readResource reads the subject of the event from the first text that names one. It reports
// whether that is a call, all calls, or something that belongs to a call.
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

// fill adds what the service left out: the value of a deleted resource, and an id found only
// in the data.
func (e *CallbackEvent) fill(listed callbackTypes) {
	r := &e.Resource
	if id := cmp.Or(r.ItemID, r.CallID); len(e.Values) == 0 && e.deleted() && id != "" && (r.Collection == "" || r.ItemID != "") {
		if v := listed.withID(r.Collection, id); v != nil {
			e.Values = []codec.Value{v}
		}
		return
	}
	if len(e.Values) != 1 || e.Values[0] == nil || !listed.isItem(e.Values[0], r.Collection) {
		return
	}
	switch v := e.Values[0]; {
	case *r == CallResource{} && (e.ResourceText == "" || isCalls(e.ResourceText)):
		r.CallID = idOfResource(v)
	case r.CallID != "" && r.Collection != "" && r.ItemID == "" && !e.Many:
		r.ItemID = idOfResource(v)
	}
}

// Errors that a [CallbackError] can wrap, besides those of a verifier or handler and of
// reading and decoding.
var (
	// ErrEmptyNotification means that the request held no notification. The answer is 202.
	ErrEmptyNotification = errors.New("the request holds no notification")
	// ErrUnknownResource means that the notification does not say which call it is about. It
	// is handled anyway.
	ErrUnknownResource = errors.New("the notification does not say which call it is about")
	// ErrUnhandledNotification means that no function handles a value of the notification. The
	// answer is 202.
	ErrUnhandledNotification = errors.New("no function handles the notification")
	// ErrNotificationPanic means that a handler, the verifier or the decoder panicked. The
	// answer is 500.
	ErrNotificationPanic = errors.New("panic")
	// ErrNotificationBusy means that, with AnswerFirst, no worker became free within the time
	// of the request. The answer is 503.
	ErrNotificationBusy = errors.New("all workers are busy")
	// ErrNotificationShutdown means that the handler has been shut down. The answer is 503.
	ErrNotificationShutdown = errors.New("the handler has been shut down")
)

// CallbackError is a failure to receive or handle notifications, as passed to
// NotificationOptions.OnError.
type CallbackError struct {
	Status int            // HTTP status of the answer, unless it has been sent already
	Event  *CallbackEvent // the event being handled, or nil
	Stack  []byte         // stack of the goroutine that panicked, or nil
	Err    error
}

// Error returns a text of bounded length with the event and the cause. It quotes text of the
// sender and omits the query of URLs.
func (e *CallbackError) Error() string {
	if e.Event == nil || e.Event.ResourceText == "" {
		return "callback: " + inbound.ErrorText(e.Err)
	}
	return "callback: " + inbound.PrintableText(inbound.CutText(e.Event.ChangeType, maxForeignText)) + " " + inbound.PrintableText(e.Event.resourceText()) + ": " + inbound.ErrorText(e.Err)
}

// Unwrap returns the wrapped error.
func (e *CallbackError) Unwrap() error { return e.Err }
