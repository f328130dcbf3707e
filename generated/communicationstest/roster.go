package communicationstest

import "maps"

// joined adds participants to a call and notifies the bot; s.mu is held.
func (s *Service) joined(id string, participants ...object) {
	var all []object
	for _, given := range participants {
		p := maps.Clone(given)
		p["@odata.type"] = "#microsoft.graph.participant"
		s.entities.put(participantsOf(id)+"/"+p["id"].(string), p)
		all = append(all, p)
	}
	s.tellRoster(id, all)
}

// changed changes a participant. If that admits the bot from the lobby, it is told who is
// in the meeting.
func (s *Service) changed(id, participant string, members object) bool {
	path := participantsOf(id) + "/" + participant
	waited := participant == s.member(id, "myParticipantId") && s.waits(id)
	p, ok := s.entities.change(path, members)
	switch {
	case !ok:
	case waited && !s.waits(id):
		s.tellRoster(id, s.entities.list(participantsOf(id)))
	default:
		s.tellRoster(id, []object{p})
	}
	return ok
}

// left removes a participant.
func (s *Service) left(id, participant, reason string) bool {
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
func (s *Service) waits(id string) bool {
	me, _ := s.member(id, "myParticipantId").(string)
	p, _ := s.entities.get(participantsOf(id) + "/" + me)
	inLobby, _ := p["isInLobby"].(bool)
	return inLobby
}

// tellRoster sends the bot all participants or, if it has asked for deltas, the changed
// ones. A bot in the lobby is told only about itself, a bot in a peer-to-peer call about
// nobody.
func (s *Service) tellRoster(id string, changed []object) {
	call, ok := s.entities.get(callsPath + "/" + id)
	if !ok || isPeerToPeer(call) {
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
		s.notify(call, "updated", participantsOf(id), changed)
	default:
		s.notify(call, "updated", participantsOf(id), s.entities.list(participantsOf(id)))
	}
}

// tellDelta sends the changed participants with the next number.
func (s *Service) tellDelta(id string, call object, changed []object) {
	number := s.nextNumber(id)
	numbered := []object{}
	for _, c := range changed {
		p := maps.Clone(c)
		p["rosterSequenceNumber"] = number
		s.entities.change(participantsOf(id)+"/"+p["id"].(string), object{"rosterSequenceNumber": number})
		numbered = append(numbered, p)
	}
	path := participantsOf(id)
	s.post(call, object{"changeType": "updated", "resource": "/app" + path[len("/communications"):], "resourceUrl": path, "resourceData": []object{{
		"@odata.type": "#microsoft.graph.deltaParticipants", "sequenceNumber": number, "participants": numbered,
	}}})
}

// option reports whether the bot has set an option of a call.
func option(call object, name string) bool {
	options, _ := call["callOptions"].(object)
	on, _ := options[name].(bool)
	return on
}

// only returns a list of the participant with an id, or an empty list.
func only(participants []object, id any) []object {
	for _, p := range participants {
		if p["id"] == id {
			return []object{p}
		}
	}
	return nil
}

func (s *Service) nextNumber(id string) int64 {
	if s.rosters[id] == nil {
		s.rosters[id] = new(int64)
	}
	*s.rosters[id]++
	return *s.rosters[id]
}

func participantsOf(id string) string { return callsPath + "/" + id + "/participants" }
