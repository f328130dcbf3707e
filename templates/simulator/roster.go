package simulator

import "maps"

// joined adds participants to a call and tells the bot; s.mu is held.
func (s *Simulator) joined(id string, participants ...object) {
	var all []object
	for _, given := range participants {
		p := maps.Clone(given)
		p["@odata.type"] = "#microsoft.graph.participant"
		s.entities.put(participantsOf(id)+"/"+p["id"].(string), p)
		all = append(all, p)
	}
	s.tellRoster(id, all)
}

// change changes a participant. When that lets the bot in from the lobby, it gets to know
// who is there.
func (s *Simulator) change(id, participant string, members object) bool {
	path := participantsOf(id) + "/" + participant
	waited := participant == s.member(id, "myParticipantId") && s.waits(id)
	p, ok := s.entities.change(path, members)
	switch {
	case !ok:
	case waited && !s.waits(id):
		s.tellRoster(id, s.entities.list(participantsOf(id)))
		if c := s.calls[id]; c != nil {
			s.activate(c)
		}
	default:
		s.tellRoster(id, []object{p})
	}
	return ok
}

// left removes a participant.
func (s *Simulator) left(id, participant, reason string) bool {
	path := participantsOf(id) + "/" + participant
	p, ok := s.entities.get(path)
	if !ok {
		return false
	}
	s.entities.remove(path)
	p["removedState"] = object{"reason": reason}
	s.tellRoster(id, []object{p})
	return true
}

// waits reports whether the bot of a call waits in the lobby.
func (s *Simulator) waits(id string) bool {
	me, _ := s.member(id, "myParticipantId").(string)
	inLobby, _ := s.entities.byPath[participantsOf(id)+"/"+me]["isInLobby"].(bool)
	return inLobby
}

// tellRoster sends the bot all participants, or, if it has asked for deltas, those who
// changed. A bot that waits in the lobby is told of itself only, one in a peer-to-peer call
// of nobody.
func (s *Simulator) tellRoster(id string, changed []object) {
	call, ok := s.entities.get(callsPath + "/" + id)
	if !ok || s.isPeerToPeer(id) {
		return
	}
	waits := s.waits(id)
	if waits {
		if changed = only(changed, call["myParticipantId"]); len(changed) == 0 {
			return
		}
	}
	switch {
	case option(call, "isDeltaRosterEnabled"):
		s.tellDelta(id, call, changed)
	case waits:
		s.notify(id, call, "updated", participantsOf(id), changed)
	default:
		s.notify(id, call, "updated", participantsOf(id), s.entities.list(participantsOf(id)))
	}
}

// tellDelta sends who changed, under the next number.
func (s *Simulator) tellDelta(id string, call object, changed []object) {
	c := s.calls[id]
	c.roster++
	numbered := []object{}
	for _, one := range changed {
		p := maps.Clone(one)
		p["rosterSequenceNumber"] = c.roster
		s.entities.change(participantsOf(id)+"/"+p["id"].(string), object{"rosterSequenceNumber": c.roster})
		numbered = append(numbered, p)
	}
	path := participantsOf(id)
	s.tell(id, call, object{"changeType": "updated", "resource": "/app" + path[len("/communications"):], "resourceUrl": path, "resourceData": []object{{
		"@odata.type": "#microsoft.graph.deltaParticipants", "sequenceNumber": c.roster, "participants": numbered,
	}}})
}

// option returns an option that the bot has set for a call.
func option(call object, name string) bool {
	options, _ := call["callOptions"].(object)
	on, _ := options[name].(bool)
	return on
}

// only returns the participant with an id, in a list of one or none.
func only(participants []object, id any) []object {
	for _, p := range participants {
		if p["id"] == id {
			return []object{p}
		}
	}
	return nil
}

func participantsOf(id string) string { return callsPath + "/" + id + "/participants" }
