package callback

import (
	"context"
	"fmt"
	"net/http"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// callbackRoute passes the values that a function handles to it.
type callbackRoute func(ctx context.Context, d *callbackDelivery)

// callbackDelivery is the progress of one event through the routes.
type callbackDelivery struct {
	event   *CallbackEvent
	taken   []bool // for each of the event's values
	handled bool   // some function took a value
	report  func(*CallbackError)
}

// call calls a function for the values at the given indexes and marks them as taken.
func (d *callbackDelivery) call(f func() error, indexes ...int) {
	d.handled = true
	for _, i := range indexes {
		d.taken[i] = true
	}
	if err := contained(f); err != nil {
		err.Event = d.event
		d.report(err)
	}
}

// onEach adds a function that is called for each value of type T; the interface of a base type
// includes all derived types. Generated code calls it.
func onEach[T codec.Value](h *NotificationHandler, f func(context.Context, *CallbackEvent, T) error) {
	if f == nil {
		return
	}
	h.route(func(ctx context.Context, d *callbackDelivery) {
		for i, v := range d.event.Values {
			if v, ok := v.(T); ok {
				d.call(func() error { return f(ctx, d.event, v) }, i)
			}
		}
	})
}

// onList adds a function that is called once with all values of type T, or with none when the
// named collection became empty or was deleted. Generated code calls it.
func onList[T codec.Value](h *NotificationHandler, collection string, f func(context.Context, *CallbackEvent, []T) error) {
	if f == nil {
		return
	}
	h.route(func(ctx context.Context, d *callbackDelivery) {
		var list []T
		var indexes []int
		for i, v := range d.event.Values {
			if v, ok := v.(T); ok {
				list, indexes = append(list, v), append(indexes, i)
			}
		}
		e := d.event
		emptied := len(e.Values) == 0 && (e.Many || e.deleted()) && e.Resource.ItemID == "" && e.Resource.Collection == collection
		if len(list) > 0 || emptied {
			d.call(func() error { return f(ctx, e, list) }, indexes...)
		}
	})
}

// dispatch calls the functions for an event, one after the other in the order in which they
// were added, and reports failures. A failure does not stop the functions after it.
func (h *NotificationHandler) dispatch(ctx context.Context, e *CallbackEvent, report func(*CallbackError)) {
	routes := h.routes.Load()
	d := &callbackDelivery{event: e, taken: make([]bool, len(e.Values)), report: report}
	for _, f := range routes.every {
		if err := contained(func() error { return f(ctx, e) }); err != nil {
			err.Event = e
			report(err)
		}
	}
	for _, route := range routes.typed {
		route(ctx, d)
	}
	for i, taken := range d.taken {
		if !taken {
			h.unknown(ctx, routes, d, e.Values[i])
		}
	}
	if len(e.Values) == 0 && !d.handled {
		h.unknown(ctx, routes, d, nil)
	}
}

// unknown passes on a value that no typed function took.
func (h *NotificationHandler) unknown(ctx context.Context, routes *callbackRoutes, d *callbackDelivery, v codec.Value) {
	for _, f := range routes.unknown {
		d.call(func() error { return f(ctx, d.event, v) })
	}
	if len(routes.unknown) > 0 {
		return
	}
	err := fmt.Errorf("%w: it holds no data", ErrUnhandledNotification)
	if v != nil {
		err = fmt.Errorf("%w: no function handles %s: add one, or use OnUnknown", ErrUnhandledNotification, v.ODataType())
	}
	d.report(&CallbackError{Status: http.StatusAccepted, Event: d.event, Err: err})
}

// callbackRoutes holds the functions of a handler. It is replaced, never modified.
type callbackRoutes struct {
	every   []func(context.Context, *CallbackEvent) error
	typed   []callbackRoute
	unknown []func(context.Context, *CallbackEvent, codec.Value) error
}

// route adds a typed route.
func (h *NotificationHandler) route(r callbackRoute) {
	h.addRoute(func(routes *callbackRoutes) { routes.typed = append(routes.typed, r) })
}

// addRoute replaces the routes with a changed copy.
func (h *NotificationHandler) addRoute(change func(*callbackRoutes)) {
	for {
		old := h.routes.Load()
		routes := &callbackRoutes{
			every:   old.every[:len(old.every):len(old.every)],
			typed:   old.typed[:len(old.typed):len(old.typed)],
			unknown: old.unknown[:len(old.unknown):len(old.unknown)],
		}
		change(routes)
		if h.routes.CompareAndSwap(old, routes) {
			return
		}
	}
}

// OnEvent adds a function that is called for every notification, before the functions for its
// values.
func (h *NotificationHandler) OnEvent(f func(context.Context, *CallbackEvent) error) {
	if f != nil {
		h.addRoute(func(routes *callbackRoutes) { routes.every = append(routes.every, f) })
	}
}

// OnUnknown adds a function that is called for each value that no other function took, because
// its type is unknown or has no function. The value is nil if the notification holds no
// readable data. Without such a function these values are reported as
// [ErrUnhandledNotification].
func (h *NotificationHandler) OnUnknown(f func(context.Context, *CallbackEvent, codec.Value) error) {
	if f != nil {
		h.addRoute(func(routes *callbackRoutes) { routes.unknown = append(routes.unknown, f) })
	}
}
