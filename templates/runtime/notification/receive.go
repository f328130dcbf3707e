package notification

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// maxOpenBraces is how many objects a notification may have on average. It bounds the memory
// that a body of small objects takes.
const maxOpenBraces = 32

// receive checks the notifications of a body and queues those that are genuine.
func (h *ChangeHandler) receive(ctx context.Context, data []byte) (*changeBatch, error) {
	batch := newChangeBatch()
	if len(data) == 0 {
		return batch, nil
	}
	events, tokens, err := h.decode(data)
	if err != nil {
		return nil, err
	}
	if events, err = h.genuine(ctx, events, tokens); err != nil {
		return nil, err
	}
	size := int64(len(data)) / int64(max(len(events), 1)) // which keep the whole body in memory
	var jobs []changeJob
	for _, e := range events {
		jobs = append(jobs, changeJob{lane: e.SubscriptionID, size: size, do: h.job(e, batch)})
	}
	batch.expect(len(jobs))
	if err := h.lanes.add(jobs); err != nil {
		return nil, err
	}
	return batch, nil
}

// genuine returns those notifications of a request that the service has sent, and reports the
// others. Tokens are looked at only if there is one with the right client state: verifying them is
// work, which strangers could cause otherwise.
func (h *ChangeHandler) genuine(ctx context.Context, events []*ChangeEvent, tokens []string) ([]*ChangeEvent, error) {
	reports := &changeReports{h: h, ctx: ctx}
	defer reports.end()
	if len(events) == 0 {
		reports.add(nil, changeRefusal("the request holds no notification"))
	}
	states := make(map[string][]string)
	known, err := reports.pass(events, func(e *ChangeEvent) error { return h.checkState(ctx, e, states) })
	if err != nil || len(known) == 0 {
		return nil, err
	}
	tenants, err := h.tenants(ctx, known, tokens)
	if isChangeRefused(err) {
		reports.add(nil, err)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return reports.pass(known, func(e *ChangeEvent) error { return checkTenant(e, tenants) })
}

// pass returns the events that pass a check, and reports those that are refused. Another error is
// about the whole request.
func (r *changeReports) pass(events []*ChangeEvent, check func(*ChangeEvent) error) ([]*ChangeEvent, error) {
	var passed []*ChangeEvent
	for _, e := range events {
		switch err := check(e); {
		case err == nil:
			passed = append(passed, e)
		case isChangeRefused(err):
			r.add(e, err)
		default:
			return nil, err
		}
	}
	return passed, nil
}

// decode returns the notifications and tokens of a body.
func (h *ChangeHandler) decode(data []byte) ([]*ChangeEvent, []string, error) {
	if bytes.Count(data, []byte("{")) > maxOpenBraces*h.options.MaxBatch {
		return nil, nil, tooManyChanges(h.options.MaxBatch)
	}
	body := new(changeBody)
	if err := codec.Unmarshal(data, body, h.options.Decoding...); err != nil {
		return nil, nil, &changeStatusError{http.StatusBadRequest, err}
	}
	if len(body.Value) > h.options.MaxBatch || len(body.ValidationTokens) > h.options.MaxBatch {
		return nil, nil, tooManyChanges(h.options.MaxBatch)
	}
	events := make([]*ChangeEvent, 0, len(body.Value))
	for _, raw := range body.Value {
		if string(raw) == "null" {
			continue
		}
		e, err := changeEvent(raw, h.options.Decoding)
		if err != nil {
			return nil, nil, &changeStatusError{http.StatusBadRequest, err}
		}
		events = append(events, e)
	}
	return events, body.ValidationTokens, nil
}

func tooManyChanges(most int) error {
	return &changeStatusError{http.StatusRequestEntityTooLarge, fmt.Errorf("the request has more than %d notifications: see ChangeOptions.MaxBatch", most)}
}

// job returns the work on an event.
func (h *ChangeHandler) job(e *ChangeEvent, batch *changeBatch) func(context.Context) {
	return func(ctx context.Context) {
		handled := false
		defer func() { batch.done(handled) }() // also after runtime.Goexit
		ctx, cancel := context.WithTimeout(ctx, h.options.WorkTimeout)
		defer cancel()
		if ctx.Err() == nil { // it is not after a shutdown whose time was up
			handled = h.work(ctx, e)
		}
	}
}

// work opens and delivers an event, and reports whether the service need not repeat it.
func (h *ChangeHandler) work(ctx context.Context, e *ChangeEvent) bool {
	key, known := e.identity()
	if known && h.seen.has(key) {
		return true
	}
	if failure := containedChange(func() error { return h.open(ctx, e) }); failure != nil {
		failure.Event = e
		h.report(ctx, failure)
		return isChangeRefused(failure.Err)
	}
	if !h.dispatch(ctx, e) {
		return false
	}
	if known {
		h.seen.add(key)
	}
	return true
}
