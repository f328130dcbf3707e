package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// ServeHTTP answers one request of a bot.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer working(s.clock)()
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<20))
	if err != nil {
		return // who sent it is gone
	}
	if id, ok := strings.CutPrefix(r.URL.Path, recordingsPath); ok {
		s.recording(w, r, id)
		return
	}
	path := r.URL.EscapedPath()
	for _, version := range []string{"/beta", "/v1.0"} {
		path = strings.TrimPrefix(path, version)
	}
	target, err := check(s.model, checked{
		Method: r.Method, Path: path, ContentType: r.Header.Get("Content-Type"), Body: body,
		// Two requests of the page "Create call" have such targets.
		StandsFor: map[string]string{"microsoft.graph.participantInfo": "microsoft.graph.invitationParticipantInfo"},
	})
	s.mu.Lock()
	s.keep(Request{r.Method, path, r.URL.RawQuery, r.Header, body, err})
	id := s.newID()
	number := s.record(Entry{Kind: KindRequest, CallID: callOf(path), Method: r.Method, URL: path, Header: r.Header, Body: raw(body), Text: text(err)})
	s.mu.Unlock()
	w.Header().Set("request-id", id)
	for _, name := range []string{"client-request-id", "Scenario-Id"} {
		if v := r.Header.Get(name); v != "" {
			w.Header().Set(name, v)
		}
	}
	if f := s.fault(r.Method, path); f != nil && f.happen(w, r, s.clock) {
		return
	}
	a := &answer{header: w.Header(), status: http.StatusOK, of: number}
	s.answer(a, r, target, path, body, err)
	s.mu.Lock()
	s.note(a, path)
	s.mu.Unlock()
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes())
}

// keep keeps a request, and forgets the oldest if there are too many; s.mu is held.
func (s *Simulator) keep(r Request) {
	s.requests = append(s.requests, r)
	s.bodies += len(r.Body)
	if len(s.requests) <= 2*s.remember && s.bodies <= 2*mostBodies {
		return
	}
	n := max(0, len(s.requests)-s.remember)
	for _, old := range s.requests[:n] {
		s.bodies -= len(old.Body)
	}
	for ; s.bodies > mostBodies; n++ {
		s.bodies -= len(s.requests[n].Body)
	}
	s.requests = slices.Delete(s.requests, 0, n)
}

// text is what an error says, "" for none.
func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// answer is an answer that is being made: it is sent when the simulator is not locked.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
	of     int // the entry of the request
	noted  bool
}

// note adds an answer to the log, unless it is there; s.mu is held.
func (s *Simulator) note(a *answer, path string) {
	if !a.noted {
		a.noted = true
		s.record(Entry{Kind: KindAnswer, CallID: callOf(path), Of: a.of, Status: a.status, Header: maps.Clone(a.header), Body: raw(bytes.Clone(a.body.Bytes()))})
	}
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// answer answers a request that a fault did not take.
func (s *Simulator) answer(w *answer, r *http.Request, t *target, path string, body []byte, misfit error) {
	switch authorization := r.Header.Get("Authorization"); {
	case authorization == "":
		s.refuse(w, r, http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token is empty.", "")
	case !isBearer(authorization):
		s.refuse(w, r, http.StatusUnauthorized, "InvalidAuthenticationToken", "The request's authorization is no bearer token.", "")
	case misfit != nil:
		s.refuse(w, r, statusOf(misfit), "BadRequest", misfit.Error(), "")
	default:
		s.conforming(w, r, t, path, body)
	}
}

// conforming answers a request that conforms to the description.
func (s *Simulator) conforming(w *answer, r *http.Request, t *target, path string, body []byte) {
	s.mu.Lock()
	custom := s.handlers[r.Method+" "+t.Template]
	s.mu.Unlock()
	if custom != nil {
		custom(w, r)
		return
	}
	var given object
	if len(body) > 0 && json.Valid(body) {
		_ = json.Unmarshal(body, &given)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.note(w, path) // before the notifications that it sets off
	path, ok := s.byKey(t, path)
	if !ok {
		s.refuse(w, r, http.StatusNotFound, "NotFound", "there is nothing at "+path, "")
		return
	}
	q := &query{s, w, r, t, path, given}
	if strings.HasPrefix(path, callsPath) || strings.HasPrefix(path, "/app/calls") {
		q.path = strings.Replace(path, "/app/", "/communications/", 1)
		if q.call() {
			return
		}
	}
	q.entity()
}

// isBearer reports whether an Authorization header has a bearer token.
func isBearer(authorization string) bool {
	scheme, token, _ := strings.Cut(authorization, " ")
	return strings.EqualFold(scheme, "Bearer") && strings.TrimSpace(token) != ""
}

// byKey returns a path with the id of an entity in place of an alternate key. It reports
// false if no entity has that key; s.mu is held.
func (s *Simulator) byKey(t *target, path string) (string, bool) {
	if t.Alternate == nil {
		return path, true
	}
	segments := strings.Split(strings.Trim(path, "/"), "/")
	name, _, _ := strings.Cut(segments[t.Alternate.Segment], "(")
	collection := "/" + strings.Join(append(slices.Clone(segments[:t.Alternate.Segment]), name), "/")
	for _, entity := range s.entities.list(collection) {
		if has(entity, t.Alternate.Values) {
			rest := append([]string{collection, entity["id"].(string)}, segments[t.Alternate.Segment+1:]...)
			return strings.Join(rest, "/"), true
		}
	}
	return path, false
}

// has reports whether an entity has values at the paths of properties.
func has(entity object, values map[string]string) bool {
	for path, want := range values {
		var at any = entity
		for name := range strings.SplitSeq(path, "/") {
			o, _ := at.(object)
			at = o[name]
		}
		if fmt.Sprint(at) != want {
			return false
		}
	}
	return true
}

func statusOf(err error) int {
	e, ok := errors.AsType[*nonconformity](err)
	switch {
	case ok && e.Kind == noSuchPath:
		return http.StatusNotFound
	case ok && e.Kind == noSuchMethod:
		return http.StatusMethodNotAllowed
	}
	return http.StatusBadRequest
}

// refuse refuses a request as Graph does. The inner message, if any, says what the service
// would not.
func (s *Simulator) refuse(w http.ResponseWriter, r *http.Request, status int, code, message, inner string) {
	more := object{"date": s.clock.Now().UTC().Format(time.RFC3339), "request-id": w.Header().Get("request-id")}
	if id := r.Header.Get("client-request-id"); id != "" {
		more["client-request-id"] = id
	}
	if inner != "" {
		more["message"] = inner
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, errorBody(code, message, more))
}

// errorBody is an error as OData has them.
func errorBody(code, message string, inner object) string {
	e := object{"code": code, "message": message}
	if inner != nil {
		e["innerError"] = inner
	}
	data, _ := json.Marshal(object{"error": e})
	return string(data)
}

// callOf returns the id of the call that a path is about, "" for none.
func callOf(path string) string {
	for _, root := range []string{callsPath, "/app/calls"} {
		if rest, ok := strings.CutPrefix(path, root+"/"); ok {
			id, _, _ := strings.Cut(rest, "/")
			return id
		}
	}
	return ""
}
