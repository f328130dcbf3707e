package client

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Batch is a set of requests that are sent together, up to twenty in one HTTP request (Graph,
// "Combine multiple requests in one HTTP call using JSON batching"), in another [BatchFormat] up
// to a hundred. Add all requests, then call Send once. A Batch is not safe for concurrent use.
type Batch struct {
	client *Client
	items  []*batchEntry
	groups int // of requests that succeed or fail together
	sent   bool
	err    error // caused by what the format cannot express
}

// NewBatch returns an empty batch.
func (c *Client) NewBatch() *Batch { return &Batch{client: c} }

// BatchItem is a request of a [Batch]; it holds the result once the batch has been sent.
type BatchItem[T any] struct {
	client *Client
	entry  *batchEntry
	call   func(context.Context) (T, error)
}

// AddToBatch adds to b the one request that call makes with the context it is given. The
// function is called twice: at once, to record the request, with an error that it must return;
// and by [BatchItem.Result], to decode the answer.
func AddToBatch[T any](b *Batch, call func(context.Context) (T, error)) *BatchItem[T] {
	e := b.add(func(ctx context.Context) error {
		_, err := call(ctx)
		return err
	})
	return &BatchItem[T]{b.client, e, call}
}

// Add is like [AddToBatch] for a request without a result.
func (b *Batch) Add(call func(context.Context) error) *BatchItem[struct{}] {
	return AddToBatch(b, func(ctx context.Context) (struct{}, error) { return struct{}{}, call(ctx) })
}

// After makes the request run after another one of the same batch. If that one fails, it fails
// with status 424.
func (i *BatchItem[T]) After(other interface{ batchEntry() *batchEntry }) *BatchItem[T] {
	i.entry.after = append(i.entry.after, other.batchEntry())
	return i
}

func (i *BatchItem[T]) batchEntry() *batchEntry { return i.entry }

// Result returns what the request would have returned by itself, or an [*Error] if the service
// refused it.
func (i *BatchItem[T]) Result() (T, error) {
	if i.entry.err != nil {
		var none T
		return none, i.entry.err
	}
	return i.call(context.WithValue(context.Background(), batchKey{}, &batchSlot{client: i.client, entry: i.entry, replay: true}))
}

// batchEntry is a request and its answer.
type batchEntry struct {
	id      string
	request *request
	url     *url.URL
	after   []*batchEntry
	group   int    // of requests that succeed or fail together, 0 for none
	when    string // the condition, see BatchItem.If
	status  int    // 0 until there is an answer
	header  http.Header
	body    []byte
	closed  bool    // the answer is certainly complete
	left    bool    // it was sent at least once
	claims  *claims // that the token of its batch must have
	err     error   // why it has no answer
}

func (e *batchEntry) failed() bool { return e.err != nil || e.status >= 400 }

// batchKey is the context key of a batchSlot.
type batchKey struct{}

// batchSlot takes the place of the network for one request.
type batchSlot struct {
	client *Client
	entry  *batchEntry
	replay bool // return the answer instead of recording the request
}

func batchOf(ctx context.Context) *batchSlot {
	s, _ := ctx.Value(batchKey{}).(*batchSlot)
	return s
}

var (
	errNoted  = errors.New("the request is in a batch: return this error, send the batch, then call Result")
	errUnsent = errors.New("the batch was not sent")
	errUnread = errors.New("the request was sent, but its answer was not understood")
)

func (b *Batch) add(call func(context.Context) error) *batchEntry {
	e := &batchEntry{id: strconv.Itoa(len(b.items) + 1)}
	err := call(context.WithValue(context.Background(), batchKey{}, &batchSlot{client: b.client, entry: e}))
	switch {
	case e.request != nil:
		e.err = errUnsent
	case err == nil:
		e.err = errors.New("the function made no request with the context that it was given: pass that context on")
	default:
		e.err = err
	}
	b.items = append(b.items, e)
	return e
}

// exchange records a request or returns its answer.
func (s *batchSlot) exchange(c *Client, r *request, u *url.URL) (*http.Response, error) {
	e := s.entry
	if c != s.client {
		return nil, errors.New("the request belongs to another client: use the client that made the batch")
	}
	if !s.replay {
		if e.request != nil {
			return nil, errors.New("a function in a batch made a second request: add each request by itself")
		}
		if r.content != nil {
			return nil, errors.New("streams cannot be sent in a batch: send this request by itself")
		}
		e.request, e.url = r, u
		return nil, errNoted
	}
	resp := &http.Response{
		StatusCode: e.status, Header: e.header, ContentLength: int64(len(e.body)), Body: io.NopCloser(bytes.NewReader(e.body)),
		Request: &http.Request{URL: u},
	}
	if !isSuccess(e.status) {
		return nil, c.failed(r, resp, nil, "")
	}
	c.respond(r, resp, "")
	r.budget = new(budget) // retries are for the whole batch
	return resp, nil
}

// Send sends the requests. It returns an error if the batch as a whole could not be sent or
// its answer could not be understood; the outcome of each request is in its own result. The
// error of a request says whether it was sent: if it was, the service may have carried it out.
//
// Requests that the service was too busy for are sent again as the client's [RetryPolicy]
// allows; the batch counts as one request. Those that need another token are sent again with
// one, once each, if there is a [ClaimsTokenSource].
func (b *Batch) Send(ctx context.Context) error {
	if b.sent {
		return errors.New("the batch was sent already: make a new one")
	}
	b.sent = true
	most := b.client.batches.most()
	if err := b.check(most); err != nil {
		b.noteUnsent(err)
		return err
	}
	defer b.settle()
	left := &budget{policy: b.client.retry}
	for {
		for {
			group := b.ready(most)
			if len(group) == 0 {
				break
			}
			if err := b.post(ctx, group, left); err != nil {
				b.noteUnsent(err)
				return err
			}
		}
		if refused := b.challenged(); len(refused) > 0 {
			b.reset(refused)
			continue
		}
		busy, wait := b.throttled(ctx, left)
		if len(busy) == 0 {
			return b.blocked()
		}
		if err := left.spend(ctx, wait); err != nil {
			return err
		}
		b.reset(busy)
	}
}

// noteUnsent gives the remaining requests the error that kept them from being sent.
func (b *Batch) noteUnsent(err error) {
	for _, e := range b.items {
		if e.err == errUnsent {
			e.err = e.unsent(err)
		}
	}
}

// unsent returns the error of a request that was not sent, or not sent again.
func (e *batchEntry) unsent(err error) error {
	switch {
	case e.left && e.claims != nil:
		return fmt.Errorf("the service refused the token of the request, and it was not sent with another: %w", err)
	case e.left:
		return fmt.Errorf("the request was sent, but the service was too busy for it, and it cannot be repeated: %w", err)
	}
	return fmt.Errorf("%w: %w", errUnsent, err)
}

// reset clears the answers of requests to be sent again, and of those that failed only because
// they depend on one of them.
func (b *Batch) reset(busy []*batchEntry) {
	for more := true; more; {
		more = false
		for _, e := range b.items {
			waits := e.failedDependency() && slices.ContainsFunc(e.after, func(o *batchEntry) bool { return o.err == errUnsent })
			again := slices.ContainsFunc(busy, e.isTiedTo)
			if waits || again && e.err != errUnsent {
				e.status, e.err, more = 0, errUnsent, true
			}
		}
	}
}

// isTiedTo reports whether requests are the same or succeed or fail together.
func (e *batchEntry) isTiedTo(o *batchEntry) bool {
	return e == o || e.group != 0 && e.group == o.group
}

// failedDependency reports whether a request was skipped because another one failed.
func (e *batchEntry) failedDependency() bool {
	return e.err == nil && e.status == http.StatusFailedDependency || e.err != nil && hasStatus(e.err, http.StatusFailedDependency)
}

// blocked returns an error if some requests can never be sent.
func (b *Batch) blocked() error {
	err := errors.New("requests of the batch wait for each other or for a request of another batch: check the calls of After")
	for _, e := range b.items {
		if e.err == errUnsent {
			e.err = err
		}
	}
	if slices.ContainsFunc(b.items, func(e *batchEntry) bool { return e.err == err }) {
		return err
	}
	return nil
}

// ready returns the requests that can be sent next: those whose dependencies have been
// answered or come earlier in the same group. Requests that succeed or fail together stay
// together; those that need different tokens are sent apart.
func (b *Batch) ready(most int) []*batchEntry {
	var group []*batchEntry
	for _, e := range b.items {
		if e.err != errUnsent || slices.Contains(group, e) {
			continue
		}
		unit := b.unit(e)
		switch {
		case slices.ContainsFunc(unit, (*batchEntry).lacksOther):
			for _, e := range unit {
				e.err = &Error{Method: e.request.method, Path: e.request.path, Status: http.StatusFailedDependency, Message: "a request that it depends on has failed"}
			}
		case len(group) > 0 && group[0].claims != e.claims:
		case len(group)+len(unit) <= most && !b.isBlocked(unit, group):
			group = append(group, unit...)
		}
	}
	return group
}

// lacksOther reports whether a request depends on one that has failed.
func (e *batchEntry) lacksOther() bool {
	return e.when == "" && slices.ContainsFunc(e.after, func(o *batchEntry) bool { return o.err != errUnsent && o.failed() })
}

// isBlocked reports whether requests depend on others that have neither been answered nor can
// be sent before them in the same group.
func (b *Batch) isBlocked(unit, group []*batchEntry) bool {
	if !b.client.batches.depends() {
		group = nil
	}
	for _, e := range unit {
		if slices.ContainsFunc(e.after, func(o *batchEntry) bool {
			return o.err == errUnsent && !slices.Contains(group, o) && !slices.Contains(unit, o)
		}) {
			return true
		}
	}
	return false
}

// throttled returns the requests that the service was too busy for and that may be repeated,
// and the longest wait that it asked for.
func (b *Batch) throttled(ctx context.Context, left *budget) (list []*batchEntry, longest time.Duration) {
	for _, e := range b.items {
		if e.err != nil || e.status == 0 {
			continue
		}
		if wait, again := left.next(ctx, e.request.method, failureOf(e.status, nil), e.header); again {
			longest = max(longest, wait)
			list = append(list, e)
		}
	}
	return list, longest
}

// post sends a group of requests and records the answers.
func (b *Batch) post(ctx context.Context, group []*batchEntry, left *budget) error {
	r := b.client.root().child("$batch").request(http.MethodPost, nil)
	r.budget, r.claims = left, group[0].claims
	read := readBatch
	if err := b.encode(r, group); err != nil {
		return err
	}
	if b.client.batches == MultipartBatch {
		read = readMultipart
	}
	a, err := b.client.readFinal(ctx, r)
	for _, e := range group {
		e.left = e.left || r.left
	}
	if err != nil {
		noteUnanswered(group, r, err)
		return err
	}
	if !read(a, group) {
		err := cmp.Or(a.refusal(), a.isReadable(), errors.New("the answer to the batch has no list of responses"))
		noteUnanswered(group, r, err)
		return err
	}
	noteSpliced(a, group)
	return b.readRest(ctx, a, group, left)
}

// noteSpliced gives the requests without a complete answer the error that interrupts the list
// of answers. An error that is the body of an answer belongs to that answer alone.
func noteSpliced(a *answer, group []*batchEntry) {
	before, told := a.interrupted()
	if told == nil || bytes.HasSuffix(bytes.TrimRight(before, ": \t\r\n"), []byte(`"body"`)) {
		return
	}
	for _, e := range group {
		if e.err != nil || !e.closed {
			e.err = fmt.Errorf("%w: %w", errUnread, a.error(told))
		}
	}
}

// noteUnanswered gives the requests of a group the error of the whole batch.
func noteUnanswered(group []*batchEntry, r *request, err error) {
	for _, e := range group {
		refused, ok := errors.AsType[*Error](err)
		switch {
		case !r.left:
			e.err = e.unsent(err)
		case ok && !isSuccess(refused.Status):
			e.err = fmt.Errorf("the service refused the whole batch: %w", err)
		default:
			e.err = fmt.Errorf("%w: %w", errUnread, err)
		}
	}
}
