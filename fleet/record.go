package fleet

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Headers of what is stored.
const (
	headerOwner   = "Callgen-Owner"   // the instance that follows the call
	headerLease   = "Callgen-Lease"   // the revision of its lease
	headerKind    = "Callgen-Kind"    // of a record
	headerExpires = "Callgen-Expires" // in nanoseconds since 1970
	headerWrite   = "Callgen-Write"   // names one attempt to write
	headerBegins  = "Callgen-Begins"  // a notification with which a call begins
	headerTTL     = "Nats-TTL"
	headerMarker  = "Nats-Marker-Reason" // the server says that a message has expired
)

// recordKind says what is stored of a call.
type recordKind string

const (
	kindNone    recordKind = ""        // nothing
	kindClaimed recordKind = "claimed" // an owner, but no session yet
	kindSession recordKind = "session"
	kindEnded   recordKind = "ended" // the call has ended
)

// record is what is stored of a call.
type record struct {
	kind     recordKind
	owner    string
	revision uint64
	expires  time.Time
	write    string
	data     []byte
}

// live reports whether a session is stored and has not expired.
func (r record) live() bool { return r.kind == kindSession && r.expires.After(time.Now()) }

// needsLease reports whether a record is a session of an instance, by which it may act: its lease
// must be valid before and after it is stored.
func (r record) needsLease(f *Fleet) bool { return r.kind == kindSession && r.owner == f.Instance() }

// recordOf reads a record.
func recordOf(header nats.Header, revision uint64, data []byte) record {
	if header.Get(headerMarker) != "" {
		return record{revision: revision}
	}
	nanoseconds, _ := strconv.ParseInt(header.Get(headerExpires), 10, 64)
	return record{
		kind: recordKind(header.Get(headerKind)), owner: header.Get(headerOwner), revision: revision,
		expires: time.Unix(0, nanoseconds), write: header.Get(headerWrite), data: data,
	}
}

// message returns the message that stores a record.
func (r record) message(subject string, lease uint64) *nats.Msg {
	m := nats.NewMsg(subject)
	m.Data = r.data
	m.Header.Set(headerKind, string(r.kind))
	m.Header.Set(headerOwner, r.owner)
	m.Header.Set(headerLease, strconv.FormatUint(lease, 10))
	m.Header.Set(headerWrite, r.write)
	m.Header.Set(headerExpires, strconv.FormatInt(r.expires.UnixNano(), 10))
	if left := time.Until(r.expires); left > time.Second {
		m.Header.Set(headerTTL, left.Truncate(time.Second).String())
	}
	return m
}

// readRecord returns what is stored of a call.
func (f *Fleet) readRecord(ctx context.Context, key string) (record, error) {
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	m, err := f.streams.calls.GetLastMsgForSubject(ctx, f.subject("calls", key))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return record{}, nil
	}
	if err != nil {
		return record{}, err
	}
	return recordOf(m.Header, m.Sequence, m.Data), nil
}

// errConflict means that somebody else has changed a record.
var errConflict = errors.New("somebody else has changed what is stored of the call")

// writeRecord replaces the record of a revision and returns the new revision. An answer that is lost
// is asked for again, until ctx ends.
func (f *Fleet) writeRecord(ctx context.Context, key string, r record) (uint64, error) {
	expected := r.revision
	r.write = rand.Text()
	for {
		if r.needsLease(f) && !f.lease.valid() {
			f.uncertain(key, r.write)
			return 0, ErrNoLease
		}
		revision, err := f.tryWrite(ctx, key, r, expected)
		switch {
		case err == nil && r.needsLease(f) && !f.lease.valid():
			f.uncertain(key, r.write) // stored, perhaps after the lease had ended: nobody acts by it
			return 0, ErrNoLease
		case err == nil:
			f.certain(key)
			return revision, nil
		case isConflict(err):
			now, readErr := f.readRecord(ctx, key)
			if readErr == nil && now.write == r.write { // an attempt whose answer was lost
				if r.needsLease(f) && !f.lease.valid() {
					f.uncertain(key, r.write)
					return 0, ErrNoLease
				}
				f.certain(key)
				return now.revision, nil
			}
			if readErr == nil && f.wasUncertain(key, now.write) {
				expected = now.revision // written by this process, which never learned of it
				continue
			}
			if readErr == nil {
				return 0, errConflict
			}
		case !retryable(err):
			return 0, err
		}
		if !sleep(ctx, 50*time.Millisecond) {
			f.uncertain(key, r.write)
			return 0, fmt.Errorf("the servers do not confirm: %w", err)
		}
	}
}

func (f *Fleet) tryWrite(ctx context.Context, key string, r record, expected uint64) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	ack, err := f.js.PublishMsg(ctx, r.message(f.subject("calls", key), f.lease.revision()), jetstream.WithExpectLastSequencePerSubject(expected))
	if err != nil {
		return 0, err
	}
	return ack.Sequence, nil
}

// retryable reports whether another attempt can help.
func retryable(err error) bool {
	var api *jetstream.APIError
	if errors.As(err, &api) {
		return api.Code >= 500
	}
	return !errors.Is(err, nats.ErrMaxPayload) && !errors.Is(err, nats.ErrConnectionClosed)
}

// uncertain remembers a write of which nobody knows whether it took effect.
func (f *Fleet) uncertain(key, write string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.writes[key] = append(f.writes[key], write)
}

func (f *Fleet) wasUncertain(key, write string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.writes[key] {
		if w == write {
			return true
		}
	}
	return false
}

func (f *Fleet) certain(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.writes, key)
}

// subject returns that of a call or an instance in a stream.
func (f *Fleet) subject(what, token string) string { return f.options.Name + "." + what + "." + token }

var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}$`)

// longestID is that of a call, in bytes.
const longestID = 256

// keyOf returns the token that stands for the id of a call.
func keyOf(id string) (string, error) {
	switch {
	case id == "" || len(id) > longestID:
		return "", fmt.Errorf("the id of a call has %d bytes: it must have 1 to %d", len(id), longestID)
	case plainID.MatchString(id):
		return "p" + id, nil
	}
	return "x" + hex.EncodeToString([]byte(id)), nil
}

// idOf returns the id of a call for which a token stands.
func idOf(key string) (string, bool) {
	if id, ok := strings.CutPrefix(key, "p"); ok {
		return id, true
	}
	text, ok := strings.CutPrefix(key, "x")
	id, err := hex.DecodeString(text)
	return string(id), ok && err == nil
}
