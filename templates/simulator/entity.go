package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
)

// query is a request that is being answered.
type query struct {
	*Simulator
	w     http.ResponseWriter
	r     *http.Request
	t     *target
	path  string
	given object
}

// entity answers as a plain store of entities does.
func (q *query) entity() {
	switch {
	case q.t.Suffix == "$count":
		q.w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(q.w, len(q.entities.list(strings.TrimSuffix(q.path, "/$count"))))
	case q.t.Operation != nil && q.t.Type != nil && !q.t.Collection:
		q.reply(http.StatusOK, object{"@odata.type": "#" + q.t.Type.Name})
	case q.t.Operation != nil && q.t.Operation.Return != nil:
		q.reply(http.StatusOK, object{"value": []any{}})
	case q.t.Operation != nil || q.t.Suffix != "":
		q.w.WriteHeader(http.StatusNoContent)
	case q.t.Property != nil:
		q.notFound()
	case q.r.Method == http.MethodPost:
		q.create()
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

// create keeps what is given and answers with it.
func (q *query) create() {
	id := q.newID()
	made := object{"@odata.type": "#" + q.t.Type.Name}
	maps.Copy(made, q.given)
	made["id"] = id
	q.entities.put(q.path+"/"+id, made)
	q.w.Header().Set("Location", q.URL+q.path+"/"+id)
	q.reply(http.StatusCreated, made)
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
		o = object{"@odata.type": "#" + q.t.Type.Name} // a singleton
	}
	q.reply(http.StatusOK, o)
}

func (q *query) notFound() {
	q.fail(http.StatusNotFound, "NotFound", "there is nothing at "+q.path)
}

func (q *query) reply(status int, v any) {
	q.w.Header().Set("Content-Type", "application/json;odata.metadata=minimal")
	q.w.WriteHeader(status)
	_ = json.NewEncoder(q.w).Encode(v)
}

// fail refuses the request.
func (q *query) fail(status int, code, message string) {
	q.refuse(q.w, q.r, status, code, message, "")
}
