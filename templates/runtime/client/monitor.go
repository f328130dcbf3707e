package client

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"time"
)

// Monitor follows a request that the service carries out later (Graph, "Working with long
// running actions"; OData, "Asynchronous Requests"). T is what the request would have returned:
// a pointer to a struct, an interface such as AnyX, a *[Page], a scalar, or struct{} for a
// request without result. It can be [OperationProgress], for an operation whose result is not
// fetched, or is known by its id alone, as when a drive item is copied.
//
// The monitor may be on another host than the service, which gets no token; the result is
// fetched with one if it is the service's. A Monitor is not safe for concurrent use.
type Monitor[T any] struct {
	OnProgress func(OperationProgress) // called by Wait after each look, nil for nobody

	monitor
}

// OperationProgress is what a service says of a request that it carries out later.
type OperationProgress struct {
	Status           string  // as the service writes it, such as "inProgress"; "" if it does not say
	Percent          float64 // 0 to 100
	ResourceID       string  // id of the result, "" if it does not say
	ResourceLocation string  // URL of the result, "" if it does not say
}

// NewMonitor returns the monitor at a URL: one that was stored, or the Location or
// OperationLocation in the [Response] to a request that has no result of its own.
func NewMonitor[T any](c *Client, url string) *Monitor[T] {
	return &Monitor[T]{monitor: monitor{client: c, url: url, now: true}}
}

// MonitorOf returns the monitor of a request, given the error that it returned. If that is no
// [*AcceptedError], MonitorOf returns it.
func MonitorOf[T any](c *Client, err error) (*Monitor[T], error) {
	later, ok := errors.AsType[*AcceptedError](err)
	if !ok {
		return nil, cmp.Or(err, errors.New("there is no request to wait for: pass its error"))
	}
	return &Monitor[T]{monitor: monitor{client: c, url: later.Monitor, laterResult: later.laterResult, hint: later.Answer.RetryAfter}}, nil
}

// URL returns the URL of the monitor, which can be stored. Some services move it: it is the
// one of the last look.
func (m *Monitor[T]) URL() string { return m.url }

// Wait waits until the service has carried out the request and returns its result. An operation
// that fails is an [*Error]. Between two looks it waits for as long as [WaitFor]: for what the
// service asks for with Retry-After, at least a second and at most five minutes; ctx bounds the
// whole. The options are those of the requests to the service.
func (m *Monitor[T]) Wait(ctx context.Context, opts ...RequestOption) (T, error) {
	var none T
	m.progressed = m.OnProgress
	kind := reflect.TypeFor[T]()
	m.unfetched = kind == reflect.TypeFor[OperationProgress]() || kind == reflect.TypeFor[struct{}]()
	a, err := m.await(ctx, opts)
	if err != nil {
		return none, err
	}
	if told, ok := any(m.told).(T); ok {
		return told, nil
	}
	if m.ended && m.told.ResourceID != "" && m.told.ResourceLocation == "" && !m.unfetched {
		return none, fmt.Errorf("the operation has ended, but names its result by the id %q alone: Await[OperationProgress] returns it, for a request builder", m.told.ResourceID)
	}
	return decoded[T](a, m.types)
}

// monitor is a [Monitor] whatever its result.
type monitor struct {
	laterResult
	client     *Client
	url        string
	now        bool          // the first look does not wait
	hint       time.Duration // what the service asked for
	unfetched  bool          // nobody wants the result
	progressed func(OperationProgress)
	tells      func(*answer) (more bool, err error) // of a service that tells more, whose monitors are its own; may be nil
	told       OperationProgress                    // by the last look
	ended      bool                                 // the last look described an operation that has ended
}

// monitorAt returns the monitor at a link, which may be relative, with a first wait.
func monitorAt(c *Client, link string, first time.Duration) *monitor {
	return &monitor{client: c, url: resolved(c.base, link), hint: first}
}

// await polls the monitor until the request is carried out, and returns the answer to it.
func (m *monitor) await(ctx context.Context, opts []RequestOption) (*answer, error) {
	wait := pauses{}
	for {
		if !m.now {
			if err := wait.next(ctx, m.hint); err != nil {
				return nil, err
			}
		}
		m.now = false
		if m.tells != nil && !m.client.isOurs(m.url) {
			_, err := m.client.ownLink(m.client.base, m.url)
			return nil, err
		}
		a, err := m.client.look(ctx, m.url, opts)
		if err != nil {
			return nil, err
		}
		m.hint, _ = retryAfter(a.resp.Header, time.Now())
		if m.tells != nil {
			if a.resp.StatusCode == http.StatusAccepted {
				m.url = cmp.Or(a.link(a.resp.Header.Get("Location")), m.url)
			}
			if more, err := m.tells(a); err != nil || !more {
				return a, err
			}
			continue
		}
		a, result, err := m.seen(a)
		if m.progressed != nil && m.told != (OperationProgress{}) {
			m.progressed(m.told)
		}
		switch {
		case err != nil:
			return nil, err
		case a == nil:
			continue
		case result == "" || m.unfetched:
			return a, nil
		}
		return m.client.look(ctx, result, opts)
	}
}

// look reads what is at a URL that the service gave. It bears a token only if the URL is the
// service's own.
func (c *Client) look(ctx context.Context, link string, opts []RequestOption) (*answer, error) {
	const most = 5 // redirects
	for range most {
		if c.isOurs(link) {
			return c.read(ctx, c.root().request(http.MethodGet, append(opts[:len(opts):len(opts)], linked(link))))
		}
		a, err := c.read(ctx, c.awayRequest(http.MethodGet, link, nil))
		if err != nil {
			return nil, err
		}
		if !isRedirect(a.resp.StatusCode) {
			return a, nil
		}
		from, _ := url.Parse(link)
		link = resolved(from, a.resp.Header.Get("Location"))
	}
	return nil, fmt.Errorf("the monitor was redirected %d times", most)
}

// seen reads the answer of a monitor. It returns the answer to the request once it is carried
// out, and where the result is, "" for the answer itself.
func (m *monitor) seen(a *answer) (final *answer, result string, err error) {
	m.ended, m.told = false, OperationProgress{}
	if a.resp.StatusCode == http.StatusAccepted {
		m.describe(a)
		m.url = cmp.Or(a.link(a.resp.Header.Get("Location")), m.url)
		if !OperationDone(m.told.Status) { // some services say that it is done with 202, too
			return nil, "", nil
		}
	}
	if a, err = m.client.unwrapped(a); err != nil {
		return nil, "", err
	}
	failure, isOperation := m.describe(a)
	switch {
	case !isOperation:
		return a, "", nil
	case !OperationDone(m.told.Status):
		if m.operation || isRunning(m.told.Status) {
			return nil, "", nil
		}
		return a, "", nil
	case failure:
		return nil, "", a.error(a.data)
	}
	switch lowerASCII(m.told.Status) {
	case "failed", "canceled", "cancelled":
		return nil, "", newError(a.request, a.resp, a.data, "the operation has ended: "+m.told.Status)
	}
	m.ended = true
	return a, cmp.Or(m.told.ResourceLocation, m.result), nil
}

// describe reads the answer of a monitor that describes an operation, and reports whether it
// does, and whether it describes a failure.
func (m *monitor) describe(a *answer) (failure, isOperation bool) {
	var operation struct {
		Status                                                                 string
		ResourceLocation, ResourceID, TargetResourceLocation, TargetResourceID string
		PercentageComplete, PercentComplete                                    json.RawMessage
		Error                                                                  json.RawMessage
	}
	if a.resp.Header.Get("Asyncresult") != "" || json.Unmarshal(a.data, &operation) != nil || operation.Status == "" {
		return false, false
	}
	m.told = OperationProgress{
		Status: operation.Status, ResourceID: cmp.Or(operation.ResourceID, operation.TargetResourceID),
		ResourceLocation: a.link(cmp.Or(operation.ResourceLocation, operation.TargetResourceLocation)),
	}
	for _, raw := range []json.RawMessage{operation.PercentComplete, operation.PercentageComplete} {
		_ = json.Unmarshal(raw, &m.told.Percent) // what is no number counts as absent
	}
	return operation.Error != nil && string(operation.Error) != "null", true
}

// isRunning reports whether a status means that an operation has not ended, rather than being a
// property of the result that has the same name.
func isRunning(status string) bool {
	switch lowerASCII(status) {
	case "notstarted", "running", "inprogress", "accepted", "pending", "queued", "waiting":
		return true
	}
	return false
}
