package callback

import (
	"cmp"
	"errors"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// CallbackEvent is one notification of those that the service sent together.
type CallbackEvent struct {
	TenantID     string        // of the sender, as the [Verifier] says
	ChangeType   string        // "created", "updated", "deleted" or another word, as received
	Resource     CallResource  // what the notification is about; the zero CallResource if that cannot be read
	ResourceText string        // where Resource was read from: resourceUrl or, failing that, resource
	Values       []codec.Value // what has changed, in parts; an element is nil where the service sent null
	Many         bool          // the service sent a collection of values, maybe an empty one
	Notification codec.Value   // the whole notification, nil where the service sent null
}

// Whole reports whether the event's values, if they are participants, are all those of
// the call: what the service sends unless the bot asks for deltas.
func (e *CallbackEvent) Whole() bool {
	return e.Many && e.Resource.Collection == CallCollectionParticipants && e.Resource.ItemID == "" &&
		strings.EqualFold(e.ChangeType, "updated")
}

// deleted reports whether what the event is about is no more.
func (e *CallbackEvent) deleted() bool { return strings.EqualFold(e.ChangeType, "deleted") }

// callID returns the id of the call that a value of the event is about, which has the
// id given.
func (e *CallbackEvent) callID(own string) string { return cmp.Or(e.Resource.CallID, own) }

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
func newCallbackEvent[T codec.Value](notification codec.Value, change string, resourceURL, resource *string, data codec.OneOrMany[T]) *CallbackEvent {
	e := &CallbackEvent{ChangeType: change, Many: data.Many}
	if notification != nil && !codec.IsNil(notification) {
		e.Notification = notification
	}
	for _, text := range []*string{resourceURL, resource} {
		if text == nil || *text == "" {
			continue
		}
		r, ok := ParseCallResource(*text)
		if ok || e.ResourceText == "" {
			e.Resource, e.ResourceText = r, *text
		}
		if ok {
			break
		}
	}
	for _, v := range data.Values {
		// A nil T is no nil Value if T is a pointer.
		if codec.Value(v) == nil || codec.IsNil(v) {
			e.Values = append(e.Values, nil)
			continue
		}
		e.Values = append(e.Values, v)
	}
	return e
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
	// ErrNotificationShutdown: the handler is shut down or has no time left. It is answered 503.
	ErrNotificationShutdown = errors.New("no more notifications are taken")
)

// CallbackError is a failure to take or to handle notifications.
type CallbackError struct {
	Status int            // what the request is answered, if it is not answered already
	Event  *CallbackEvent // what was handled, or nil
	Stack  []byte         // of the goroutine that panicked, or nil
	Err    error
}

// Error returns what went wrong and with what.
func (e *CallbackError) Error() string {
	if e.Event == nil || e.Event.ResourceText == "" {
		return "callback: " + e.Err.Error()
	}
	text := e.Event.Resource.String()
	if text == "" {
		text = e.Event.ResourceText
	}
	return "callback: " + e.Event.ChangeType + " " + text + ": " + e.Err.Error()
}

// Unwrap returns what lies behind the error.
func (e *CallbackError) Unwrap() error { return e.Err }
