package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Upload sends content in slices to an upload session (Graph, "driveItem: createUploadSession",
// "attachment: createUploadSession", "uploadSession: createUploadSession" of print documents). T
// is what the service answers at the end: a pointer to a struct such as *DriveItem, an interface
// such as AnyX (see [Polymorphic]), or struct{} where it is not wanted.
//
//	session, err := item.CreateUploadSession(ctx, …)
//	…
//	upload := Upload[*DriveItem]{URL: *session.UploadURL, Content: file, Size: info.Size()}
//	uploaded, err := upload.Send(ctx, client)
//
// After a cut connection, a busy service or a slice that the service has already, Upload asks
// which bytes are missing and goes on with those. The requests bear no access token: the URL is
// the authorization, so keep it secret. It can be stored, and another process can go on with it:
// see [Upload.Resume].
type Upload[T any] struct {
	URL     string      // of the session
	Content io.ReaderAt // all of the content, such as an *os.File
	Reader  io.Reader   // instead of Content: from the beginning, read once; a slice of it is held
	Size    int64       // of the content, in bytes

	// SliceSize is the number of bytes in a request, a multiple of 320 KiB up to 50 times that;
	// 0 stands for 10 MiB. The service takes a slice or loses it as a whole.
	SliceSize int64

	// Progress is called when the service has taken a slice, with the number of bytes that it
	// has, as far as that is known; nil for nobody.
	Progress func(received int64)

	// Renew returns the URL of another session when this one has expired or is not there any
	// more; the content is then sent from its beginning, for which it has to be in Content. Nil
	// makes that an error. It is called at most three times.
	Renew func(context.Context) (string, error)
}

// UploadError is the error of an upload that did not end with an answer.
type UploadError struct {
	Received int64 // bytes that the service has, as far as that is known
	Ended    bool  // the session is not there any more: it has expired, was cancelled, or is complete
	Whole    bool  // all bytes were sent: the service may have the content, though its answer was lost
	Err      error // an [*Error] if the service refused
}

// Error returns a one-line text that says what to do.
func (e *UploadError) Error() string {
	switch {
	case e.Whole:
		return fmt.Sprintf("the content was sent, but the answer was lost: see whether the service has it: %v", e.Err)
	case isRefusal(e.Err) && !e.Ended:
		return fmt.Sprintf("the upload was refused after %d bytes: %v", e.Received, e.Err)
	case e.Ended:
		return fmt.Sprintf("the upload session has ended: create another one: %v", e.Err)
	}
	return fmt.Sprintf("the upload stopped after %d bytes; Resume goes on: %v", e.Received, e.Err)
}

// Unwrap returns the cause.
func (e *UploadError) Unwrap() error { return e.Err }

const (
	sliceUnit    = 320 << 10
	defaultSlice = 32 * sliceUnit
	mostSlice    = 50 * sliceUnit
	mostRenewals = 3
)

// Send uploads the content from its beginning and returns what the service answers. The error is
// an [*UploadError], or that of ctx or the content. The options are those of the requests to the
// session; with [ResponseInto], Location tells where an attachment is.
func (u *Upload[T]) Send(ctx context.Context, c *Client, opts ...RequestOption) (T, error) {
	return u.run(ctx, c, opts, false)
}

// Resume is like Send for a session that may have some of the content: it asks for what is
// missing and sends that. A Reader is read from the beginning, too.
func (u *Upload[T]) Resume(ctx context.Context, c *Client, opts ...RequestOption) (T, error) {
	return u.run(ctx, c, opts, true)
}

// Cancel ends the session and discards what the service has of the content.
func (u *Upload[T]) Cancel(ctx context.Context, c *Client) error {
	_, err := c.read(ctx, c.awayRequest(http.MethodDelete, u.URL, nil))
	if isEnded(err) {
		return nil
	}
	return err
}

func (u *Upload[T]) run(ctx context.Context, c *Client, opts []RequestOption, ask bool) (T, error) {
	var none T
	s := &uploadRun{
		client: c, url: u.URL, opts: opts, size: u.Size, slice: cmp.Or(u.SliceSize, defaultSlice), progress: u.Progress, renew: u.Renew,
		source: &uploadSource{at: u.Content, reader: u.Reader},
	}
	if err := s.check(); err != nil {
		return none, err
	}
	if err := s.checkURL(ctx); err != nil {
		return none, err
	}
	a, err := s.send(ctx, ask)
	if err != nil {
		return none, err
	}
	return decoded[T](a, nil)
}

// uploadRun is an [Upload] under way.
type uploadRun struct {
	client   *Client
	url      string
	opts     []RequestOption
	source   *uploadSource
	size     int64
	slice    int64
	progress func(int64)
	renew    func(context.Context) (string, error)

	at, end  int64 // the range that the service wants next
	received int64
	reached  int64 // the furthest byte that the service has ever wanted next: what goes beyond is progress
	whole    bool  // the last byte was sent in a request whose answer is not known
	renewals int
	budget   *budget // for failures without progress
}

// check refuses what cannot be sent.
func (s *uploadRun) check() error {
	switch {
	case (s.source.at == nil) == (s.source.reader == nil):
		return errors.New("an upload needs Content or Reader, and not both")
	case s.size <= 0:
		return fmt.Errorf("an upload of %d bytes needs no session: set Size, or replace the content in one request", s.size)
	case s.slice < 0 || s.slice%sliceUnit != 0 || s.slice > mostSlice:
		return fmt.Errorf("slices of %d bytes are not taken: SliceSize is a multiple of %d, at most %d", s.slice, sliceUnit, mostSlice)
	}
	return s.client.err
}

// checkURL refuses a URL, or options, with which no request could be sent.
func (s *uploadRun) checkURL(ctx context.Context) error {
	r := s.request(http.MethodPut)
	switch {
	case batchOf(ctx) != nil:
		return errors.New("an upload cannot be in a batch")
	case r.err != nil:
		return r.err
	}
	return cmp.Or(s.client.checkGiven(r), s.client.checkAway(r), checkHeader(r.header))
}

// send sends slices until the service has all of them, and returns its last answer.
func (s *uploadRun) send(ctx context.Context, ask bool) (*answer, error) {
	s.end = s.size
	for {
		err := ctx.Err()
		if err != nil {
			return nil, err
		}
		if ask {
			if err = s.status(ctx); err == nil {
				ask = false
				continue
			}
		} else {
			var a *answer
			if a, err = s.put(ctx); a != nil {
				return a, nil
			}
			if err == nil {
				continue
			}
		}
		if ask, err = s.next(ctx, err, ask); err != nil {
			return nil, err
		}
	}
}

// next decides how to go on after an error: whether to ask for the status.
func (s *uploadRun) next(ctx context.Context, err error, asked bool) (ask bool, _ error) {
	var local *contentError
	e, refused := errors.AsType[*Error](err)
	switch {
	case ctx.Err() != nil || errors.As(err, &local):
		return false, err
	case isEnded(err):
		return false, s.again(ctx, err)
	case refused && e.Status == http.StatusRequestedRangeNotSatisfiable && !asked:
		return true, s.pause(ctx, err, failureBroken, 0)
	case refused && e.Status >= 400 && !isRefusal(err):
		return true, s.pause(ctx, err, failureBroken, e.RetryAfter)
	case !refused && !isHopeless(err):
		return true, s.pause(ctx, err, failureBroken, 0)
	}
	return false, s.failed(err)
}

// pause waits before the next request, or returns the error that ends the upload.
func (s *uploadRun) pause(ctx context.Context, err error, why failure, asked time.Duration) error {
	if s.budget == nil {
		s.budget = &budget{policy: s.client.retry}
	}
	h := http.Header{}
	if asked > 0 {
		h.Set("Retry-After", fmt.Sprint(int64(asked/time.Second)))
	}
	wait, more := s.budget.next(ctx, http.MethodPut, why, h)
	if !more {
		return s.failed(err)
	}
	if late := s.budget.spend(ctx, wait); late != nil {
		return late
	}
	return nil
}

// again begins anew with another session, after one has ended.
func (s *uploadRun) again(ctx context.Context, err error) error {
	failed := &UploadError{Received: s.received, Ended: true, Whole: s.whole, Err: err}
	if s.renew == nil || s.whole || s.source.at == nil || s.renewals == mostRenewals {
		return failed
	}
	s.renewals++
	url, err := s.renew(ctx)
	if err != nil {
		return fmt.Errorf("%w; there is no other session: %w", failed, err)
	}
	s.url, s.at, s.end, s.received, s.reached, s.budget = url, 0, s.size, 0, 0, nil
	return s.checkURL(ctx)
}

func (s *uploadRun) failed(err error) error {
	return &UploadError{Received: s.received, Whole: s.whole, Err: err}
}

// isRefusal reports whether the service would refuse the upload again.
func isRefusal(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status >= 400 && e.Status < 500 && e.Status != http.StatusTooManyRequests && e.Status != http.StatusRequestTimeout
}

// isEnded reports whether a session is not there any more.
func isEnded(err error) bool { return IsNotFound(err) || IsGone(err) }
