package callbackauth

import "fmt"

// Error says why a request was refused. It never holds the token.
// Callers that do not know this package tell the cases apart by the methods Temporary and
// Forbidden. If both report false, the request carries no genuine token.
type Error struct {
	Msg  string
	Err  error // the cause, or nil
	kind kind
}

type kind uint8

const (
	notGenuine  kind = iota // answer 401
	forbidden               // answer 403
	unavailable             // answer 503, so that the service repeats the notification
)

// Error returns the text of the error.
func (e *Error) Error() string {
	if e.Err == nil {
		return "callbackauth: " + e.Msg
	}
	return fmt.Sprintf("callbackauth: %s: %v", e.Msg, e.Err)
}

// Unwrap returns the cause of the error.
func (e *Error) Unwrap() error { return e.Err }

// Temporary reports whether the token could not be checked because the keys are
// unavailable, or because it names a key that may be newer than the last fetch. The service
// should send the notification again.
func (e *Error) Temporary() bool { return e.kind == unavailable }

// Forbidden reports whether the token is genuine but its tenant is not one of those given
// to [WithTenants].
func (e *Error) Forbidden() bool { return e.kind == forbidden }

func refuse(msg string, err error) error { return &Error{msg, err, notGenuine} }

// unavailableBecause returns the error for unavailable keys.
func unavailableBecause(err error) error {
	return &Error{"the keys of the service are unavailable at the moment", err, unavailable}
}
