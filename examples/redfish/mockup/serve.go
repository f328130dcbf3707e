package mockup

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
)

// Fault makes the service fail once: at the next request that it is for.
type Fault struct {
	Method, Path string // of the request; the path may have * in place of parts; "" for any

	Status     int    // of the answer
	RetryAfter string // header of the answer, in seconds
	Cut        bool   // the connection breaks before the answer
	EndSession bool   // the sessions end before the request, which is answered 401
}

// Fail adds faults; each happens once.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// Faults returns the number of faults that have not happened yet.
func (s *Server) Faults() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.faults)
}

// fault takes the first fault for a request.
func (s *Server) fault(req *http.Request) (Fault, bool) {
	for i, f := range s.faults {
		matches, _ := path.Match(f.Path, req.URL.Path)
		if (f.Method == "" || f.Method == req.Method) && (f.Path == "" || matches) {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			return f, true
		}
	}
	return Fault{}, false
}

const mostOfRequest = 64 << 20

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	s.mu.Lock()
	s.seen = append(s.seen, req.Method+" "+req.URL.Path)
	f, failed := s.fault(req)
	if f.EndSession {
		clear(s.sessions)
	}
	s.mu.Unlock()
	switch {
	case f.Cut:
		panic(http.ErrAbortHandler) // the server closes the connection
	case failed && f.Status != 0:
		if f.RetryAfter != "" {
			w.Header().Set("Retry-After", f.RetryAfter)
		}
		refuse(w, f.Status, "Base.1.18.GeneralError", "The service fails because the test says so.")
		return
	}
	at := clean(req.URL.Path)
	switch {
	case at == "/redfish/v1/EventService/SSE" && req.Method == http.MethodGet:
		if s.isKnown(w, req) {
			s.stream(w, req)
		}
		return
	case at == "/upload/firmware" && req.Method == http.MethodPost:
		if s.isKnown(w, req) {
			s.upload(w, req)
		}
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, mostOfRequest))
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serve(w, req, at, body)
}

// serve answers a request for a document.
func (s *Server) serve(w http.ResponseWriter, req *http.Request, at string, body []byte) {
	isLogin := req.Method == http.MethodPost && at == "/redfish/v1/SessionService/Sessions"
	if at != "/redfish/v1" && at != "/redfish" && !isLogin && !s.known(req) {
		refuse(w, http.StatusUnauthorized, "Base.1.18.NoValidSession", "There is no valid session.")
		return
	}
	d, ok := s.documents[at]
	switch {
	case isLogin:
		s.login(w, body)
	case req.Method == http.MethodPost && strings.Contains(at, "/Actions/"):
		s.act(w, at, body)
	case s.monitor(w, req, at):
	case !ok:
		refuse(w, http.StatusNotFound, "Base.1.18.ResourceMissingAtURI", "There is nothing at "+at+".", at)
	case req.Method == http.MethodGet:
		s.advance(at, d)
		d.send(w, http.StatusOK, req.Header.Get("If-None-Match"))
	case req.Method == http.MethodPatch:
		s.patch(w, req, d, body)
	case req.Method == http.MethodPost:
		s.create(w, at, d, body)
	case req.Method == http.MethodDelete:
		s.remove(at)
		w.WriteHeader(http.StatusNoContent)
	default:
		refuse(w, http.StatusMethodNotAllowed, "Base.1.18.OperationNotAllowed", "The method is not allowed.")
	}
}

// known reports whether a request has the token of a session, or name and password.
func (s *Server) known(req *http.Request) bool {
	if _, ok := s.sessions[req.Header.Get("X-Auth-Token")]; ok {
		return true
	}
	user, password, ok := req.BasicAuth()
	return ok && user == s.User && password == s.Password
}

// isKnown is known for those who do not hold the lock; it refuses others.
func (s *Server) isKnown(w http.ResponseWriter, req *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.known(req)
	if !known {
		refuse(w, http.StatusUnauthorized, "Base.1.18.NoValidSession", "There is no valid session.")
	}
	return known
}

func (s *Server) login(w http.ResponseWriter, body []byte) {
	var given struct{ UserName, Password string }
	if json.Unmarshal(body, &given) != nil || given.UserName != s.User || given.Password != s.Password {
		refuse(w, http.StatusUnauthorized, "Base.1.18.ResourceAtUriUnauthorized", "Name or password are wrong.")
		return
	}
	const sessions = "/redfish/v1/SessionService/Sessions"
	at := s.added(sessions, map[string]any{"@odata.type": "#Session.v1_7_1.Session", "UserName": given.UserName})
	token := rand.Text()
	s.sessions[token] = at
	w.Header().Set("X-Auth-Token", token)
	w.Header().Set("Location", at)
	s.documents[at].send(w, http.StatusCreated, "")
}

// etag identifies a version of a document.
func (d *document) etag() string { return fmt.Sprintf(`W/"%d"`, d.version) }

// send sends a document, unless the caller has it.
func (d *document) send(w http.ResponseWriter, status int, have string) {
	w.Header().Set("ETag", d.etag())
	if have == d.etag() {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	reply(w, status, d.body)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("OData-Version", "4.0")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(body)
}

// refuse answers with an error and one message.
func refuse(w http.ResponseWriter, status int, id, message string, args ...string) {
	reply(w, status, map[string]any{"error": map[string]any{
		"code": id, "message": "See the message.",
		"@Message.ExtendedInfo": []any{map[string]any{"MessageId": id, "Message": message, "MessageArgs": args, "Severity": "Critical", "Resolution": "None"}},
	}})
}

// patch changes a document.
func (s *Server) patch(w http.ResponseWriter, req *http.Request, d *document, body []byte) {
	var change map[string]any
	if json.Unmarshal(body, &change) != nil {
		refuse(w, http.StatusBadRequest, "Base.1.18.MalformedJSON", "The body is not a JSON object.")
		return
	}
	if match := req.Header.Get("If-Match"); match != "" && match != "*" && match != d.etag() {
		refuse(w, http.StatusPreconditionFailed, "Base.1.18.PreconditionFailed", "The document has changed.")
		return
	}
	for name := range change {
		if _, ok := d.body[name]; !ok && !strings.HasPrefix(name, "@") {
			refuse(w, http.StatusBadRequest, "Base.1.18.PropertyUnknown", "There is no property "+name+".", name)
			return
		}
	}
	merge(d.body, change)
	d.version++
	d.send(w, http.StatusOK, "")
}

// merge changes members of an object, and those of objects in it.
func merge(to, change map[string]any) {
	for name, v := range change {
		inner, isObject := v.(map[string]any)
		old, wasObject := to[name].(map[string]any)
		if isObject && wasObject {
			merge(old, inner)
			continue
		}
		to[name] = v
	}
}

// create adds a document to a collection.
func (s *Server) create(w http.ResponseWriter, at string, d *document, body []byte) {
	var given map[string]any
	if _, ok := d.body["Members"]; !ok || json.Unmarshal(body, &given) != nil {
		refuse(w, http.StatusMethodNotAllowed, "Base.1.18.ResourceCannotBeCreated", "Nothing can be created here.")
		return
	}
	made := s.added(at, given)
	w.Header().Set("Location", made)
	s.documents[made].send(w, http.StatusCreated, "")
}

// added adds a document to a collection, and returns its path.
func (s *Server) added(collection string, body map[string]any) string {
	s.numbers[collection]++
	id := fmt.Sprint(s.numbers[collection])
	at := collection + "/" + id
	body["@odata.id"], body["Id"] = at, id
	if body["Name"] == nil {
		body["Name"] = path.Base(collection) + " " + id
	}
	s.documents[at] = &document{body: body}
	s.list(collection, func(members []any) []any { return append(members, map[string]any{"@odata.id": at}) })
	return at
}

// remove removes a document from its collection.
func (s *Server) remove(at string) {
	delete(s.documents, at)
	for token, session := range s.sessions {
		if session == at {
			delete(s.sessions, token)
		}
	}
	s.list(path.Dir(at), func(members []any) []any {
		var kept []any
		for _, m := range members {
			if text(member(m, "@odata.id")) != at {
				kept = append(kept, m)
			}
		}
		return kept
	})
}

// list changes the members of a collection.
func (s *Server) list(collection string, change func([]any) []any) {
	d := s.documents[collection]
	if d == nil {
		return
	}
	members, _ := d.body["Members"].([]any)
	members = change(members)
	d.body["Members"], d.body["Members@odata.count"] = members, len(members)
	d.version++
}
