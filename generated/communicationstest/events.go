package communicationstest

import (
	"fmt"

	"github.com/callgen/callgen/generated/communications"
)

// Incoming makes a call to a bot, notifies its callback URL, and returns the id of the
// call.
func (s *Service) Incoming(callbackURL string, from communications.AnyIdentitySet) (string, error) {
	identity, err := asObject(from)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.newID()
	s.entities.put(callsPath+"/"+id, object{
		"@odata.type": "#microsoft.graph.call", "id": id, "direction": "incoming", "callbackUri": callbackURL,
		"source": object{"@odata.type": "#microsoft.graph.participantInfo", "identity": identity},
	})
	s.setState(id, "incoming", nil)
	return id, nil
}

// Join adds a participant to a call and returns the participant's id, which is the given
// one if set.
func (s *Service) Join(callID string, participant *communications.Participant) (string, error) {
	p, err := asObject(participant)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if participant.ID == "" {
		p["id"] = s.newID()
	}
	if _, ok := s.entities.get(callsPath + "/" + callID); !ok {
		return "", noCall(callID)
	}
	s.joined(callID, p)
	return p["id"].(string), nil
}

// Change changes a participant of a call by id, for example to admit one who waits in the
// lobby.
func (s *Service) Change(callID string, participant *communications.Participant) error {
	members, err := asObject(participant)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.changed(callID, participant.ID, members) {
		return noParticipant(callID, participant.ID)
	}
	return nil
}

// Admit admits the bot of a call that waits in the lobby, because it has joined as a guest.
// Only then is it told who else is in the meeting.
func (s *Service) Admit(callID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	me, _ := s.member(callID, "myParticipantId").(string)
	if !s.changed(callID, me, object{"isInLobby": false}) {
		return noParticipant(callID, me)
	}
	return nil
}

// Leave removes a participant from a call.
func (s *Service) Leave(callID, participantID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.left(callID, participantID, "Left") {
		return noParticipant(callID, participantID)
	}
	return nil
}

// Press sends a tone that a participant has pressed. The tones of a call are numbered from
// 1.
func (s *Service) Press(callID string, number int64, tone communications.Tone) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	call, ok := s.entities.get(callsPath + "/" + callID)
	if !ok {
		return noCall(callID)
	}
	s.notify(call, "updated", callsPath+"/"+callID, object{
		"@odata.type": "#microsoft.graph.call", "id": callID, "state": call["state"],
		"toneInfo": object{"@odata.type": "#microsoft.graph.toneInfo", "sequenceId": number, "tone": string(tone)},
	})
	return nil
}

// End ends a call as if its last participant had left.
func (s *Service) End(callID string, subcode int, message string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.entities.get(callsPath + "/" + callID); !ok {
		return noCall(callID)
	}
	s.end(callID, subcode, message)
	return nil
}

// Call returns a call.
func (s *Service) Call(id string) (*communications.Call, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.entities.get(callsPath + "/" + id)
	call := new(communications.Call)
	return call, ok && remarshal(o, call) == nil
}

// Notify posts a notification about a resource to a callback URL, with one or more changed
// values.
func (s *Service) Notify(callbackURL, change, resourceURL string, values ...communications.Value) error {
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
	s.notify(object{"callbackUri": callbackURL}, change, resourceURL, data)
	return nil
}

func noParticipant(callID, id string) error {
	return fmt.Errorf("the call %s has no participant %s", callID, id)
}

func noSession(callID, id string) error {
	return fmt.Errorf("nothing is shared in the call %s as %s", callID, id)
}

func noCall(id string) error { return fmt.Errorf("there is no call %s", id) }
