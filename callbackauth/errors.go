package callbackauth

import "fmt"

// Error says why a request was refused. It never holds the token.
//
// A caller that knows nothing of this package tells the cases apart by the methods
// Temporary and Forbidden; an error that is neither means that the request carries
// no genuine token.
type Error struct {
	Msg  string
	Err  error // what lies behind it, or nil
	kind kind
}

type kind uint8

const (
	notGenuine  kind = iota // answer 401
	forbidden               // answer 403
	unavailable             // answer 503, so that the service repeats the notification
)

// Error returns what is wrong.
func (e *Error) Error() string {
	if e.Err == nil {
		return "callbackauth: " + e.Msg
	}
	return fmt.Sprintf("callbackauth: %s: %v", e.Msg, e.Err)
}

// Unwrap returns what lies behind the error.
func (e *Error) Unwrap() error { return e.Err }

// Temporary reports whether nothing can be said about the token because the keys
// cannot be had at the moment, or because it names a key that may have been published
// since they were fetched. The service should send the notification again.
func (e *Error) Temporary() bool { return e.kind == unavailable }

// Forbidden reports whether the token is genuine but its tenant is not among those
// of [WithTenants].
func (e *Error) Forbidden() bool { return e.kind == forbidden }

func refuse(msg string, err error) error { return &Error{msg, err, notGenuine} }

// unavailableBecause says that the keys cannot be had.
func unavailableBecause(err error) error {
	return &Error{"the keys of the calling service cannot be had at the moment", err, unavailable}
}
