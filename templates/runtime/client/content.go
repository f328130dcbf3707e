package client

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
)

// content is the body of an upload. The caller owns it: it is never closed, and not read after
// the upload has returned.
type content struct {
	reader  io.Reader
	seeker  io.Seeker // nil if the content can be read only once
	start   int64     // the offset at which it begins
	length  int64     // -1 if unknown
	attempt *sending  // the last one
}

// newContent prepares content for sending. A reader that implements io.Seeker may still be
// unable to seek: a pipe is an os.File.
func newContent(reader io.Reader) (*content, error) {
	c := &content{reader: reader, length: -1}
	seeker, ok := reader.(io.Seeker)
	if !ok {
		return c, nil
	}
	start, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return c, nil
	}
	end, err := seeker.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	c.seeker, c.start, c.length = seeker, start, end-start
	_, err = seeker.Seek(start, io.SeekStart)
	return c, err
}

// begin returns the content for another attempt, from its beginning.
func (c *content) begin() (io.Reader, error) {
	if c.seeker != nil {
		if _, err := c.seeker.Seek(c.start, io.SeekStart); err != nil {
			return nil, err
		}
	}
	c.attempt = &sending{reader: c.reader, turn: make(chan struct{}, 1)}
	return c.attempt, nil
}

// end ends the last attempt. After it returns nothing reads the content, unless the context
// ended during a Read. The transport may go on reading after an early answer.
func (c *content) end(ctx context.Context) {
	if c == nil || c.attempt == nil {
		return
	}
	c.attempt.over.Store(true)
	select {
	case c.attempt.turn <- struct{}{}:
	case <-ctx.Done():
	}
	c.attempt = nil
}

// sending is one attempt to send content.
type sending struct {
	reader io.Reader
	turn   chan struct{} // full while a Read is under way, and after the end
	over   atomic.Bool
}

var errOver = errors.New("the attempt is over")

// Read implements [io.Reader].
func (s *sending) Read(p []byte) (int, error) {
	if s.over.Load() {
		return 0, errOver
	}
	select {
	case s.turn <- struct{}{}:
	default:
		return 0, errOver // readers do not overlap, so this is the end
	}
	defer func() { <-s.turn }()
	if s.over.Load() {
		return 0, errOver
	}
	return s.reader.Read(p)
}

// Close implements [io.Closer]; it leaves the content open, which the caller owns.
func (s *sending) Close() error { return nil }
