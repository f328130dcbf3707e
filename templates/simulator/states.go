package simulator

import (
	"encoding/json"
	"maps"
)

const callsPath = "/communications/calls"

// setState changes the state of a call and tells the bot; s.mu is held.
func (s *Simulator) setState(id, state string, more object) {
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
	s.notify(id, call, change, callsPath+"/"+id, told)
}

// toldOf returns the members of a call that its bot is told with a state, beside the id and
// the state.
func toldOf(call object, state string) []string {
	switch {
	case state == "incoming":
		return []string{
			"direction", "callbackUri", "source", "targets", "tenantId", "myParticipantId", "callChainId", "incomingContext", "chatInfo", "meetingInfo",
			"requestedModalities",
		}
	case call["meetingInfo"] == nil && state == "established":
		return []string{"direction", "tenantId"}
	}
	return []string{"chatInfo", "meetingInfo"}
}

// known returns the members that the description of calls has: v1.0 has fewer than beta.
func (s *Simulator) known(members object) object {
	maps.DeleteFunc(members, func(name string, _ any) bool { return name != "@odata.type" && !s.model.has("call", name) })
	return members
}

// end ends a call, which is then forgotten.
func (s *Simulator) end(id string, e ending, more object) {
	members := s.known(object{"resultInfo": e.info(), "terminationReason": e.reason})
	maps.Copy(members, more)
	if c := s.calls[id]; c != nil {
		s.forget(c)
	}
	s.setState(id, "terminated", members)
	s.entities.remove(callsPath + "/" + id)
	delete(s.calls, id)
}

// member is a member of a call.
func (s *Simulator) member(id, name string) any { return s.entities.byPath[callsPath+"/"+id][name] }

// establish puts the bot into a call, and those who answered.
func (s *Simulator) establish(c *liveCall, answered ...*callee) {
	if len(answered) == 1 && s.isPeerToPeer(c.id) {
		s.entities.change(callsPath+"/"+c.id, s.known(object{"answeredBy": answered[0].info}))
	}
	c.settled = true
	s.setState(c.id, "established", nil)
	call, _ := s.entities.get(callsPath + "/" + c.id)
	identity := s.self.identity()
	if call["direction"] == "outgoing" {
		source, _ := call["source"].(object)
		identity, _ = source["identity"].(object)
	}
	_, guest := identity["guest"].(object)
	me := object{"id": call["myParticipantId"], "isMuted": false, "isInLobby": guest, "info": infoOf(identity), "mediaStreams": streams(call)}
	all := []object{me}
	for _, who := range answered {
		all = append(all, who.participant(s))
	}
	s.joined(c.id, all...)
	if guest {
		c.lobby = s.later(c, limit, s.timing.Lobby, func() { s.end(c.id, lobbyTimedOut(), nil) })
		return
	}
	s.activate(c)
}

// activate lets the media of a call flow soon.
func (s *Simulator) activate(c *liveCall) {
	s.cancel(c.lobby)
	s.later(c, soon, s.timing.Media, func() {
		c.withMedia = true
		s.setState(c.id, s.member(c.id, "state").(string), object{"mediaState": object{"@odata.type": "#microsoft.graph.callMediaState", "audio": "active"}})
	})
}

// keepAlive begins the time in which a call must be kept alive again.
func (s *Simulator) keepAlive(c *liveCall) {
	s.cancel(c.alive)
	if s.timing.KeepAlive <= 0 {
		return
	}
	c.alive = s.later(c, limit, s.timing.KeepAlive, func() {
		s.complain(c.id, "no-keepalive", "the call was not kept alive for "+s.timing.KeepAlive.String()+", so that the service ended it", "call: keepAlive")
		s.end(c.id, notKeptAlive(), nil)
	})
}

func infoOf(identity object) object {
	return object{"@odata.type": "#microsoft.graph.participantInfo", "identity": identity}
}

// isPeerToPeer reports whether a call has two ends: its bot is told of states only.
func (s *Simulator) isPeerToPeer(id string) bool {
	targets, _ := s.member(id, "targets").([]any)
	return s.member(id, "meetingInfo") == nil && len(targets) <= 1
}

// notify tells the bot of a call what has changed, if it has an address.
func (s *Simulator) notify(id string, call object, change, path string, data any) {
	s.tell(id, call, object{"changeType": change, "resourceUrl": path, "callbackUri": call["callbackUri"], "resourceData": data})
}

// tell sends the bot of a call a notification, if it has an address.
func (s *Simulator) tell(id string, call, n object) {
	url, _ := call["callbackUri"].(string)
	if url == "" {
		return
	}
	n["@odata.type"] = "#microsoft.graph.commsNotification"
	body, err := json.Marshal(object{"@odata.type": "#microsoft.graph.commsNotifications", "value": []object{n}})
	if err != nil {
		return // what came as JSON goes as JSON
	}
	chain, _ := call["callChainId"].(string)
	tenant, _ := call["tenantId"].(string)
	s.send(&post{callID: id, chain: chain, tenant: tenant, url: url, body: body, first: call["state"] == "incoming" && n["changeType"] == "created"})
}
