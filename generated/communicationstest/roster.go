package communicationstest

import (
	"maps"
)

// joined adds a participant to a call and tells the bot; s.mu is held.
func (s *Service) joined(id string, participant object) {
	p := maps.Clone(participant)
	p["@odata.type"] = "#microsoft.graph.participant"
	p["rosterSequenceNumber"] = s.nextNumber(id)
	s.entities.put(participantsOf(id)+"/"+p["id"].(string), p)
	s.tellRoster(id, p)
}

// changed changes a participant.
func (s *Service) changed(id, participant string, members object) bool {
	more := maps.Clone(members)
	more["rosterSequenceNumber"] = s.nextNumber(id)
	p, ok := s.entities.change(participantsOf(id)+"/"+participant, more)
	if ok {
		s.tellRoster(id, p)
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
	p["rosterSequenceNumber"] = s.nextNumber(id)
	p["removedState"] = object{"reason": reason}
	s.tellRoster(id, p)
	return true
}

// tellRoster sends the bot all participants, or, if it has asked for deltas, who changed.
func (s *Service) tellRoster(id string, changed object) {
	call, ok := s.entities.get(callsPath + "/" + id)
	if !ok {
		return
	}
	options, _ := call["callOptions"].(object)
	if deltas, _ := options["isDeltaRosterEnabled"].(bool); deltas {
		s.notify(call, "updated", participantsOf(id), []object{{
			"@odata.type": "#microsoft.graph.deltaParticipants", "sequenceNumber": *s.rosters[id], "participants": []object{changed},
		}})
		return
	}
	s.notify(call, "updated", participantsOf(id), s.entities.list(participantsOf(id)))
}

func (s *Service) nextNumber(id string) int64 {
	if s.rosters[id] == nil {
		s.rosters[id] = new(int64)
	}
	*s.rosters[id]++
	return *s.rosters[id]
}

func participantsOf(id string) string { return callsPath + "/" + id + "/participants" }
