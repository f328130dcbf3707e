package redfish

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"strconv"
	"strings"
	"time"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
)

// ControllerEvent is what a controller sends to those who listen: events, or a report of metrics.
type ControllerEvent struct {
	Type string // "Event", "MetricReport", or the name of another type
	Body []byte // the document, in JSON

	ID    string // of a stream, at which it goes on after a break; "" without one
	Again bool   // the first of a stream after a break: events may be missing before it
}

// Decode decodes the document into a value, such as an *Event.
func (e *ControllerEvent) Decode(v codec.Value) error { return codec.Unmarshal(e.Body, v) }

// decodeAs decodes a document of a type, given by its name without namespace.
func (e *ControllerEvent) decodeAs(name string, v codec.Value) error {
	if e.Type != name {
		return fmt.Errorf("the document is of the type %s, not %s", codec.Printable(e.Type), name)
	}
	return e.Decode(v)
}

// newControllerEvent returns the event for a document.
func newControllerEvent(body []byte) (*ControllerEvent, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return nil, fmt.Errorf("an event is not a JSON object: %w", err)
	}
	e := &ControllerEvent{Type: bareTypeName(textIn(members["@odata.type"])), Body: body}
	if e.Type == "" { // sent by some controllers
		switch {
		case members["MetricValues"] != nil:
			e.Type = "MetricReport"
		case members["Events"] != nil:
			e.Type = "Event"
		}
	}
	return e, nil
}

const eventStreamType = "text/event-stream"

// StreamOptions are options of [StreamEvents].
type StreamOptions struct {
	LastID  string                 // where to go on; "" to begin with the next event
	MostOf  int                    // bytes of an event; 0 for 1 MiB
	Wait    time.Duration          // before connecting again, longer each time, at most a minute; 0 for a second, or what the controller says
	OnBreak func(error)            // is told why a stream has ended, before it is opened again; may be nil
	Request []client.RequestOption // of each request
}

// StreamEvents ranges over the events that a controller sends over a connection that stays open
// (DSP0266, "Server-sent events"). Link is the property ServerSentEventUri of its EventService,
// possibly with $filter.
//
// When the stream breaks, it is opened again at the event after the last one, until ctx is done or
// the loop ends. An event that is too long, or is not JSON, yields an error, and the stream goes
// on. A controller that refuses the stream ends it with an error, unless it is only busy.
func StreamEvents(ctx context.Context, c *client.Client, link string, options StreamOptions) iter.Seq2[*ControllerEvent, error] {
	return func(yield func(*ControllerEvent, error) bool) {
		s := &eventStream{client: c, link: link, options: options, lastID: options.LastID, wait: options.Wait}
		if s.options.MostOf <= 0 {
			s.options.MostOf = 1 << 20
		}
		for tries := 0; ; tries++ {
			got, err := s.once(ctx, yield)
			switch {
			case ctx.Err() != nil || errors.Is(err, errLoopEnded):
				return
			case !isTemporary(err):
				yield(nil, err)
				return
			}
			if got {
				tries = 0
			}
			s.again = true
			if options.OnBreak != nil {
				options.OnBreak(err)
			}
			if client.PausedFor(ctx, tries, s.wait) != nil {
				return
			}
		}
	}
}

var (
	errLoopEnded = errors.New("the loop has ended")
	errLongEvent = errors.New("the event is too long")
	errBroken    = errors.New("the stream of events breaks off")
)

// isTemporary reports whether opening a stream again makes sense.
func isTemporary(err error) bool {
	if e, ok := errors.AsType[*client.Error](err); ok {
		return e.Status == 408 || e.Status == 429 || e.Status >= 500
	}
	return errors.Is(err, errBroken) || client.MayPass(err)
}

// eventStream is a stream of events that is opened again when it breaks.
type eventStream struct {
	client  *client.Client
	link    string
	options StreamOptions
	lastID  string
	wait    time.Duration
	again   bool
}

var errNotAStream = errors.New("the answer is not a stream of events")

// once opens the stream and yields its events until it breaks. It reports whether there was one.
func (s *eventStream) once(ctx context.Context, yield func(*ControllerEvent, error) bool) (got bool, err error) {
	opts := append([]client.RequestOption{client.Header("Accept", eventStreamType), client.Header("Cache-Control", "no-store")}, s.options.Request...)
	if s.lastID != "" {
		opts = append(opts, client.Header("Last-Event-ID", s.lastID))
	}
	stream, err := client.OpenAt(ctx, s.client, s.link, opts)
	if err != nil {
		return false, err
	}
	defer stream.Close()
	if t, _, _ := mime.ParseMediaType(stream.ContentType); t != eventStreamType {
		return false, fmt.Errorf("%w but %s: use ServerSentEventUri of the EventService", errNotAStream, strconv.Quote(stream.ContentType))
	}
	lines := &lineReader{from: bufio.NewReader(stream), most: s.options.MostOf}
	for {
		e, err := s.next(lines)
		switch {
		case errors.Is(err, errLongEvent):
			err = fmt.Errorf("an event has more than %d bytes and was left out: raise StreamOptions.MostOf", s.options.MostOf)
			e = nil
		case err != nil && e == nil && !errors.Is(err, errBadEvent):
			return got, err
		}
		if e != nil {
			e.Again, s.again = s.again, false
		}
		got = true
		if !yield(e, err) {
			return got, errLoopEnded
		}
	}
}

var errBadEvent = errors.New("the event cannot be read")

// next reads an event (HTML Standard, "Server-sent events"). Comments and events without data
// are skipped.
func (s *eventStream) next(lines *lineReader) (*ControllerEvent, error) {
	var data []byte
	id, long := s.lastID, false
	for {
		line, err := lines.next()
		if errors.Is(err, errLongEvent) || err == nil && len(data)+len(line) > s.options.MostOf {
			long = true
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(line) == 0 {
			if len(data) == 0 && !long {
				continue
			}
			s.lastID = id
			if long {
				return nil, errLongEvent
			}
			e, err := newControllerEvent(bytes.TrimSuffix(data, []byte("\n")))
			if err != nil {
				return nil, fmt.Errorf("%w: %w", errBadEvent, err)
			}
			e.ID = id
			return e, nil
		}
		name, value, _ := strings.Cut(string(line), ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "data":
			data = append(append(data, value...), '\n')
		case "id":
			if !strings.ContainsAny(value, "\x00\r\n") {
				id = value
			}
		case "retry":
			if ms, err := strconv.Atoi(value); err == nil && ms >= 0 && s.options.Wait == 0 {
				s.wait = min(time.Duration(ms)*time.Millisecond, time.Minute)
			}
		}
	}
}

// lineReader reads lines that end with CR, LF or both.
type lineReader struct {
	from *bufio.Reader
	most int
	lf   bool // a LF that follows belongs to the line before
}

// next returns a line without its end, or errLongEvent for one that is too long, which is
// skipped.
func (l *lineReader) next() ([]byte, error) {
	var line []byte
	long := false
	for {
		c, err := l.from.ReadByte()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, fmt.Errorf("%w: %w", errBroken, err)
		}
		after := l.lf
		l.lf = c == '\r'
		switch {
		case c == '\n' && after:
		case c == '\n' || c == '\r':
			if long {
				return nil, errLongEvent
			}
			return line, nil
		case len(line) >= l.most:
			long = true
		default:
			line = append(line, c)
		}
	}
}
