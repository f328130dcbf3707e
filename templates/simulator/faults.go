package simulator

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fault is something that goes wrong with requests.
type Fault struct {
	Method string // "" stands for all
	// Path is that of the request, below the root: "/communications/calls". "{id}" stands for
	// one segment, and "" for all paths.
	Path  string
	Times int // how often; 0 stands for always

	Delay      time.Duration // before anything else
	Status     int           // of the answer, such as 429; 0 stands for the one that it would have
	RetryAfter int           // seconds, with a Status
	Body       string        // instead of the answer's, such as "{"
	Cut        bool          // the connection ends within the answer
}

// Inject makes requests fail. Of the faults that fit a request the one that was injected
// first is taken.
func (s *Simulator) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times <= 0 {
		f.Times = -1
	}
	s.faults = append(s.faults, &f)
}

// fault returns what goes wrong with a request, nil for nothing.
func (s *Simulator) fault(method, path string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.faults, func(f *Fault) bool {
		return f.Times != 0 && (f.Method == "" || f.Method == method) && (f.Path == "" || fits(f.Path, path))
	})
	if i < 0 {
		return nil
	}
	f := *s.faults[i]
	if s.faults[i].Times--; s.faults[i].Times == 0 {
		s.faults = slices.Delete(s.faults, i, i+1)
	}
	s.record(Entry{Kind: KindNetwork, CallID: callOf(path), Text: "makes a request fail", Method: method, URL: path, Status: f.Status})
	return &f
}

// fits reports whether a path has the form of another one, with "{id}" for a segment.
func fits(form, path string) bool {
	want, got := strings.Split(form, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || w == "{id}" && g != "" })
}

// happen makes a request fail. It reports false if the request is to be answered.
func (f *Fault) happen(w http.ResponseWriter, r *http.Request, c Clock) bool {
	if !sleep(r.Context(), c, f.Delay) {
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
		body = errorBody(http.StatusText(status), "a fault was injected", nil)
	}
	w.Header().Set("Content-Type", "application/json")
	if f.Cut {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)+100))
	}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
	if f.Cut {
		_ = http.NewResponseController(w).Flush() // or the client sees no answer at all
		panic(http.ErrAbortHandler)
	}
	return true
}
