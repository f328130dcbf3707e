package notification

import (
	"context"
	"fmt"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/inbound"
)

// changeRoutes holds the functions of a handler. It is replaced, never modified.
type changeRoutes struct {
	every     []func(context.Context, *ChangeEvent) error
	lifecycle []func(context.Context, *ChangeEvent) error
	typed     []changeRoute
}

// changeRoute is a function for the resources of a type.
type changeRoute struct {
	takes func(*ChangeEvent) bool
	call  func(context.Context, *ChangeEvent) error
}

// addRoute replaces the routes with a changed copy.
func (h *ChangeHandler) addRoute(change func(*changeRoutes)) {
	for {
		old := h.routes.Load()
		routes := &changeRoutes{
			every:     old.every[:len(old.every):len(old.every)],
			lifecycle: old.lifecycle[:len(old.lifecycle):len(old.lifecycle)],
			typed:     old.typed[:len(old.typed):len(old.typed)],
		}
		change(routes)
		if h.routes.CompareAndSwap(old, routes) {
			return
		}
	}
}

// OnEvent adds a function that is called for every change of a resource, before the functions for
// its type.
func (h *ChangeHandler) OnEvent(f func(context.Context, *ChangeEvent) error) {
	if f != nil {
		h.addRoute(func(r *changeRoutes) { r.every = append(r.every, f) })
	}
}

// OnLifecycle adds a function that is called for every event in the life of a subscription.
func (h *ChangeHandler) OnLifecycle(f func(context.Context, *ChangeEvent) error) {
	if f != nil {
		h.addRoute(func(r *changeRoutes) { r.lifecycle = append(r.lifecycle, f) })
	}
}

// OnChange adds a function that is called for each change of a resource of type T, a struct of the
// package. The service names the type; its letter case does not matter. Unless
// ChangeEvent.Encrypted is set the value usually has an id and no more.
func OnChange[T any, P interface {
	*T
	codec.Value
}](h *ChangeHandler, f func(context.Context, *ChangeEvent, P) error) {
	if f == nil {
		return
	}
	route := changeRoute{
		takes: func(e *ChangeEvent) bool { return e.isOf(P((*T)(nil))) },
		call: func(ctx context.Context, e *ChangeEvent) error {
			v := P(new(T))
			if err := e.Decode(v, h.options.Decoding...); err != nil {
				return err
			}
			return f(ctx, e, v)
		},
	}
	h.addRoute(func(r *changeRoutes) { r.typed = append(r.typed, route) })
}

// dispatch calls the functions for an event, one after the other in the order in which they were
// added. A failure does not stop the functions after it; dispatch reports false then.
func (h *ChangeHandler) dispatch(ctx context.Context, e *ChangeEvent) bool {
	routes := h.routes.Load()
	functions := routes.lifecycle
	if e.Lifecycle == "" {
		functions = routes.every[:len(routes.every):len(routes.every)]
		for _, r := range routes.typed {
			if r.takes(e) {
				functions = append(functions, r.call)
			}
		}
	}
	if len(functions) == 0 {
		what := e.Type
		if e.Lifecycle != "" {
			what = e.Lifecycle
		}
		h.report(ctx, &ChangeError{Event: e, Err: fmt.Errorf("%w: it is about %s: add a function, or use OnEvent", ErrChangeUnhandled,
			inbound.PrintableText(inbound.CutText(what, maxChangeText)))})
		return true
	}
	all := true
	for _, f := range functions {
		if failure := containedChange(func() error { return f(ctx, e) }); failure != nil {
			failure.Event, all = e, false
			h.report(ctx, failure)
		}
	}
	return all
}
