package simulator

import "fmt"

// Share begins to share content in a call, as a participant does, and returns the id of the
// session. The bot is told if it has asked for that in the options of its call.
func (s *Simulator) Share(callID string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.inside(callID); err != nil {
		return "", err
	}
	id := s.newID()
	s.person(callID, "shares content")
	s.entities.put(sessionOf(callID, id), object{"@odata.type": "#microsoft.graph.contentSharingSession", "id": id})
	s.tellSharing(callID, id, "created")
	return id, nil
}

// ShareAgain changes what a session shares, to the next slide, say.
func (s *Simulator) ShareAgain(callID, sessionID string) error {
	return s.changeSharing(callID, sessionID, "updated")
}

// StopSharing ends a session of shared content.
func (s *Simulator) StopSharing(callID, sessionID string) error {
	return s.changeSharing(callID, sessionID, "deleted")
}

func (s *Simulator) changeSharing(callID, sessionID, change string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls[callID] == nil {
		return noCall(callID)
	}
	if _, ok := s.entities.get(sessionOf(callID, sessionID)); !ok {
		return fmt.Errorf("nothing is shared in the call %s as %s", callID, sessionID)
	}
	s.person(callID, "changes what is shared")
	if change == "deleted" {
		s.entities.remove(sessionOf(callID, sessionID))
	}
	s.tellSharing(callID, sessionID, change)
	return nil
}

// tellSharing sends the bot a session, in the path's own letter case.
func (s *Simulator) tellSharing(callID, sessionID, change string) {
	call, _ := s.entities.get(callsPath + "/" + callID)
	if !option(call, "isContentSharingNotificationEnabled") {
		return
	}
	s.tell(callID, call, object{"changeType": change, "resourceUrl": callsPath + "/" + callID + "/contentsharingsessions", "resourceData": []object{{
		"@odata.type": "#microsoft.graph.contentSharingSession", "id": sessionID,
	}}})
}

func sessionOf(callID, id string) string {
	return callsPath + "/" + callID + "/contentSharingSessions/" + id
}
