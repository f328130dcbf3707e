package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file holds requests by link for the part of the runtime that knows Redfish.

// newControllerClient returns a client of a Redfish service at a URL. Its links may lead
// anywhere at the host, such as to where firmware is uploaded.
func newControllerClient(base string, opts []ClientOption) *Client {
	s := service{base: base, segments: true, qualified: true, odata: version40, anywhere: true, rewrite: withoutTypes}
	return newServiceClient(s, nil, append([]ClientOption{WithBaseURL(base)}, opts...))
}

// withoutTypes returns JSON without the types of its objects, which controllers ignore at best
// (DSP0266, "Modification requests").
func withoutTypes(body []byte) ([]byte, error) {
	var members map[string]json.RawMessage
	if bytes.Contains(body, []byte(`@odata.type"`)) && body[0] == '{' {
		if err := json.Unmarshal(body, &members); err != nil {
			return nil, err
		}
		delete(members, "@odata.type")
		for name, value := range members {
			inner, err := withoutTypes(value)
			if err != nil {
				return nil, err
			}
			members[name] = inner
		}
		return json.Marshal(members)
	}
	var items []json.RawMessage
	if !bytes.Contains(body, []byte(`@odata.type"`)) || json.Unmarshal(body, &items) != nil {
		return body, nil
	}
	for i, item := range items {
		inner, err := withoutTypes(item)
		if err != nil {
			return nil, err
		}
		items[i] = inner
	}
	return json.Marshal(items)
}

// exchangeAt sends a request to a link, and returns status, header and links of the answer, and
// its body. The body of the request is a value, the parameters of an operation, JSON, or nil.
func exchangeAt(ctx context.Context, c *Client, method, link string, body any, opts []RequestOption) (*Response, []byte, error) {
	r := c.root().request(method, append(opts[:len(opts):len(opts)], addressed(link)))
	if body != nil {
		data, ok := body.(json.RawMessage)
		if !ok {
			encoded, err := c.encodeBody(body)
			if err != nil {
				return nil, nil, err
			}
			data = encoded
		}
		r.body, r.contentType = data, c.jsonType()
	}
	return c.exchangeRequest(ctx, r)
}

// bareOption adds a query parameter that has no value.
func bareOption(name string) RequestOption {
	return func(r *request) {
		r.set(name, "")
		r.query[len(r.query)-1].bare = true
	}
}

// withoutQuery leaves out the query options before it.
func withoutQuery() RequestOption { return func(r *request) { r.query = nil } }

// exchangeRequest sends a request, and returns what exchangeAt returns.
func (c *Client) exchangeRequest(ctx context.Context, r *request) (*Response, []byte, error) {
	var response Response
	user := r.response
	r.response = &response
	a, err := c.read(ctx, r)
	if user != nil {
		*user = response
	}
	if err != nil {
		return nil, nil, err
	}
	if err := a.refusal(); err != nil {
		return nil, nil, err
	}
	return &response, a.data, nil
}

// openAt opens the stream at a link.
func openAt(ctx context.Context, c *Client, link string, opts []RequestOption) (*Stream, error) {
	return c.root().open(ctx, append(opts[:len(opts):len(opts)], addressed(link)))
}

// postAt sends content to a link.
func postAt(ctx context.Context, c *Client, link, contentType string, from io.Reader, opts []RequestOption) (*Response, []byte, error) {
	sent, err := newContent(from)
	if err != nil {
		return nil, nil, err
	}
	defer sent.end(ctx)
	r := c.root().request(http.MethodPost, append(opts[:len(opts):len(opts)], addressed(link)))
	r.content, r.contentType = sent, contentType
	return c.exchangeRequest(ctx, r)
}

// taskLook tells from the status and the body of a monitor's answer whether the task goes on,
// and why it has failed, "" if it has not.
type taskLook func(ctx context.Context, status int, body []byte) (more bool, failed string)

// awaitAt polls a monitor until look says that the task has ended, and returns the last answer.
func awaitAt(ctx context.Context, c *Client, link string, first time.Duration, look taskLook, opts []RequestOption) (*Response, []byte, error) {
	m := monitorAt(c, link, first)
	m.tells = func(a *answer) (bool, error) {
		more, failed := look(ctx, a.resp.StatusCode, a.data)
		if failed != "" {
			return false, newError(a.request, a.resp, a.data, failed)
		}
		return more, nil
	}
	a, err := m.await(ctx, opts)
	if err != nil {
		return nil, nil, err
	}
	return &Response{
		Status: a.resp.StatusCode, Header: a.resp.Header, Location: c.location(cameFrom(a.resp), a.resp.Header.Get("Location")),
		RequestID: a.resp.Header.Get("Request-Id"),
	}, a.data, nil
}

// additionalText returns a member of a value that is kept as text, or "".
func additionalText(v codec.Value, name codec.Property) string {
	if v == nil || codec.IsNil(v) {
		return ""
	}
	if ad := codec.AdditionalOf(v); ad != nil {
		return textOf(ad, name)
	}
	return ""
}

// encodedBody returns a value, or the parameters of an operation, as they are sent.
func encodedBody(c *Client, body any) ([]byte, error) { return c.encodeBody(body) }

// pausedFor waits for the n-th time, longer each time, or as long as is asked for.
func pausedFor(ctx context.Context, n int, asked time.Duration) error {
	const most = time.Minute
	wait := min(cmp.Or(asked, time.Second)<<min(n, 10), most)
	if err := sleep(ctx, max(wait, asked)); err != nil {
		return fmt.Errorf("while waiting to go on: %w", err)
	}
	return nil
}

// mayPass reports whether an error comes from the network and may not come again.
func mayPass(err error) bool { return failureOf(0, err) == failureBroken }
