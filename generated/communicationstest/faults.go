package communicationstest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fault makes requests fail.
type Fault struct {
	Method string // "" matches all
	Path   string // prefix of the path; "" matches all
	Times  int    // number of requests; 0 means all

	Delay      time.Duration // before anything else
	Status     int           // status of the answer, such as 429; 0 leaves it unchanged
	RetryAfter int           // seconds, with a Status
	Body       string        // replaces the body of the answer, such as "{"
	Cut        bool          // the connection breaks within the answer
}

// Inject makes requests fail. If several faults match a request, the one injected first
// applies.
func (s *Service) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times <= 0 {
		f.Times = -1
	}
	s.faults = append(s.faults, &f)
}

// fault returns the fault for a request, or nil.
func (s *Service) fault(method, path string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.faults, func(f *Fault) bool {
		return f.Times != 0 && (f.Method == "" || f.Method == method) && strings.HasPrefix(path, f.Path)
	})
	if i < 0 {
		return nil
	}
	s.faults[i].Times--
	return s.faults[i]
}

// happen makes a request fail. It reports false if the request should be answered.
func (f *Fault) happen(w http.ResponseWriter, r *http.Request) bool {
	select {
	case <-time.After(f.Delay):
	case <-r.Context().Done():
		return true
	}
	if f.Status == 0 && f.Body == "" && !f.Cut {
		return false
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	status, body := f.Status, f.Body
	if status == 0 {
		status = http.StatusOK
	}
	if body == "" {
		body = errorBody(http.StatusText(status), "a fault was injected", "")
	}
	w.Header().Set("Content-Type", "application/json")
	if f.Cut {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)+100))
	}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
	if f.Cut {
		_ = http.NewResponseController(w).Flush() // otherwise the client sees no answer at all
		panic(http.ErrAbortHandler)
	}
	return true
}
