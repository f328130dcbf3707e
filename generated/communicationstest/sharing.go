package communicationstest

// Share starts sharing content in a call, as a participant would, and returns the id of the
// session. The bot is notified if it has asked for that in the options of its call.
func (s *Service) Share(callID string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	call, ok := s.entities.get(callsPath + "/" + callID)
	if !ok {
		return "", noCall(callID)
	}
	id := s.newID()
	s.entities.put(sessionOf(callID, id), object{"@odata.type": "#microsoft.graph.contentSharingSession", "id": id})
	s.tellSharing(call, callID, id, "created")
	return id, nil
}

// ShareAgain changes the shared content of a session, for example to the next slide.
func (s *Service) ShareAgain(callID, sessionID string) error {
	return s.changeSharing(callID, sessionID, "updated")
}

// StopSharing ends a session of shared content.
func (s *Service) StopSharing(callID, sessionID string) error {
	return s.changeSharing(callID, sessionID, "deleted")
}

func (s *Service) changeSharing(callID, sessionID, change string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	call, ok := s.entities.get(callsPath + "/" + callID)
	if !ok {
		return noCall(callID)
	}
	if _, ok := s.entities.get(sessionOf(callID, sessionID)); !ok {
		return noSession(callID, sessionID)
	}
	if change == "deleted" {
		s.entities.remove(sessionOf(callID, sessionID))
	}
	s.tellSharing(call, callID, sessionID, change)
	return nil
}

// tellSharing notifies the bot of a session, with the path in the service's letter case.
func (s *Service) tellSharing(call object, callID, sessionID, change string) {
	if !option(call, "isContentSharingNotificationEnabled") {
		return
	}
	s.post(call, object{"changeType": change, "resourceUrl": callsPath + "/" + callID + "/contentsharingsessions", "resourceData": []object{{
		"@odata.type": "#microsoft.graph.contentSharingSession", "id": sessionID,
	}}})
}

func sessionOf(callID, id string) string {
	return callsPath + "/" + callID + "/contentSharingSessions/" + id
}
