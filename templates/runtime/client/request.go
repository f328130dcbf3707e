package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// request is a request before it becomes one of HTTP.
type request struct {
	method      string
	path        string // under the base URL
	link        string // absolute URL that stands for path and query, from an answer
	aliases     string // query parameters that the path refers to
	query       []queryOption
	header      http.Header
	prefer      []string
	accept      string
	body        []byte
	content     *content // instead of body
	contentType string
	response    *Response
	err         error // of an option
}

// Response is what an answer says beside its content. See [ResponseInto].
type Response struct {
	Status          int
	Header          http.Header
	Location        string // of what was created
	RequestID       string // by which the service knows the request
	ClientRequestID string // by which the client knows it
}

// url returns the URL of the request.
func (r *request) url(c *Client) (*url.URL, error) {
	if r.link != "" {
		return c.ownLink(r.link)
	}
	text := c.base.String() + r.path
	query := encodeQuery(r.query) + r.aliases
	if query != "" {
		text += "?" + strings.TrimPrefix(query, "&")
	}
	return url.Parse(text)
}

// ownLink checks a link from an answer: it must stay under the base URL.
func (c *Client) ownLink(link string) (*url.URL, error) {
	u, err := url.Parse(link)
	if err != nil {
		return nil, fmt.Errorf("the link in the answer is malformed: %w", err)
	}
	if !c.isOwn(u) || !strings.HasPrefix(path.Clean(u.Path)+"/", c.base.Path+"/") || !strings.HasPrefix(u.Path, c.base.Path+"/") {
		return nil, fmt.Errorf("the link in the answer leads to %s://%s, away from %s: it is not followed", u.Scheme, u.Host, c.base)
	}
	return u, nil
}

// read makes a request and reads the whole answer. An answer to a GET that breaks off is
// asked for again; other requests have done what they do.
func (c *Client) read(ctx context.Context, r *request) (*http.Response, []byte, error) {
	for attempt := 0; ; attempt++ {
		resp, err := c.do(ctx, r)
		if err != nil {
			return nil, nil, err
		}
		data, err := io.ReadAll(io.LimitReader(resp.Body, c.limit+1))
		resp.Body.Close()
		if err == nil && int64(len(data)) > c.limit {
			return nil, nil, fmt.Errorf("%s %s: the answer has more than %d bytes: raise it with WithResponseLimit", r.method, r.path, c.limit)
		}
		if err == nil {
			return resp, data, nil
		}
		if r.method != http.MethodGet || attempt >= c.retry.Attempts || ctx.Err() != nil || sleep(ctx, c.retry.jitter(attempt)) != nil {
			return nil, nil, fmt.Errorf("%s %s: the answer breaks off: %w", r.method, r.path, err)
		}
	}
}

// do makes a request, again if need be, and returns an answer that reports success.
// Its body must be closed.
func (c *Client) do(ctx context.Context, r *request) (*http.Response, error) {
	if c.err != nil {
		return nil, c.err
	}
	if r.err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.method, r.path, r.err)
	}
	u, err := r.url(c)
	if err != nil {
		return nil, err
	}
	if b := batchOf(ctx); b != nil {
		return b.exchange(c, r, u)
	}
	id := r.header.Get("Client-Request-Id")
	if id == "" {
		id = newRequestID()
	}
	var waited time.Duration
	for attempt := 0; ; attempt++ {
		begun := time.Now()
		resp, err := c.once(ctx, r, u, id)
		c.logged(ctx, r, resp, err, attempt, time.Since(begun))
		if err == nil && isSuccess(resp.StatusCode) {
			r.respond(resp, id)
			noteRetryAfter(ctx, resp.Header)
			return resp, nil
		}
		r.content.end(ctx)
		failure := r.failed(resp, err, id)
		wait, again := c.retry.next(ctx, r, resp, err, attempt, waited)
		if !again {
			return nil, failure
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, fmt.Errorf("%w; while waiting to repeat it: %w", failure, err)
		}
		waited += wait
	}
}

// isSuccess reports whether a status says that the request was done. Redirects that are
// not followed, and 304, give nothing to decode.
func isSuccess(status int) bool { return status < 300 }

// once makes a request once.
func (c *Client) once(ctx context.Context, r *request, u *url.URL, id string) (*http.Response, error) {
	body, length, err := r.reader()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), body)
	if err != nil {
		return nil, err
	}
	if length >= 0 {
		req.ContentLength = length
	}
	r.setHeader(req.Header)
	req.Header.Set("Client-Request-Id", id)
	req.Header.Set("User-Agent", c.agent)
	if c.tokens != nil && c.isOwn(u) {
		token, err := c.tokens.Token(ctx, c.cloud.Scope)
		if err != nil {
			return nil, &finalError{fmt.Errorf("no access token: %w", err)}
		}
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return c.http.Do(req)
}

// finalError is an error for which no request is repeated.
type finalError struct{ error }

// Unwrap returns the error itself.
func (e *finalError) Unwrap() error { return e.error }

// setHeader sets the headers that do not change from one attempt to the next.
func (r *request) setHeader(h http.Header) {
	for name, values := range r.header {
		h[name] = slices.Clone(values)
	}
	if h.Get("Accept") == "" {
		h.Set("Accept", r.accept)
	}
	if r.contentType != "" {
		h.Set("Content-Type", r.contentType)
	}
	if len(r.prefer) > 0 {
		h.Set("Prefer", strings.Join(r.prefer, ", "))
	}
}

// reader returns the body from its beginning, and its length, -1 when that is not known.
func (r *request) reader() (io.Reader, int64, error) {
	if r.content != nil {
		body, err := r.content.begin()
		return body, r.content.length, err
	}
	if r.body == nil {
		return nil, 0, nil
	}
	return bytes.NewReader(r.body), int64(len(r.body)), nil
}

// replays reports whether the body can be sent again.
func (r *request) replays() bool { return r.content == nil || r.content.seeker != nil }

func (r *request) respond(resp *http.Response, id string) {
	if r.response == nil {
		return
	}
	*r.response = Response{
		Status: resp.StatusCode, Header: resp.Header, Location: resp.Header.Get("Location"),
		RequestID: resp.Header.Get("Request-Id"), ClientRequestID: id,
	}
}

// failed returns the error of an attempt, and reads what the answer says of it.
func (r *request) failed(resp *http.Response, err error, id string) error {
	if err != nil {
		return fmt.Errorf("%s %s: %w", r.method, r.path, withoutURL(err))
	}
	defer resp.Body.Close()
	r.respond(resp, id)
	data, _ := io.ReadAll(io.LimitReader(resp.Body, mostOfError))
	e := newError(r, resp, data, "")
	if e.ClientRequestID == "" {
		e.ClientRequestID = id
	}
	return e
}

func (c *Client) logged(ctx context.Context, r *request, resp *http.Response, err error, attempt int, took time.Duration) {
	if c.log == nil {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", r.method), slog.String("path", r.path),
		slog.Int("attempt", attempt+1), slog.Duration("took", took),
	}
	level := slog.LevelDebug
	if err != nil {
		level = slog.LevelWarn
		attrs = append(attrs, slog.String("error", withoutURL(err).Error()))
	} else {
		attrs = append(attrs, slog.Int("status", resp.StatusCode), slog.String("requestId", resp.Header.Get("Request-Id")))
		if resp.StatusCode >= 400 {
			level = slog.LevelWarn
		}
	}
	c.log.LogAttrs(ctx, level, "request", attrs...)
}

// withoutURL returns what is below the error of a request: its text has the URL, whose
// query can hold what nobody should read.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// isJSON reports whether an answer says that it is JSON, or nothing of what it is.
func isJSON(contentType string) bool {
	if contentType == "" {
		return true
	}
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && (t == contentJSON || strings.HasSuffix(t, "+json"))
}

// newRequestID returns a random UUID (RFC 9562, version 4).
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
