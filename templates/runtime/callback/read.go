package callback

import (
	"net/http"

	"github.com/callgen/callgen/templates/runtime/inbound"
)

// readCallback returns the body of a request, which must be JSON of at most the given size.
func readCallback(w http.ResponseWriter, r *http.Request, most int64) ([]byte, *CallbackError) {
	data, status, err := inbound.Read(w, r, most)
	switch {
	case err != nil:
		return nil, &CallbackError{Status: status, Err: err}
	case data == nil:
		return nil, &CallbackError{Status: http.StatusAccepted, Err: ErrEmptyNotification}
	}
	return data, nil
}
