package session

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/callgen/callgen/templates/runtime/callback"
	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/model"
)

// A CallLog keeps notifications in front of the sessions, those of each call in the order in which
// they arrive, so that any machine may take them and the one that follows the call reads them. It
// must be safe for concurrent use. [CheckCallLog] tests an implementation.
type CallLog interface {
	// Append stores a notification of a call and returns when it is safe. Notifications of a
	// call with the same message are stored once, if the message is not "". Begins is set for
	// the first notification of an incoming call.
	Append(ctx context.Context, callID, message string, begins bool, data []byte) error
}

// LogNotifications stores the notifications of calls that a handler receives in a log. They are
// answered 202 when they are stored, and 503 if they cannot be. Who follows a call passes what the
// log holds of it to [Calls.DeliverLogged].
func LogNotifications(h *callback.NotificationHandler, log CallLog) {
	callback.OnWhole(h, func(ctx context.Context, e *callback.CallbackEvent) error {
		if e.Resource.CallID == "" {
			return nil // the handler has reported it
		}
		data, err := json.Marshal(loggedNotification{
			Version: loggedVersion, TenantID: e.TenantID, Origin: e.Origin, Notification: packedWhole(e.Notification),
		})
		if err != nil {
			return err
		}
		message := ""
		if e.Origin.MessageID != "" {
			message = eventID(e)
		}
		_, begins := incomingCall(e)
		if err := log.Append(ctx, sameKey(e.Resource.CallID), message, begins, data); err != nil {
			return fmt.Errorf("%w: the notification cannot be stored: %w", callback.ErrNotificationBusy, err)
		}
		return nil
	})
}

// loggedVersion is the version of loggedNotification.
const loggedVersion = 1

// loggedNotification is a notification in a [CallLog].
type loggedNotification struct {
	Version      int                     `json:"version"`
	TenantID     string                  `json:"tenantId,omitempty"`
	Origin       callback.CallbackOrigin `json:"origin"`
	Notification json.RawMessage         `json:"notification"`
}

// packedWhole is a value with all that it holds.
func packedWhole(v codec.Value) json.RawMessage {
	data, err := codec.Marshal(v)
	if err != nil {
		return nil // it came from JSON
	}
	return data
}

// DeliverLogged is like [Calls.Deliver] for a notification from a [CallLog]. Position is its place
// in the log, from 1. One that cannot be read is reported and left out, so that those after it
// are not held up; one of another version is an error.
func (c *Calls) DeliverLogged(ctx context.Context, position uint64, data []byte) error {
	var logged loggedNotification
	if err := json.Unmarshal(data, &logged); err != nil {
		c.report(ctx, "", fmt.Errorf("the stored notification at %d cannot be read: %w", position, err))
		return nil
	}
	if logged.Version != loggedVersion {
		return fmt.Errorf("the stored notification has version %d, and this program reads version %d", logged.Version, loggedVersion)
	}
	events, err := model.DecodeNotifications(fmt.Appendf(nil, `{"value":[%s]}`, logged.Notification), nil)
	if err != nil || len(events) != 1 {
		c.report(ctx, "", fmt.Errorf("the stored notification at %d cannot be read: %w", position, cmp.Or(err, errors.New("it holds no notification"))))
		return nil
	}
	e := events[0]
	e.TenantID, e.Origin = logged.TenantID, logged.Origin
	e.Origin.Position = position
	return c.Deliver(ctx, e)
}
