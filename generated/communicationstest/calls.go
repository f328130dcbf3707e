package communicationstest

import (
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

const callsPath = "/communications/calls"

// call answers a request that calls answer differently from other entities. It reports
// false for other requests; s.mu is held.
func (q *query) call() bool {
	switch {
	case q.path == callsPath && q.r.Method == http.MethodPost:
		q.newCall()
		return true
	case len(q.t.Keys) == 0:
		return false
	}
	id := q.t.Keys[0]
	if _, ok := q.entities.get(callsPath + "/" + id); !ok {
		refuse(q.w, http.StatusNotFound, "8523", "Call not found.")
		return true
	}
	switch {
	case q.t.Operation != nil:
		q.operation(id, q.t.Operation)
	case q.r.Method == http.MethodDelete && q.path == callsPath+"/"+id:
		q.end(id, 0, "the bot has ended the call")
		q.w.WriteHeader(http.StatusNoContent)
	case q.r.Method == http.MethodDelete && q.t.Template == callsPath+"/{id}/participants/{id}":
		q.left(id, q.t.Keys[1], "Removed from roster")
		q.w.WriteHeader(http.StatusNoContent)
	default:
		return false
	}
	return true
}

// setState changes the state of a call and notifies the bot.
func (s *Service) setState(id, state string, more object) {
	members := object{"state": state}
	maps.Copy(members, more)
	call, ok := s.entities.change(callsPath+"/"+id, members)
	if !ok {
		return
	}
	change := "updated"
	switch state {
	case "incoming":
		change = "created"
	case "terminated":
		change = "deleted"
	}
	told := object{"@odata.type": "#microsoft.graph.call", "id": id, "state": state}
	maps.Copy(told, more)
	for _, name := range toldOf(call, state) {
		if call[name] != nil {
			told[name] = call[name]
		}
	}
	s.notify(call, change, callsPath+"/"+id, told)
}

// toldOf returns the members of a call in the notification of a state, besides the id and
// the state.
func toldOf(call object, state string) []string {
	switch {
	case state == "incoming":
		return []string{"direction", "tenantId", "chatInfo", "meetingInfo", "source", "targets", "incomingContext"}
	case call["meetingInfo"] == nil && state == "established":
		return []string{"direction", "tenantId"}
	}
	return []string{"chatInfo", "meetingInfo"}
}

// end ends a call, which is then forgotten.
func (s *Service) end(id string, subcode int, message string) {
	s.setState(id, "terminated", object{"resultInfo": object{"code": 200, "subcode": subcode, "message": message}})
	s.entities.remove(callsPath + "/" + id)
	delete(s.rosters, id)
}

// operation answers an action on a call or on a part of it.
func (q *query) operation(id string, op *edm.Operation) {
	switch op.Name.Name {
	case "answer":
		q.w.WriteHeader(http.StatusAccepted)
		q.entities.change(callsPath+"/"+id, object{"callbackUri": q.given["callbackUri"], "myParticipantId": q.newID()})
		q.setState(id, "establishing", nil)
		q.establish(id)
	case "reject", "redirect":
		q.w.WriteHeader(http.StatusAccepted)
		q.end(id, 0, op.Name.Name+"ed")
	case "transfer":
		q.w.WriteHeader(http.StatusAccepted)
		q.setState(id, "transferring", nil)
		q.setState(id, "transferAccepted", nil)
		q.end(id, 0, "transferred")
	case "keepAlive":
		q.w.WriteHeader(http.StatusOK)
	case "changeScreenSharingRole":
		q.w.WriteHeader(http.StatusAccepted)
	default:
		if op.Return == nil || !q.longRunning(id, op) {
			q.entity()
		}
	}
}

// longRunning starts an operation, which completes at once. It reports false if the action
// returns something else.
func (q *query) longRunning(id string, op *edm.Operation) bool {
	t, ok := op.Return.Type.Type.(*edm.StructuredType)
	if !ok || t.Root().Name.Name != "entity" || t.Property("status") == nil {
		return false
	}
	begun := object{"@odata.type": "#" + t.Name.String(), "id": q.newID(), "status": "running", "clientContext": q.given["clientContext"]}
	path := callsPath + "/" + id + "/operations/" + begun["id"].(string)
	q.w.Header().Set("Location", q.URL+path)
	q.reply(http.StatusOK, begun)
	done := maps.Clone(begun)
	done["status"] = "completed"
	done["resultInfo"] = object{"@odata.type": "#microsoft.graph.resultInfo", "code": 200, "subcode": 0, "message": ""}
	if p := t.Property("completionReason"); p != nil {
		if e, ok := p.Type.Type.(*edm.EnumType); ok && len(e.Members) > 1 {
			done["completionReason"] = e.Members[1].Name // the first one means that the reason is unknown
		}
	}
	q.entities.put(path, done)
	q.effect(id, op.Name.Name)
	call, _ := q.entities.get(callsPath + "/" + id)
	q.notify(call, "updated", path, done)
	return true
}

// effect applies an action to the call.
func (q *query) effect(id, action string) {
	roster := callsPath + "/" + id + "/participants"
	switch action {
	case "invite":
		list, _ := q.given["participants"].([]any)
		for _, item := range list {
			if invited, ok := item.(object); ok {
				q.joined(id, object{"id": q.newID(), "isMuted": false, "isInLobby": false, "info": object{
					"@odata.type": "#microsoft.graph.participantInfo", "identity": invited["identity"],
				}})
			}
		}
	case "mute", "unmute":
		whom := fmt.Sprint(q.member(id, "myParticipantId"))
		if strings.HasPrefix(q.path, roster+"/") && len(q.t.Keys) > 1 {
			whom = q.t.Keys[1]
		}
		q.changed(id, whom, object{"isMuted": action == "mute"})
	}
}

// member returns a member of a call.
func (s *Service) member(id, name string) any {
	call, _ := s.entities.get(callsPath + "/" + id)
	return call[name]
}
