package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// BatchFormat is how a [Batch] is sent.
type BatchFormat int

const (
	GraphBatch     BatchFormat = iota // as Graph has it: JSON, up to twenty requests
	JSONBatch                         // as OData 4.01 has it: JSON, with Atomic and If
	MultipartBatch                    // as OData 4.0 has it: multipart/mixed, with Atomic
)

// WithBatchFormat sets the format of batches. The default is what the package was generated for.
func WithBatchFormat(format BatchFormat) ClientOption {
	return func(c *Client) { c.batches = format }
}

// most returns how many requests there may be in one HTTP request.
func (f BatchFormat) most() int {
	if f == GraphBatch {
		return 20
	}
	return 100
}

// depends reports whether the format can say that a request depends on another one.
func (f BatchFormat) depends() bool { return f != MultipartBatch }

// Atomic makes requests of the batch succeed or fail together. If one of them fails, those that
// would have succeeded fail, too.
func (b *Batch) Atomic(items ...interface{ batchEntry() *batchEntry }) {
	b.groups++
	for _, i := range items {
		e := i.batchEntry()
		switch {
		case !slices.Contains(b.items, e):
			b.err = errors.New("a request of another batch cannot be in the group: pass items of this batch to Atomic")
		case e.group != 0:
			b.err = errors.New("a request is in two groups of a batch: call Atomic once for each item")
		}
		e.group = b.groups
	}
	if b.client.batches == GraphBatch {
		b.err = errors.New("batches of Graph have no requests that succeed or fail together: send them one by one, or set another format with WithBatchFormat")
	}
}

// If makes the service carry out the request if a condition is true, instead of if the requests
// given with After have succeeded. It can refer to those, such as in
// first.Reference() + "/$succeeded eq false". It needs [JSONBatch].
func (i *BatchItem[T]) If(condition string) *BatchItem[T] {
	i.entry.when = condition
	return i
}

// Reference returns how other requests of the batch refer to the answer of this one: in
// conditions, and in If-Match to its ETag. They must come after it (see [BatchItem.After]).
func (i *BatchItem[T]) Reference() string { return "$" + i.entry.id }

// check returns an error if the batch cannot be sent as it is.
func (b *Batch) check(most int) error {
	if b.err != nil {
		return b.err
	}
	for _, e := range b.items {
		switch {
		case e.when != "" && b.client.batches != JSONBatch:
			return errors.New("the format of the batch has no conditions: leave out If, or set JSONBatch with WithBatchFormat")
		case len(b.unit(e)) > most:
			return fmt.Errorf("a group of the batch has more than %d requests: make it smaller", most)
		case e.group != 0 && e.request != nil && e.request.method == http.MethodGet && b.client.batches == MultipartBatch:
			return errors.New("a group of the batch has a request that reads: OData 4.0 allows only changes in change sets")
		}
	}
	return nil
}

// unit returns the unsent requests that succeed or fail together with one, in their order.
func (b *Batch) unit(e *batchEntry) []*batchEntry {
	if e.group == 0 {
		return []*batchEntry{e}
	}
	return slices.DeleteFunc(slices.Clone(b.items), func(o *batchEntry) bool { return o.group != e.group || o.err != errUnsent })
}

// settle gives the requests of a group that has failed their error, whatever was answered to
// them.
func (b *Batch) settle() {
	failed := make(map[int]*batchEntry)
	for _, e := range b.items {
		if e.group != 0 && e.request != nil && e.failed() {
			failed[e.group] = e
		}
	}
	for _, e := range b.items {
		if first := failed[e.group]; first != nil && !e.failed() {
			e.err = fmt.Errorf("the request was undone, because %s %s of its group failed", first.request.method, first.request.path)
		}
	}
}

// encode makes the body of the request for a group.
func (b *Batch) encode(r *request, group []*batchEntry) error {
	if b.client.batches == MultipartBatch {
		b.encodeMultipart(r, group)
		return nil
	}
	var list []batchRequest
	for _, e := range group {
		list = append(list, b.encodeJSON(e, group))
	}
	body, err := json.Marshal(map[string]any{"requests": list})
	r.body, r.contentType = body, contentJSON
	return err
}

// batchRequest is a request in the JSON of a batch.
type batchRequest struct {
	ID        string            `json:"id"`
	Group     string            `json:"atomicityGroup,omitempty"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers,omitempty"`
	Body      json.RawMessage   `json:"body,omitempty"`
	DependsOn []string          `json:"dependsOn,omitempty"`
	If        string            `json:"if,omitempty"`
}

func (b *Batch) encodeJSON(e *batchEntry, group []*batchEntry) batchRequest {
	header := make(http.Header)
	e.request.setHeader(header)
	out := batchRequest{
		ID: e.id, Group: e.groupName(), Method: e.request.method, URL: b.relative(e),
		Body: e.request.body, Headers: make(map[string]string), If: e.when,
	}
	for name := range header {
		value := header.Get(name)
		if b.client.batches == JSONBatch {
			name = strings.ToLower(name)
		}
		out.Headers[name] = value
	}
	for _, o := range e.after {
		id := o.id
		if o.group != 0 && o.group != e.group {
			id = o.groupName()
		}
		if slices.Contains(group, o) && !slices.Contains(out.DependsOn, id) {
			out.DependsOn = append(out.DependsOn, id)
		}
	}
	return out
}

// groupName returns the name of the request's group, or "".
func (e *batchEntry) groupName() string {
	if e.group == 0 {
		return ""
	}
	return "g" + strconv.Itoa(e.group)
}

// relative returns the URL of a request relative to that of the batch. Graph wants a slash
// before it, which elsewhere would make it relative to the host.
func (b *Batch) relative(e *batchEntry) string {
	path := strings.TrimPrefix(e.url.EscapedPath(), b.client.base.EscapedPath())
	if b.client.batches != GraphBatch {
		path = strings.ReplaceAll(strings.TrimPrefix(path, "/"), ":", "%3A") // no scheme
	}
	if e.url.RawQuery != "" {
		path += "?" + e.url.RawQuery
	}
	return path
}
