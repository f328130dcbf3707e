package simulator

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// call answers what calls do otherwise than other entities. It reports false for the
// rest; s.mu is held.
func (q *query) call() bool {
	switch {
	case q.path == callsPath && q.r.Method == http.MethodPost:
		q.newCall()
		return true
	case len(q.t.Keys) == 0:
		return false
	}
	id := q.t.Keys[0]
	c := q.calls[id]
	if _, ok := q.entities.get(callsPath + "/" + id); !ok || c == nil {
		q.fail(http.StatusNotFound, "8523", "Call not found.")
		return true
	}
	switch {
	case q.t.Operation != nil:
		if q.allows(c) {
			q.act(c)
		}
	case q.r.Method == http.MethodDelete && q.path == callsPath+"/"+id:
		q.end(id, byBot(), nil)
		q.w.WriteHeader(http.StatusNoContent)
	case q.r.Method == http.MethodDelete && q.t.Template == callsPath+"/{id}/participants/{id}":
		q.left(id, q.t.Keys[1], "Removed from roster")
		q.w.WriteHeader(http.StatusNoContent)
	default:
		return false
	}
	return true
}

// page is that of Graph's documentation about an action.
func page(action string) string { return "call: " + action }

// allows refuses an action that the state of a call does not allow, and reports false then.
func (q *query) allows(c *liveCall) bool {
	action, state := q.t.Operation.short(), fmt.Sprint(q.member(c.id, "state"))
	if q.t.Operation.Function {
		return true
	}
	config, _ := q.member(c.id, "mediaConfig").(object)
	wrong, code := "", "wrong-state"
	switch {
	case slices.Contains([]string{"answer", "reject", "redirect"}, action):
		if state != "incoming" {
			wrong = "the call is " + state + ", not incoming"
			if action == "answer" && q.member(c.id, "direction") == "incoming" {
				code = "second-answer"
			}
		}
	case action == "keepAlive" || action == "logTeleconferenceDeviceQuality":
		if state == "incoming" {
			wrong = "the call is not answered"
		}
	case state != "established":
		wrong = "the call is " + state + ", not established"
	case isOfMedia(action) && typeOf(config) == "appHostedMediaConfig":
		wrong = "the media of the call are hosted by the application, not by the service"
	case isOfMedia(action) && q.waits(c.id):
		wrong = "the bot waits in the lobby"
	}
	if wrong != "" {
		q.complain(c.id, code, action+" was sent while "+wrong, page(action))
		q.fail(http.StatusBadRequest, "BadRequest", "The action "+action+" is not allowed: "+wrong+".")
	}
	return wrong == ""
}

// isOfMedia reports whether an action is for media that the service hosts.
func isOfMedia(action string) bool {
	return slices.Contains([]string{"playPrompt", "record", "recordResponse", "subscribeToTone", "cancelMediaProcessing"}, action)
}

// act does what an action on a call, or on something of it, says.
func (q *query) act(c *liveCall) {
	switch action := q.t.Operation.short(); action {
	case "answer":
		q.answerCall(c)
	case "reject":
		q.w.WriteHeader(http.StatusAccepted)
		q.end(c.id, rejected(), nil)
	case "redirect":
		q.redirect(c)
	case "transfer":
		q.transfer(c)
	case "keepAlive":
		q.w.WriteHeader(http.StatusOK)
		q.keepAlive(c)
	case "changeScreenSharingRole":
		q.w.WriteHeader(http.StatusAccepted)
	case "playPrompt", "record", "recordResponse":
		q.mediaAction(c)
	default:
		if t := q.operationType(); t != nil {
			q.longRunning(c, t)
			return
		}
		q.entity()
	}
}

// operationType returns the type of the operation that an action begins, nil for another one.
func (q *query) operationType() *structuredType {
	if q.t.Type == nil || q.t.Collection || q.t.Type.Property("status") == nil || !strings.HasSuffix(q.t.Type.Name, "Operation") {
		return nil
	}
	return q.t.Type
}

// begin answers with an operation, which is under way.
func (q *query) begin(c *liveCall, t *structuredType) object {
	begun := object{"@odata.type": "#" + t.Name, "id": q.newID(), "status": "running", "clientContext": q.given["clientContext"]}
	path := operationOf(c.id, begun)
	q.entities.put(path, begun)
	q.w.Header().Set("Location", q.URL+path)
	q.reply(http.StatusOK, begun)
	return begun
}

func operationOf(callID string, operation object) string {
	return callsPath + "/" + callID + "/operations/" + operation["id"].(string)
}

// longRunning begins an operation that takes a moment.
func (q *query) longRunning(c *liveCall, t *structuredType) {
	begun, action, given := q.begin(c, t), q.t.Operation.short(), q.given
	whom := ""
	if len(q.t.Keys) > 1 {
		whom = q.t.Keys[1]
	}
	s := q.Simulator
	if action == "invite" {
		s.invite(c, given, begun)
		return
	}
	s.later(c, soon, s.timing.Action, func() {
		s.finish(c, begun, completed(), nil)
		s.effect(c, action, whom, given)
	})
}

// finish ends an operation and tells the bot.
func (s *Simulator) finish(c *liveCall, operation object, e ending, more object) {
	done := maps.Clone(operation)
	done["status"] = "completed"
	if e.code >= 400 {
		done["status"] = "failed"
	}
	done["resultInfo"] = e.info()
	for name, v := range more {
		if t := s.model.Structured(strings.TrimPrefix(done["@odata.type"].(string), "#")); t != nil && t.Property(name) != nil {
			done[name] = v
		}
	}
	path := operationOf(c.id, done)
	s.entities.put(path, done)
	call, _ := s.entities.get(callsPath + "/" + c.id)
	s.notify(c.id, call, "deleted", path, done) // as the pages of the actions show it
}

// effect does to the call what an action says.
func (s *Simulator) effect(c *liveCall, action, whom string, given object) {
	me := fmt.Sprint(s.member(c.id, "myParticipantId"))
	switch action {
	case "subscribeToTone":
		c.subscribed = true
	case "cancelMediaProcessing":
		s.cancelMedia(c)
	case "mute", "unmute":
		if whom == "" {
			whom = me
		}
		s.change(c.id, whom, object{"isMuted": action == "mute"})
	case "muteAll":
		list, _ := given["participants"].([]any)
		for _, id := range list {
			s.change(c.id, fmt.Sprint(id), object{"isMuted": true})
		}
	case "admitFromLobby":
		s.change(c.id, whom, object{"isInLobby": false})
	case "removeFromLobby":
		s.left(c.id, whom, "Removed from lobby")
	case "admitAllFromLobby":
		for _, p := range s.entities.list(participantsOf(c.id)) {
			if p["isInLobby"] == true {
				s.change(c.id, p["id"].(string), object{"isInLobby": false})
			}
		}
	}
}

// invite calls those who are invited. The operation ends when all have answered or not.
func (s *Simulator) invite(c *liveCall, given, begun object) {
	list, _ := given["participants"].([]any)
	left, result := len(list), completed()
	over := func() {
		if left--; left == 0 {
			s.finish(c, begun, result, object{"participants": list})
		}
	}
	for _, item := range list {
		who := &callee{does: s.callees.take(), info: infoOfTarget(item)}
		who.answered = func() {
			s.joined(c.id, who.participant(s))
			over()
		}
		who.failed = func(e ending) {
			result = e
			over()
		}
		s.ring(c, who, s.timing.NoAnswer, nil)
	}
	if left == 0 {
		s.finish(c, begun, completed(), nil)
	}
}

// transfer hands a call over to somebody. If that fails the call goes on.
func (q *query) transfer(c *liveCall) {
	s := q.Simulator
	q.w.WriteHeader(http.StatusAccepted)
	s.setState(c.id, "transferring", nil)
	who := &callee{does: s.callees.take(), info: infoOfTarget(q.given["transferTarget"])}
	who.answered = func() {
		s.setState(c.id, "transferAccepted", nil)
		s.later(c, connecting, s.timing.Action, func() { s.end(c.id, transferred(), nil) })
	}
	who.failed = func(e ending) { s.setState(c.id, "established", object{"resultInfo": e.info()}) }
	s.ring(c, who, s.timing.NoAnswer, nil)
}

// redirect hands an incoming call on, to the first one who answers.
func (q *query) redirect(c *liveCall) {
	targets, _ := q.given["targets"].([]any)
	if len(targets) == 0 {
		q.fail(http.StatusBadRequest, "BadRequest", "targets: "+missing)
		return
	}
	seconds := 55.0
	if len(targets) > 1 {
		seconds = 60
	}
	if given, ok := q.given["timeout"].(float64); ok {
		if given < 15 || given > 90 {
			q.fail(http.StatusBadRequest, "BadRequest", "timeout: must be from 15 to 90 seconds")
			return
		}
		seconds = given
	}
	s := q.Simulator
	if address, ok := q.given["callbackUri"].(string); ok && address != "" {
		s.entities.change(callsPath+"/"+c.id, object{"callbackUri": address})
	}
	q.w.WriteHeader(http.StatusAccepted)
	s.cancel(c.unanswered)
	c.incoming = false
	s.setState(c.id, "redirecting", nil)
	left := len(targets)
	for _, target := range targets {
		who := &callee{does: s.callees.take(), info: infoOfTarget(target)}
		who.answered = func() { s.end(c.id, redirected(), s.known(object{"answeredBy": who.info})) }
		who.failed = func(e ending) {
			if left--; left == 0 {
				s.end(c.id, e, nil)
			}
		}
		s.ring(c, who, time.Duration(seconds*float64(time.Second)), nil)
	}
}
