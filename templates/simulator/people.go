package simulator

import "fmt"

// Join puts a participant into a call and returns the id of the participant, which is
// the given one's if it has one.
func (s *Simulator) Join(callID string, participant any) (string, error) {
	p, err := asObject(participant)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.inside(callID); err != nil {
		return "", err
	}
	if p == nil {
		p = object{}
	}
	if id, _ := p["id"].(string); id == "" {
		p["id"] = s.newID()
	}
	s.person(callID, "joins")
	s.joined(callID, p)
	return p["id"].(string), nil
}

// inside returns a call whose bot is in it; s.mu is held.
func (s *Simulator) inside(callID string) (*liveCall, error) {
	if c := s.calls[callID]; c != nil {
		s.hurry(c)
	}
	c := s.calls[callID]
	switch {
	case c == nil:
		return nil, noCall(callID)
	case !c.settled:
		return nil, fmt.Errorf("the call %s is %v, not established", callID, s.member(callID, "state"))
	}
	return c, nil
}

// Change changes what is known of a participant of a call: one who waits in the lobby is
// admitted, say.
func (s *Simulator) Change(callID, participantID string, members any) error {
	o, err := asObject(members)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.inside(callID); err != nil {
		return err
	}
	s.person(callID, "changes")
	delete(o, "id")
	if !s.change(callID, participantID, o) {
		return noParticipant(callID, participantID)
	}
	return nil
}

// Admit lets the bot of a call in from the lobby, where it waits that has joined as a guest.
// Only then is it told who else is in the meeting.
func (s *Simulator) Admit(callID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.inside(callID); err != nil {
		return err
	}
	me, _ := s.member(callID, "myParticipantId").(string)
	s.person(callID, "admits the bot")
	if !s.change(callID, me, object{"isInLobby": false}) {
		return noParticipant(callID, me)
	}
	return nil
}

// Remove takes the bot out of a call, or out of the lobby.
func (s *Simulator) Remove(callID string) error { return s.endBy(callID, "removes the bot", removed()) }

// HangUp ends a call as the other side does.
func (s *Simulator) HangUp(callID string) error { return s.endBy(callID, "hangs up", byOther()) }

// End ends a call with a subcode, whose code is 200, such as 5002 when all others have left.
func (s *Simulator) End(callID string, subcode int, message string) error {
	return s.endBy(callID, "ends the call", ending{200, subcode, message, "Ended"})
}

func (s *Simulator) endBy(callID, does string, e ending) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls[callID] == nil {
		return noCall(callID)
	}
	s.person(callID, does)
	s.end(callID, e, nil)
	return nil
}

// Leave takes a participant out of a call.
func (s *Simulator) Leave(callID, participantID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person(callID, "leaves")
	if !s.left(callID, participantID, "Left") {
		return noParticipant(callID, participantID)
	}
	return nil
}

// Press lets a participant press a key of a phone. The numbers of a call's tones begin with 1;
// 0 stands for the next one. Bots hear tones once they have subscribed to them: the error says
// so before.
func (s *Simulator) Press(callID string, number int64, tone string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.inside(callID)
	if err != nil {
		return err
	}
	s.person(callID, "presses "+tone)
	s.heardTone(c, tone)
	if !c.subscribed {
		return fmt.Errorf("the bot does not hear %s in the call %s: it has not subscribed to tones, or the subscription is not completed yet", tone, callID)
	}
	if number == 0 {
		number = c.tones + 1
	}
	c.tones = max(c.tones, number)
	call, _ := s.entities.get(callsPath + "/" + callID)
	s.notify(callID, call, "updated", callsPath+"/"+callID, object{
		"@odata.type": "#microsoft.graph.call", "id": callID, "state": call["state"],
		"toneInfo": object{"@odata.type": "#microsoft.graph.toneInfo", "sequenceId": number, "tone": tone},
	})
	return nil
}

// Call returns a call as the service has it.
func (s *Simulator) Call(id string) (map[string]any, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entities.get(callsPath + "/" + id)
}

// Calls returns the ids of the calls that there are, in the order in which they came.
func (s *Simulator) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for _, call := range s.entities.list(callsPath) {
		ids = append(ids, call["id"].(string))
	}
	return ids
}

// Participants returns the roster of a call.
func (s *Simulator) Participants(callID string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entities.list(participantsOf(callID))
}

// Notify posts a notification about a resource to a callback URL: what has changed, one
// value or several.
func (s *Simulator) Notify(callbackURL, change, resourceURL string, values ...any) error {
	var list []object
	for _, v := range values {
		o, err := asObject(v)
		if err != nil {
			return err
		}
		list = append(list, o)
	}
	var data any = list
	if len(list) == 1 {
		data = list[0]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notify(callOf(resourceURL), object{"callbackUri": callbackURL}, change, resourceURL, data)
	return nil
}

func noParticipant(callID, id string) error {
	return fmt.Errorf("the call %s has no participant %s", callID, id)
}

func noCall(id string) error { return fmt.Errorf("there is no call %s", id) }
