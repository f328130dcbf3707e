package session

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/callgen/callgen/templates/runtime/callback"
	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/model"
)

// SessionEventKind says what an event is about.
type SessionEventKind string

// Values of [SessionEventKind].
const (
	SessionEventIncoming        SessionEventKind = "incoming"        // somebody calls
	SessionEventState           SessionEventKind = "state"           // the state has changed
	SessionEventUpdate          SessionEventKind = "update"          // something else of the call has changed
	SessionEventTones           SessionEventKind = "tones"           // somebody pressed keys
	SessionEventRoster          SessionEventKind = "roster"          // participants came, changed or left
	SessionEventOperation       SessionEventKind = "operation"       // an operation has ended
	SessionEventNotice          SessionEventKind = "notice"          // any other notification, such as of content sharing
	SessionEventKeepAliveFailed SessionEventKind = "keepAliveFailed" // the service did not take a keepalive
	SessionEventEnded           SessionEventKind = "ended"           // the call has ended
)

// SessionEvent is something that happened in a call, as passed to the functions of [Calls] and
// [CallSession]. Its values are shared and must not be modified.
type SessionEvent struct {
	// ID is the same each time the event is handled, also after a restart. Another event has
	// the same one only if the service sends equal notifications without message ids.
	ID       string
	Kind     SessionEventKind
	At       time.Time // when this program learned of it
	Session  *CallSession
	Again    bool                    // a process that has ended may have handled the event already
	TenantID string                  // of the sender, see [Verifier]
	Origin   callback.CallbackOrigin // message, chain, scenario and request ids of the notification
	Notified *callback.CallbackEvent // nil if the session has found out by itself

	Old, New *model.Call // before and after; both the present call in events that change nothing of it

	Tones       []model.Tone // of SessionEventTones
	MissedTones int64        // how many tones before those are lost

	Roster    callback.RosterChange[*model.Participant] // of SessionEventRoster
	Operation *SessionOperation                         // of SessionEventOperation
	Err       error                                     // of SessionEventKeepAliveFailed, and of SessionEventEnded a [*CallEndedError]
}

// digestOf returns a short digest of a notification.
func digestOf(e *callback.CallbackEvent) string {
	var data []byte
	if e.Notification != nil {
		data, _ = codec.Marshal(e.Notification) // what cannot be encoded has the digest of nothing
	}
	sum := sha256.Sum256(fmt.Appendf(data, " %s %s", e.ChangeType, e.ResourceText))
	return hex.EncodeToString(sum[:8])
}

// eventID names a notification for a session.
func eventID(e *callback.CallbackEvent) string {
	return fmt.Sprintf("%s/%d/%s", e.Origin.Message(), e.Origin.Index, digestOf(e))
}
