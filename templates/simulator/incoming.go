package simulator

import (
	"maps"
	"net/http"
)

// IncomingCall is a call to a bot.
type IncomingCall struct {
	Callback string // where the bot is told of it
	From     any    // a set of identities; nil for a user John
	// Meeting, if there is one, is a meeting that the bot is invited to: an object with the
	// members chatInfo and meetingInfo of a call.
	Meeting any
	Tenant  string // "" for the bot's
}

// Ring makes a call to a bot, and returns the id of the call.
func (s *Simulator) Ring(in IncomingCall) (string, error) {
	from := object{"user": object{"@odata.type": "#microsoft.graph.identity", "displayName": "John", "id": "112f7296-5fa4-42ca-bae8-6a692b15d4b8"}}
	if in.From != nil {
		var err error
		if from, err = asObject(in.From); err != nil {
			return "", err
		}
	}
	meeting, err := asObject(in.Meeting)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, sender := s.newID(), s.newID()
	where := object{"endpointType": "default", "region": "westus", "languageId": "en-US"}
	source, target := infoOf(from), infoOf(s.self.identity())
	target["@odata.type"] = "#microsoft.graph.invitationParticipantInfo"
	maps.Copy(source, where)
	maps.Copy(target, where)
	call := object{
		"@odata.type": "#microsoft.graph.call", "id": id, "direction": "incoming", "callbackUri": in.Callback, "tenantId": s.self.tenant,
		"source": source, "targets": []any{target}, "myParticipantId": s.newID(), "callChainId": s.newID(), "requestedModalities": []any{"audio"},
		"incomingContext": object{"@odata.type": "#microsoft.graph.incomingContext", "sourceParticipantId": sender, "observedParticipantId": sender},
	}
	if in.Tenant != "" {
		call["tenantId"] = in.Tenant
	}
	for _, name := range []string{"chatInfo", "meetingInfo"} {
		if meeting[name] != nil {
			call[name] = meeting[name]
		}
	}
	c := &liveCall{id: id, incoming: true}
	s.calls[id] = c
	s.entities.put(callsPath+"/"+id, call)
	s.person(id, "calls the bot")
	s.setState(id, "incoming", nil)
	c.unanswered = s.later(c, limit, s.timing.Unanswered, func() {
		s.complain(id, "unanswered", "the incoming call was neither answered nor rejected within "+s.timing.Unanswered.String(), page("answer"))
		s.end(id, notAnswered(), nil)
	})
	return id, nil
}

// notTaken ends an incoming call of which the bot could not be told; s.mu is held.
func (s *Simulator) notTaken(id string) {
	if c := s.calls[id]; c != nil && c.incoming {
		s.end(id, notTaken(), nil)
	}
}

// answerCall establishes an incoming call.
func (q *query) answerCall(c *liveCall) {
	s, members := q.Simulator, object{}
	var r rules
	if q.given["callbackUri"] != nil {
		r.callback(q.given["callbackUri"])
		members["callbackUri"] = q.given["callbackUri"]
	}
	r.media(q.given["mediaConfig"])
	if len(r) > 0 {
		q.fail(http.StatusBadRequest, "BadRequest", r[0])
		return
	}
	q.w.WriteHeader(http.StatusAccepted)
	s.cancel(c.unanswered)
	c.incoming = false
	members["mediaConfig"] = q.given["mediaConfig"]
	if q.given["callOptions"] != nil {
		members["callOptions"] = q.given["callOptions"]
	}
	s.entities.change(callsPath+"/"+c.id, members)
	s.setState(c.id, "establishing", nil)
	s.keepAlive(c)
	s.later(c, connecting, s.timing.Connect, func() { s.establish(c) })
}
