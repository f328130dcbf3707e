package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// This file makes the requests of an upload session, and reads what they are answered.

// put sends the next slice. It returns the answer if that was the last one.
func (s *uploadRun) put(ctx context.Context) (*answer, error) {
	n := min(s.slice, s.end-s.at)
	body, err := s.source.slice(s.at, n)
	if err != nil {
		return nil, err
	}
	r := s.request(http.MethodPut)
	if r.content, err = newContent(body); err != nil {
		return nil, &contentError{err}
	}
	r.contentType = "application/octet-stream"
	r.header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", s.at, s.at+n-1, s.size))
	last := s.at+n == s.size
	a, err := s.client.read(ctx, r)
	r.content.end(ctx)
	if failed := s.source.failed(); failed != nil {
		return nil, &contentError{failed}
	}
	if err != nil {
		_, refused := errors.AsType[*Error](err)
		s.whole = s.whole || last && !refused
		return nil, err
	}
	return s.taken(a, n)
}

// taken reads the answer to a slice of n bytes. It returns the answer if it is the last one.
func (s *uploadRun) taken(a *answer, n int64) (*answer, error) {
	if isRedirect(a.resp.StatusCode) {
		return nil, newError(a.request, a.resp, a.data, "the session redirects the content, which is not followed")
	}
	at, end, wanted, err := s.missing(a)
	last := s.at+n == s.size
	isWhole := s.at+n == s.end && s.end < s.size && a.resp.StatusCode <= http.StatusCreated // it asked for no more than that
	switch {
	case err != nil:
		return nil, newError(a.request, a.resp, a.data, err.Error())
	case !wanted && (last || isWhole):
		s.report(s.size)
		return a, nil
	case !wanted && a.resp.StatusCode == http.StatusCreated:
		return nil, newError(a.request, a.resp, a.data, fmt.Sprintf("the service says that the content is complete after %d of %d bytes", s.at+n, s.size))
	case !wanted:
		at, end = s.at+n, s.size
	case at <= s.at:
		return nil, fmt.Errorf("the service took a slice, and still asks for byte %d", at)
	}
	s.whole = false
	s.goOn(at, end)
	return nil, nil
}

// goOn goes on with the range that the service wants next.
func (s *uploadRun) goOn(at, end int64) {
	if at > s.reached {
		s.reached, s.budget = at, nil
	}
	s.at, s.end = at, end
	s.report(at)
}

// status asks which bytes are missing.
func (s *uploadRun) status(ctx context.Context) error {
	r := s.request(http.MethodGet)
	r.response = nil
	a, err := s.client.read(ctx, r)
	if err != nil {
		return err
	}
	at, end, wanted, err := s.missing(a)
	switch {
	case isRedirect(a.resp.StatusCode):
		err = errors.New("the session redirects, which is not followed")
	case err == nil && !wanted:
		err = errors.New("the session does not say which bytes it wants")
	}
	if err != nil {
		return newError(r, a.resp, a.data, err.Error())
	}
	s.whole = false
	s.goOn(at, end)
	return nil
}

// request starts a request to the session. It is sent once: what follows a failure depends on
// what the session then says.
func (s *uploadRun) request(method string) *request {
	r := s.client.awayRequest(method, s.url, s.opts)
	r.budget = &budget{}
	return r
}

func (s *uploadRun) report(received int64) {
	if received != s.received && s.progress != nil {
		s.progress(received)
	}
	s.received = received
}

// missing returns the first range that the session wants, and whether it says any.
func (s *uploadRun) missing(a *answer) (at, end int64, wanted bool, err error) {
	var session struct{ NextExpectedRanges []string }
	if !isJSON(a.resp.Header.Get("Content-Type")) || json.Unmarshal(a.data, &session) != nil || len(session.NextExpectedRanges) == 0 {
		return 0, 0, false, nil
	}
	text := session.NextExpectedRanges[0]
	first, last, closed := strings.Cut(text, "-")
	at, err = strconv.ParseInt(first, 10, 64)
	end = s.size
	if err == nil && closed && last != "" {
		end, err = strconv.ParseInt(last, 10, 64)
		end = min(end+1, s.size)
	}
	if err != nil || at < 0 || at >= end {
		return 0, 0, false, fmt.Errorf("the session wants the bytes %q, which do not lie within the %d bytes of the content", text, s.size)
	}
	return at, end, true, nil
}

// contentError is an error of the content, not of the service.
type contentError struct{ err error }

// Error returns the text of the cause.
func (e *contentError) Error() string { return "the content cannot be read: " + e.err.Error() }

// Unwrap returns the cause.
func (e *contentError) Unwrap() error { return e.err }

// uploadSource cuts content into slices. Of a reader it holds the last one.
type uploadSource struct {
	at     io.ReaderAt
	reader io.Reader

	held   []byte // from the reader
	offset int64  // of held in the content

	current *checked
}

// slice returns n bytes of the content from an offset.
func (s *uploadSource) slice(at, n int64) (io.ReadSeeker, error) {
	from := s.at
	if from == nil {
		if err := s.hold(at, n); err != nil {
			return nil, &contentError{err}
		}
		from = heldAt{s}
	}
	s.current = &checked{ReaderAt: from}
	return io.NewSectionReader(s.current, at, n), nil
}

// failed returns the error of the last slice, if its content could not be read.
func (s *uploadSource) failed() error {
	if s.current == nil {
		return nil
	}
	s.current.mu.Lock()
	defer s.current.mu.Unlock()
	return s.current.err
}

// hold reads from the reader until n bytes from an offset are held.
func (s *uploadSource) hold(at, n int64) error {
	if at < s.offset {
		return fmt.Errorf("the service asks for byte %d again, which was read from Reader before: use Content", at)
	}
	if skip := at - s.offset; skip < int64(len(s.held)) {
		s.held = s.held[:copy(s.held, s.held[skip:])]
		s.offset = at
	} else {
		skip -= int64(len(s.held))
		s.held = s.held[:0]
		if _, err := io.CopyN(io.Discard, progressing{s.reader}, skip); err != nil {
			return fmt.Errorf("it ends before byte %d: %w", at, err)
		}
		s.offset = at
	}
	have := int64(len(s.held))
	if have >= n {
		return nil
	}
	if int64(cap(s.held)) < n {
		s.held = append(make([]byte, 0, n), s.held...)
	}
	read, err := io.ReadFull(progressing{s.reader}, s.held[have:n])
	s.held = s.held[:have+int64(read)]
	if err != nil {
		return fmt.Errorf("it ends after %d bytes, before Size: %w", s.offset+int64(len(s.held)), err)
	}
	return nil
}

// progressing is a reader that gives up on another one which gives nothing.
type progressing struct{ io.Reader }

// Read implements [io.Reader].
func (p progressing) Read(to []byte) (int, error) {
	const mostTries = 100
	for range mostTries {
		if n, err := p.Reader.Read(to); n > 0 || err != nil || len(to) == 0 {
			return n, err
		}
	}
	return 0, io.ErrNoProgress
}

// heldAt reads what is held.
type heldAt struct{ *uploadSource }

// ReadAt implements [io.ReaderAt].
func (h heldAt) ReadAt(p []byte, at int64) (int, error) {
	n := copy(p, h.held[min(max(at-h.offset, 0), int64(len(h.held))):])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// checked notes that content cannot be read, or ends too early.
type checked struct {
	io.ReaderAt
	mu  sync.Mutex
	err error
}

// ReadAt implements [io.ReaderAt].
func (c *checked) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, at)
	switch {
	case n == len(p):
		return n, err
	case err == nil: // which no io.ReaderAt returns
		err = io.ErrNoProgress
	case err == io.EOF:
		err = fmt.Errorf("it ends after %d bytes, before Size: %w", at+int64(n), io.ErrUnexpectedEOF)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = err
	return n, err
}
