package fleet

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Fleet is one instance of a bot among those that share its calls. Its methods are safe for
// concurrent use.
type Fleet struct {
	options Options
	log     *slog.Logger
	server  *server.Server // within this process, or nil
	conn    *nats.Conn
	js      jetstream.JetStream
	streams streams
	lease   lease
	since   time.Time

	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup

	closing  sync.Once
	closeErr error

	bot       bot
	takeovers chan struct{} // places for calls that are taken up at once
	news      chan struct{} // this instance has something to tell the others
	leaving   chan struct{} // closed when the lease is not renewed any more
	left      chan struct{} // closed when it is not being renewed any more

	mu        sync.Mutex
	serving   bool
	draining  bool
	closed    bool
	anew      bool                // the streams are not those with which it began
	writes    map[string][]string // of each call, those of which nobody knows whether they took effect
	calls     map[string]*entry
	instances map[string]*peer
	counts    counts
}

// Start joins a fleet, whose streams it makes, or checks if they are there. It tries until ctx ends,
// so give it a context with a limit. The instance takes calls after [Serve].
func Start(ctx context.Context, options Options) (*Fleet, error) {
	options, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	f := &Fleet{
		options: options, log: options.Logger.With("instance", options.Instance), conn: options.Conn, since: time.Now(),
		writes: make(map[string][]string), calls: make(map[string]*entry), instances: make(map[string]*peer), news: make(chan struct{}, 1),
		leaving: make(chan struct{}), left: make(chan struct{}),
		takeovers: make(chan struct{}, 32),
	}
	if options.Dir != "" {
		if f.server, f.conn, err = embedded(options.Dir); err != nil {
			return nil, err
		}
	}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	if err := f.join(ctx); err != nil {
		f.stop()
		return nil, err
	}
	return f, nil
}

// join makes the streams and gets a lease.
func (f *Fleet) join(ctx context.Context) error {
	var err error
	if f.js, err = jetstream.New(f.conn); err != nil {
		return err
	}
	if f.streams, err = openStreams(ctx, f.js, f.options); err != nil {
		return err
	}
	if f.server != nil { // those before this process are over
		if err := f.streams.instances.Purge(ctx); err != nil {
			return err
		}
	}
	for {
		if err = f.renew(ctx); err == nil {
			break
		}
		if !sleep(ctx, 100*time.Millisecond) {
			return fmt.Errorf("no lease: %w", explain(f.conn, err))
		}
	}
	f.running.Go(f.keepLease)
	return nil
}

// Instance returns the name of this instance.
func (f *Fleet) Instance() string { return f.options.Instance }

// ErrClosed means that this instance has left the fleet.
var ErrClosed = errors.New("this instance has left the fleet")

// Append stores a notification of a call, and returns when the servers have confirmed it. It
// implements a generated package's CallLog.
func (f *Fleet) Append(ctx context.Context, callID, message string, begins bool, data []byte) error {
	err := f.append(ctx, callID, message, begins, data)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		f.counts.Refused++
	} else {
		f.counts.Stored++
	}
	return err
}

func (f *Fleet) append(ctx context.Context, callID, message string, begins bool, data []byte) error {
	if f.isClosed() {
		return ErrClosed
	}
	key, err := keyOf(callID)
	if err != nil {
		return err
	}
	m := nats.NewMsg(f.subject("log", key))
	m.Data = data
	m.Header.Set(headerOwner, f.Instance())
	if begins {
		m.Header.Set(headerBegins, "true")
	}
	if message != "" {
		m.Header.Set(nats.MsgIdHdr, key+"/"+message)
	}
	ctx, cancel := context.WithTimeout(ctx, f.options.StoreTimeout)
	defer cancel()
	if message == "" {
		return f.tryAppend(ctx, m)
	}
	for { // the servers know it again
		try, cancel := context.WithTimeout(ctx, tryTimeout)
		err = f.tryAppend(try, m)
		cancel()
		if err == nil || !retryable(err) && !isUnderWay(err) || !sleep(ctx, 20*time.Millisecond) {
			return err
		}
	}
}

func (f *Fleet) tryAppend(ctx context.Context, m *nats.Msg) error {
	ack, err := f.js.PublishMsg(ctx, m)
	if err == nil {
		f.log.Debug("notification stored", "subject", m.Subject, "message", m.Header.Get(nats.MsgIdHdr), "position", ack.Sequence, "again", ack.Duplicate)
	}
	return err
}

func (f *Fleet) isClosed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed
}

// Close hands the calls of this instance over to the others and leaves the fleet. Call it when the
// process is told to end, after the server that takes notifications was shut down, and before
// the sessions are closed. If ctx ends first the others take over what is left when the lease has
// ended.
func (f *Fleet) Close(ctx context.Context) error {
	f.closing.Do(func() { f.closeErr = f.leave(ctx) })
	return f.closeErr
}

func (f *Fleet) leave(ctx context.Context) error {
	f.mu.Lock()
	serving := f.serving
	f.draining = true
	f.mu.Unlock()
	err := f.renew(ctx) // says that it drains
	for err != nil && retryable(err) && f.lease.valid() && sleep(ctx, shortestPause) {
		err = f.renew(ctx)
	}
	if err == nil && serving {
		err = f.drain(ctx)
	}
	close(f.leaving)
	<-f.left // or it would say after this that it is there
	f.lease.giveUp()
	if err == nil {
		err = f.goodbye(ctx)
	}
	f.stop()
	return err
}

// goodbye tells the others that this instance has gone.
func (f *Fleet) goodbye(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	_, err := f.announce(ctx, presence{Instance: f.Instance(), Gone: true}, leastLease)
	return err
}

// stop ends what runs here.
func (f *Fleet) stop() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.cancel()
	f.running.Wait()
	if f.server != nil {
		f.conn.Close()
		f.server.Shutdown()
		f.server.WaitForShutdown()
	}
}
