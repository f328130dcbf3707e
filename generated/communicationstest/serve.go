package communicationstest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/conform"
)

// serve answers one request.
func (s *Service) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<20))
	if err != nil {
		return // the sender has gone
	}
	path := strings.TrimPrefix(r.URL.EscapedPath(), "/beta")
	target, err := conform.Check(s.model, conform.Request{
		Method: r.Method, Path: path, ContentType: r.Header.Get("Content-Type"), Body: body,
		// Two requests on the page "Create call" have such targets.
		StandsFor: map[string]string{"microsoft.graph.participantInfo": "microsoft.graph.invitationParticipantInfo"},
	})
	s.mu.Lock()
	s.requests = append(s.requests, Request{r.Method, path, r.URL.RawQuery, r.Header, body, err})
	id := s.newID()
	s.mu.Unlock()
	w.Header().Set("request-id", id)
	if f := s.fault(r.Method, path); f != nil && f.happen(w, r) {
		return
	}
	switch {
	case r.Header.Get("Authorization") == "":
		refuse(w, http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token is empty.")
	case !isBearer(r.Header.Get("Authorization")):
		refuse(w, http.StatusUnauthorized, "InvalidAuthenticationToken", "The request's authorization is no bearer token.")
	case err != nil:
		refuse(w, statusOf(err), "BadRequest", err.Error())
	default:
		s.answer(w, r, target, path, body)
	}
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, t *conform.Target, path string, body []byte) {
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
	path, ok := s.byKey(t, path)
	if !ok {
		refuse(w, http.StatusNotFound, "NotFound", "there is nothing at "+path)
		return
	}
	q := &query{s, w, r, t, path, given}
	if strings.HasPrefix(path, "/communications/calls") || strings.HasPrefix(path, "/app/calls") {
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

// byKey replaces the alternate key in a path by the id of the entity. It reports false if
// no entity has that key; s.mu is held.
func (s *Service) byKey(t *conform.Target, path string) (string, bool) {
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

// has reports whether an entity has the given values at property paths.
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

// query is a request being answered.
type query struct {
	*Service
	w     http.ResponseWriter
	r     *http.Request
	t     *conform.Target
	path  string
	given object
}

// entity answers like a plain store of entities.
func (q *query) entity() {
	switch {
	case q.t.Suffix == "$count":
		q.w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(q.w, len(q.entities.list(strings.TrimSuffix(q.path, "/$count"))))
	case q.t.Operation != nil && q.t.Type != nil && !q.t.Collection:
		q.reply(http.StatusOK, object{"@odata.type": "#" + q.t.Type.Name.String()})
	case q.t.Operation != nil && q.t.Operation.Return != nil:
		q.reply(http.StatusOK, object{"value": []any{}})
	case q.t.Operation != nil || q.t.Suffix != "":
		q.w.WriteHeader(http.StatusNoContent)
	case q.t.Property != nil:
		q.notFound()
	case q.r.Method == http.MethodPost:
		q.create(object{})
	case q.r.Method == http.MethodDelete:
		if !q.entities.remove(q.path) {
			q.notFound()
			return
		}
		q.w.WriteHeader(http.StatusNoContent)
	case q.r.Method == http.MethodPatch:
		q.update()
	case q.t.Collection:
		q.reply(http.StatusOK, object{"value": q.entities.list(q.path)})
	default:
		q.read()
	}
}

// create stores the given entity with additional members, and answers with it.
func (q *query) create(more object) object {
	id := q.newID()
	made := object{"@odata.type": "#" + q.t.Type.Name.String()}
	for _, members := range []object{q.given, more, {"id": id}} {
		for name, v := range members {
			made[name] = v
		}
	}
	q.entities.put(q.path+"/"+id, made)
	q.w.Header().Set("Location", q.URL+q.path+"/"+id)
	q.reply(http.StatusCreated, made)
	return made
}

func (q *query) update() {
	o, ok := q.entities.change(q.path, q.given)
	if !ok {
		q.notFound()
		return
	}
	q.reply(http.StatusOK, o)
}

func (q *query) read() {
	o, ok := q.entities.get(q.path)
	if !ok && len(q.t.Keys) > 0 {
		q.notFound()
		return
	}
	if !ok {
		o = object{"@odata.type": "#" + q.t.Type.Name.String()} // a singleton
	}
	q.reply(http.StatusOK, o)
}

func (q *query) notFound() {
	refuse(q.w, http.StatusNotFound, "NotFound", "there is nothing at "+q.path)
}

func (q *query) reply(status int, v any) {
	q.w.Header().Set("Content-Type", "application/json;odata.metadata=minimal")
	q.w.WriteHeader(status)
	_ = json.NewEncoder(q.w).Encode(v)
}

// newID returns a unique id; s.mu is held.
func (s *Service) newID() string {
	s.made++
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", s.made)
}

func statusOf(err error) int {
	e, ok := errors.AsType[*conform.Error](err)
	switch {
	case ok && e.Kind == conform.NotFound:
		return http.StatusNotFound
	case ok && e.Kind == conform.NotAllowed:
		return http.StatusMethodNotAllowed
	}
	return http.StatusBadRequest
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	refuseInner(w, status, code, message, "")
}

// refuseInner refuses a request with an inner error, which explains more than the real
// service would.
func refuseInner(w http.ResponseWriter, status int, code, message, inner string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, errorBody(code, message, inner))
}

// errorBody returns an error in the form of OData.
func errorBody(code, message, inner string) string {
	e := object{"code": code, "message": message}
	if inner != "" {
		e["innerError"] = object{"message": inner}
	}
	data, _ := json.Marshal(object{"error": e})
	return string(data)
}
