package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Stream is content that is read as it arrives; the caller must close it. Its bytes are not
// interpreted: an error that the service writes into it is part of the content.
//
// If the connection is cut, reading goes on where it was: the content is requested again from
// there (RFC 9110, "Range Requests"), as often as [RetryPolicy] allows without any byte between
// two cuts. That needs an entity tag or a date from the service, which tell that the content is
// still the same; otherwise, or if it is not, the read fails.
type Stream struct {
	io.ReadCloser
	ContentType string
	Length      int64  // in bytes, of what will be read, -1 if unknown
	Offset      int64  // of the first byte in the whole content
	Size        int64  // in bytes, of the whole content, -1 if unknown
	ETag        string // of the content, for [ContinueFrom], "" if the service sends none
}

// ByteRange requests a part of a stream: length bytes from offset, or all from offset if length
// is negative. A service may answer with the whole: see [Stream].Offset.
func ByteRange(offset, length int64) RequestOption {
	return func(r *request) {
		switch {
		case offset < 0 || length == 0:
			r.err = fmt.Errorf("%d bytes from %d are no part of a stream", length, offset)
		case length < 0:
			r.header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
		default:
			r.header.Set("Range", fmt.Sprintf("bytes=%d-%d", offset, offset+length-1))
		}
	}
}

// ContinueFrom requests the rest of a stream of which the first bytes are there already, such as
// in a file, given the ETag that it had then. If it has changed the service sends the whole, and
// [Stream].Offset is 0.
func ContinueFrom(offset int64, etag string) RequestOption {
	return func(r *request) {
		switch {
		case offset < 0:
			r.err = fmt.Errorf("%d is no offset in a stream", offset)
		case offset == 0: // there is nothing yet
		case !isStrong(etag):
			r.err = fmt.Errorf("the ETag %q does not identify the bytes of a stream: download it from its beginning", etag)
		default:
			r.header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
			r.header.Set("If-Range", etag)
		}
	}
}

// isStrong reports whether a validator can stand in If-Range: it is no weak entity tag.
func isStrong(validator string) bool {
	return strings.HasPrefix(validator, `"`) && strings.HasSuffix(validator, `"`) && len(validator) > 1
}

// streamed returns the stream in an answer.
func (c *Client) streamed(ctx context.Context, r *request, resp *http.Response) (*Stream, error) {
	if resp.StatusCode == http.StatusNoContent {
		_ = resp.Body.Close()
		return nil, newError(r, resp, nil, noContentMessage)
	}
	s := &Stream{ReadCloser: resp.Body, ContentType: resp.Header.Get("Content-Type"), Length: resp.ContentLength, Size: resp.ContentLength, ETag: resp.Header.Get("Etag")}
	if resp.StatusCode == http.StatusPartialContent {
		p, err := partIn(resp)
		if err == nil {
			err = p.checkAsked(r.header.Get("Range"))
		}
		if err != nil {
			_ = resp.Body.Close()
			return nil, fmt.Errorf("%s %s: %w", r.method, r.path, err)
		}
		s.Offset, s.Size = p.first, p.size
	}
	validator := s.ETag
	if date := resp.Header.Get("Last-Modified"); !isStrong(validator) {
		validator = date
	}
	if r.method == http.MethodGet && validator != "" && batchOf(ctx) == nil && !resp.Uncompressed {
		s.ReadCloser = &continued{body: resp.Body, ctx: ctx, client: c, request: r, validator: validator, first: resp.Header, at: s.Offset, end: s.end(), size: s.Size}
	}
	return s, nil
}

// end returns the offset after the last byte that will be read, -1 if it is not known.
func (s *Stream) end() int64 {
	if s.Length < 0 {
		return -1
	}
	return s.Offset + s.Length
}

// continued is the body of an answer that is requested again, from where it was cut.
type continued struct {
	mu        sync.Mutex // guards body and closed: a program may close a stream that it reads
	body      io.ReadCloser
	closed    bool
	ctx       context.Context // of the request: that of a Read is not known
	client    *Client
	request   *request
	validator string
	first     http.Header // of the first answer
	at, end   int64       // offsets in the whole content; end is -1 if it is not known
	size      int64       // of the whole content, -1 if it is not known
	budget    *budget
	failed    error // a read that cannot go on
}

// Read implements [io.Reader].
func (s *continued) Read(p []byte) (int, error) {
	for s.failed == nil {
		n, err := s.body.Read(p) // only this goroutine replaces it
		s.at += int64(n)
		if n > 0 {
			s.budget = nil // there is progress
		}
		if err == nil || err == io.EOF && !s.isShort() {
			return n, err
		}
		if n > 0 {
			return n, nil // the next read meets the error again
		}
		s.again(err)
	}
	return 0, s.failed
}

// isShort reports whether an end came too early.
func (s *continued) isShort() bool { return s.end >= 0 && s.at < s.end }

// Close implements [io.Closer].
func (s *continued) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return s.body.Close()
}

// replace replaces the body by that of another answer.
func (s *continued) replace(body io.ReadCloser) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.body = body
	if s.closed {
		_ = body.Close()
		return http.ErrBodyReadAfterClose
	}
	return nil
}

// isClosed reports whether the program has closed the stream.
func (s *continued) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// again requests the rest of the content, or sets failed.
func (s *continued) again(cause error) {
	if cause == io.EOF {
		cause = io.ErrUnexpectedEOF
	}
	_ = s.body.Close()
	if s.ctx.Err() != nil || s.isClosed() {
		s.failed = cause
		return
	}
	if s.budget == nil {
		s.budget = &budget{policy: s.client.retry}
	}
	wait, more := s.budget.next(s.ctx, http.MethodGet, failureCut, nil)
	if !more || s.budget.spend(s.ctx, wait) != nil {
		s.failed = fmt.Errorf("GET %s: the content breaks off: %w", s.request.path, cause)
		return
	}
	if err := s.open(); err != nil {
		s.failed = fmt.Errorf("GET %s: the content breaks off: %w; it could not be continued: %w", s.request.path, cause, err)
	}
}

// open requests the content from where it was cut.
func (s *continued) open() error {
	r := *s.request
	r.header = r.header.Clone()
	last := ""
	if s.end >= 0 {
		last = strconv.FormatInt(s.end-1, 10)
	}
	r.header.Set("Range", fmt.Sprintf("bytes=%d-%s", s.at, last))
	r.header.Set("If-Range", s.validator)
	r.response, r.budget = nil, s.budget
	resp, err := s.client.do(s.ctx, &r)
	if err != nil {
		return err
	}
	if err := s.replace(resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusPartialContent {
		return errors.New("the service sends the whole content, because it has changed or cannot be sent in parts")
	}
	return s.checkSame(resp)
}

// checkSame checks that an answer is a part of the same content. If-Range asks for no other, but not every
// service looks at it.
func (s *continued) checkSame(resp *http.Response) error {
	p, err := partIn(resp)
	if err != nil {
		return err
	}
	validator := "Etag"
	if !isStrong(s.validator) {
		validator = "Last-Modified"
	}
	now := resp.Header.Get(validator)
	switch {
	case p.first != s.at:
		return fmt.Errorf("the service sends the content from byte %d, not from %d", p.first, s.at)
	case now != "" && now != s.validator || s.size >= 0 && p.size >= 0 && p.size != s.size:
		return errors.New("the service sends other content, because it has changed")
	case resp.Header.Get("Content-Encoding") != s.first.Get("Content-Encoding"):
		return errors.New("the service sends the content in another encoding")
	}
	return nil
}
