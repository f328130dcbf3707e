package client

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// request is a request before it is turned into an http.Request.
type request struct {
	method      string
	path        string // relative to the base URL
	link        string // from an answer; replaces path and query
	extended    bool   // query options are added to link
	aliases     string // query parameters that the path refers to
	query       []queryOption
	header      http.Header
	prefer      []string
	accept      string
	body        []byte
	content     *content // instead of body
	contentType string
	response    *Response
	track       *changesState  // to be bound to the collection
	decoding    []codec.Option // of the answer
	budget      *budget        // for retries
	left        bool           // it may have reached the service
	claims      *claims        // that its token must have
	away        *url.URL       // outside of the service; replaces path and query: see away.go
	renewed     bool           // the credentials were replaced for it
	atOnce      int            // links followed at the same time; 0 for the default
	enumTypes   bool           // literals of enums stand with their type
	err         error          // caused by an option
}

// Response is the metadata of an answer: status, headers and links. See [ResponseInto]. Its
// links are made absolute.
type Response struct {
	Status            int
	Header            http.Header
	Location          string // of the created entity
	OperationLocation string // of the operation that continues in the background; see [NewMonitor]
	EntityID          string // URL that identifies the entity created by a request without content
	RequestID         string // the service's id of the request
	ClientRequestID   string // the client's id of the request
}

// url returns the URL of the request.
func (r *request) url(c *Client) (*url.URL, error) {
	if r.away != nil {
		return r.away, c.checkAway(r)
	}
	if r.link != "" {
		from, err := url.Parse(c.base.String() + cmp.Or(r.path, "/"))
		if err != nil {
			return nil, err
		}
		u, err := c.ownLink(from, r.link)
		if query := encodeQuery(r.query); err == nil && r.extended && query != "" {
			u.RawQuery = strings.TrimPrefix(u.RawQuery+"&"+query, "&")
			r.extended = false // once, although a request is sent several times
		}
		if err == nil { // shown in errors and in the log
			r.link, r.path = u.String(), strings.TrimPrefix(u.EscapedPath(), c.base.EscapedPath())
		}
		return u, err
	}
	text := c.base.String() + r.path
	query := encodeQuery(r.query) + r.aliases
	if query != "" {
		text += "?" + strings.TrimPrefix(query, "&")
	}
	return url.Parse(text)
}

// read sends a request and reads the whole answer. If an answer breaks off it is requested
// again, unless an error in it explains why.
func (c *Client) read(ctx context.Context, r *request) (*answer, error) {
	for {
		resp, err := c.do(ctx, r)
		if err != nil {
			return nil, err
		}
		data, err := readUpTo(resp.Body, c.limit)
		resp.Body.Close()
		a := &answer{client: c, request: r, resp: resp, data: bytes.TrimPrefix(data, []byte("\ufeff")), trailer: errorTrailer(resp)}
		if err == nil && int64(len(data)) > c.limit {
			return nil, fmt.Errorf("%s %s: the answer has more than %d bytes: raise the limit with WithResponseLimit", r.method, r.path, c.limit)
		}
		if _, told := a.interrupted(); err == nil || told != nil {
			return a, a.accepted()
		}
		wait, again := r.budget.next(ctx, r.method, failureCut, nil)
		if !again || r.budget.spend(ctx, wait) != nil {
			return nil, fmt.Errorf("%s %s: the answer breaks off: %w", r.method, r.path, err)
		}
	}
}

// readUpTo reads at most slightly more than a limit.
func readUpTo(from io.Reader, limit int64) ([]byte, error) {
	if limit < math.MaxInt64 {
		from = io.LimitReader(from, limit+1)
	}
	return io.ReadAll(from)
}

// do sends a request, repeats it as the policy allows, and returns an answer that reports
// success. The caller must close its body.
func (c *Client) do(ctx context.Context, r *request) (*http.Response, error) {
	resp, err := c.repeated(ctx, r)
	if err != nil && !r.left {
		err = &unsentError{err}
	}
	return resp, err
}

// unsentError is the error of a request that has not reached the service.
type unsentError struct{ error }

// Unwrap returns the error itself.
func (e *unsentError) Unwrap() error { return e.error }

// isUnsent reports whether an error means that the service has not seen the request.
func isUnsent(err error) bool { return isError[*unsentError](err) }

// repeated is do without a mark for what was not sent.
func (c *Client) repeated(ctx context.Context, r *request) (*http.Response, error) {
	if c.err != nil {
		return nil, c.err
	}
	if r.err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.method, r.path, r.err)
	}
	if err := c.checkGiven(r); err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	u, err := r.url(c)
	if err != nil {
		return nil, err
	}
	if b := batchOf(ctx); b != nil && r.away != nil {
		return nil, fmt.Errorf("%s %s: a request to another host than that of the service cannot be in a batch", r.method, r.path)
	} else if b != nil {
		return b.exchange(c, r, u)
	}
	if r.budget == nil {
		r.budget = &budget{policy: c.retry}
	}
	id := r.header.Get("Client-Request-Id")
	if id == "" {
		id = newRequestID()
	}
	for {
		begun := time.Now()
		resp, why, err := c.once(ctx, r, u, id)
		c.logged(ctx, r, resp, err, time.Since(begun))
		if err == nil && (isSuccess(resp.StatusCode) || r.away != nil && isRedirect(resp.StatusCode)) {
			c.respond(r, resp, id)
			noteRetryAfter(ctx, resp.Header)
			return resp, nil
		}
		r.content.end(ctx)
		challenged := c.challenged(r, resp)
		failed := c.failed(r, resp, err, id)
		if challenged {
			continue
		}
		wait, again := r.budget.next(ctx, r.method, why, headerOf(resp))
		if !again || !r.replays() {
			return nil, failed
		}
		if err := r.budget.spend(ctx, wait); err != nil {
			return nil, fmt.Errorf("%w; while waiting to repeat it: %w", failed, err)
		}
	}
}

// isSuccess reports whether a status means that the request was carried out. Redirects that
// are not followed, and 304, have nothing to decode.
func isSuccess(status int) bool { return status < 300 }

// headerOf returns the header of an answer, nil for a nil answer.
func headerOf(resp *http.Response) http.Header {
	if resp == nil {
		return nil
	}
	return resp.Header
}

// once sends a request once; twice if its credentials have to be replaced. It returns an
// answer, or an error and the kind of failure.
func (c *Client) once(ctx context.Context, r *request, u *url.URL, id string) (*http.Response, failure, error) {
	for {
		req, err := c.httpRequest(ctx, r, u, id)
		if err != nil {
			return nil, failureFinal, err
		}
		sender := c.http
		if r.away != nil {
			sender = c.awayHTTP()
		}
		resp, err := sender.Do(req)
		r.left = r.left || !isUnconnected(req, err)
		if err != nil {
			return nil, failureOf(0, err), err // the refused answer has been closed
		}
		again, err := c.renewed(ctx, r, req, resp)
		if err != nil {
			return nil, failureFinal, err
		}
		if again {
			continue
		}
		if resp.Request == nil { // some test transports leave it nil
			resp.Request = req
		}
		return resp, failureOf(resp.StatusCode, nil), nil
	}
}

// httpRequest returns the http.Request with the access token.
func (c *Client) httpRequest(ctx context.Context, r *request, u *url.URL, id string) (*http.Request, error) {
	if r.away == nil && !c.isOwn(u) {
		return nil, fmt.Errorf("%s://%s is not %s", u.Scheme, codec.Printable(u.Host), c.base)
	}
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
	if r.away == nil {
		c.setVersion(req.Header)
	}
	req.Header.Set("Client-Request-Id", id)
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", c.agent)
	}
	if c.tokens != nil && r.away == nil {
		token, err := c.token(ctx, r)
		if err != nil {
			return nil, fmt.Errorf("no access token: %w", err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if c.auth != nil && r.away == nil {
		if err := c.auth.Authorize(ctx, req); err != nil {
			return nil, fmt.Errorf("no credentials: %w", err)
		}
	}
	return req, checkHeader(req.Header)
}

// checkHeader refuses a header that HTTP cannot send (RFC 9110, section 5). The error does not
// quote the value, which may be a token.
func checkHeader(h http.Header) error {
	for name, values := range h {
		if name == "" || strings.ContainsFunc(name, func(c rune) bool { return c <= ' ' || c >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, c) }) {
			return fmt.Errorf("%q is not a valid header name", name)
		}
		for _, value := range values {
			if strings.ContainsFunc(value, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }) {
				return fmt.Errorf("the value of the header %s has a control character, such as the end of a line", name)
			}
		}
	}
	return nil
}

// setHeader sets the headers that are the same for every attempt.
func (r *request) setHeader(h http.Header) {
	for name, values := range r.header {
		h[name] = slices.Clone(values)
	}
	if h.Get("Accept") == "" {
		h.Set("Accept", r.accept)
	}
	if r.contentType != "" && h.Get("Content-Type") == "" {
		h.Set("Content-Type", r.contentType)
	}
	if len(r.prefer) > 0 {
		h.Set("Prefer", strings.Join(r.preferences(), ", "))
	}
}

// preferences returns what the caller prefers, by header and by option.
func (r *request) preferences() []string {
	return slices.Concat(r.header.Values("Prefer"), r.prefer)
}

// prefers reports whether the caller prefers something, such as "return=minimal".
func (r *request) prefers(preference string) bool {
	for _, list := range r.preferences() {
		for part := range strings.SplitSeq(list, ",") {
			name, _, _ := strings.Cut(part, ";")
			if strings.EqualFold(strings.ReplaceAll(name, " ", ""), preference) {
				return true
			}
		}
	}
	return false
}

// reader returns the body from its beginning, and its length, -1 if unknown.
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

// respond stores the metadata of an answer.
func (c *Client) respond(r *request, resp *http.Response, id string) {
	if r.response == nil {
		return
	}
	from := cameFrom(resp)
	*r.response = Response{
		Status: resp.StatusCode, Header: resp.Header,
		Location: c.location(from, resp.Header.Get("Location")), OperationLocation: c.location(from, operationLocation(resp.Header)),
		EntityID:  c.location(from, resp.Header.Get("Odata-Entityid")),
		RequestID: resp.Header.Get("Request-Id"), ClientRequestID: id,
	}
}

// cameFrom returns the URL of the request that was answered, after redirects.
func cameFrom(resp *http.Response) *url.URL {
	if resp.Request == nil {
		return nil
	}
	return resp.Request.URL
}

// failed returns the error of an attempt, with what the answer says about it.
func (c *Client) failed(r *request, resp *http.Response, err error, id string) error {
	if err != nil {
		return fmt.Errorf("%s %s: %w", r.method, r.path, withoutURL(err))
	}
	defer resp.Body.Close()
	c.respond(r, resp, id)
	data, _ := readUpTo(resp.Body, mostOfError-1)
	e := newError(r, resp, data, "")
	if e.ClientRequestID == "" {
		e.ClientRequestID = id
	}
	return e
}

func (c *Client) logged(ctx context.Context, r *request, resp *http.Response, err error, took time.Duration) {
	if c.log == nil {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", r.method), slog.String("path", r.path),
		slog.Int("attempt", r.budget.repeated+1), slog.Duration("took", took),
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

// withoutURL returns the cause of a *url.Error: its text would show the URL, whose query may
// be confidential.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// isJSON reports whether a content type is JSON or absent.
func isJSON(contentType string) bool {
	t := mediaType(contentType)
	return contentType == "" || t == contentJSON || strings.HasSuffix(t, "+json")
}

// mediaType returns the media type of a Content-Type in lower case, or "" if it is malformed.
// Malformed parameters are ignored.
func mediaType(contentType string) string {
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return ""
	}
	return t
}

// newRequestID returns a random UUID (RFC 9562, version 4).
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
