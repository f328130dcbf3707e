package runtime

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
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
	content     io.Reader // instead of body
	start       int64     // where content begins, if it can be sent again
	begun       bool      // start is known
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
	if !c.isOwn(u) || !strings.HasPrefix(u.EscapedPath(), c.base.EscapedPath()+"/") || strings.Contains(u.Path, "/../") {
		return nil, fmt.Errorf("the link in the answer leads to %s://%s, away from %s: it is not followed", u.Scheme, u.Host, c.base)
	}
	return u, nil
}

// read makes a request and reads the whole answer.
func (c *Client) read(ctx context.Context, r *request) (*http.Response, []byte, error) {
	resp, err := c.do(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, c.limit+1))
	if err != nil {
		return nil, nil, fmt.Errorf("%s %s: the answer breaks off: %w", r.method, r.path, err)
	}
	if int64(len(data)) > c.limit {
		return nil, nil, fmt.Errorf("%s %s: the answer has more than %d bytes: raise it with WithResponseLimit", r.method, r.path, c.limit)
	}
	return resp, data, nil
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
	id := newRequestID()
	var waited time.Duration
	for attempt := 0; ; attempt++ {
		begun := time.Now()
		resp, err := c.once(ctx, r, u, id)
		c.logged(ctx, r, resp, err, attempt, time.Since(begun))
		if err == nil && resp.StatusCode < 400 {
			r.respond(resp, id)
			return resp, nil
		}
		wait, again := c.retry.next(ctx, r, resp, err, attempt, waited)
		if !again {
			return nil, r.failed(resp, err, id)
		}
		if resp != nil {
			discard(resp)
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
		waited += wait
	}
}

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
	if req.Header.Get("Client-Request-Id") == "" {
		req.Header.Set("Client-Request-Id", id)
	}
	req.Header.Set("User-Agent", c.agent)
	if c.tokens != nil && c.isOwn(u) {
		token, err := c.tokens.Token(ctx, c.cloud.Scope)
		if err != nil {
			return nil, &tokenError{err}
		}
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return c.http.Do(req)
}

// tokenError is an error of the token source, for which no request is repeated.
type tokenError struct{ err error }

func (e *tokenError) Error() string { return "no access token: " + e.err.Error() }
func (e *tokenError) Unwrap() error { return e.err }

// setHeader sets the headers that do not change from one attempt to the next.
func (r *request) setHeader(h http.Header) {
	for name, values := range r.header {
		h[name] = values
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
	if r.content == nil {
		if r.body == nil {
			return nil, 0, nil
		}
		return bytes.NewReader(r.body), int64(len(r.body)), nil
	}
	content := io.NopCloser(r.content) // it is the caller's to close
	s, ok := r.content.(io.Seeker)
	if !ok {
		return content, -1, nil
	}
	if !r.begun {
		start, err := s.Seek(0, io.SeekCurrent)
		if err != nil {
			return nil, 0, err
		}
		r.start, r.begun = start, true
	}
	end, err := s.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, 0, err
	}
	_, err = s.Seek(r.start, io.SeekStart)
	return content, end - r.start, err
}

// replays reports whether the body can be sent again.
func (r *request) replays() bool {
	_, ok := r.content.(io.Seeker)
	return r.content == nil || ok
}

func (r *request) respond(resp *http.Response, id string) {
	if r.response == nil {
		return
	}
	*r.response = Response{
		Status: resp.StatusCode, Header: resp.Header, Location: resp.Header.Get("Location"),
		RequestID: resp.Header.Get("Request-Id"), ClientRequestID: id,
	}
}

// failed returns the error of a request that is not repeated.
func (r *request) failed(resp *http.Response, err error, id string) error {
	if err != nil {
		return fmt.Errorf("%s %s: %w", r.method, r.path, err)
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

// discard reads what little is left, so that the connection can be used again.
func discard(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, mostOfError)
	resp.Body.Close()
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
		attrs = append(attrs, slog.String("error", plainError(err)))
	} else {
		attrs = append(attrs, slog.Int("status", resp.StatusCode), slog.String("requestId", resp.Header.Get("Request-Id")))
		if resp.StatusCode >= 400 {
			level = slog.LevelWarn
		}
	}
	c.log.LogAttrs(ctx, level, "request", attrs...)
}

// plainError is the text of an error without the URL, whose query can hold secrets.
func plainError(err error) string {
	if u, ok := err.(*url.Error); ok {
		return u.Err.Error()
	}
	return err.Error()
}

func isJSON(contentType string) bool {
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
