package callback

import "context"

// onWhole adds a function that takes every notification whole, with all of its values.
func onWhole(h *NotificationHandler, f func(context.Context, *CallbackEvent) error) {
	h.route(func(ctx context.Context, d *callbackDelivery) {
		indexes := make([]int, len(d.event.Values))
		for i := range indexes {
			indexes[i] = i
		}
		d.call(func() error { return f(ctx, d.event) }, indexes...)
	})
}
