package typed

import (
	"encoding/json"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/templates/simulator"
)

// Incoming makes a call to a bot, which is told at its callback URL, and returns the id
// of the call. [Simulator.Ring] says more of it.
func (s *Service) Incoming(callbackURL string, from communications.AnyIdentitySet) (string, error) {
	return s.Ring(simulator.IncomingCall{Callback: callbackURL, From: from})
}

// Join puts a participant into a call and returns the id of the participant, which is
// the given one's if it has one.
func (s *Service) Join(callID string, participant *communications.Participant) (string, error) {
	return s.Simulator.Join(callID, participant)
}

// Change changes what is known of a participant of a call, by its id: one who waits in the
// lobby is admitted, say.
func (s *Service) Change(callID string, participant *communications.Participant) error {
	return s.Simulator.Change(callID, participant.ID, participant)
}

// Press lets a participant press a key of a phone. The numbers of a call's tones begin with 1;
// 0 stands for the next one. Bots hear tones once they have subscribed to them: the error says
// so before.
func (s *Service) Press(callID string, number int64, tone communications.Tone) error {
	return s.Simulator.Press(callID, number, string(tone))
}

// Call returns a call.
func (s *Service) Call(id string) (*communications.Call, bool) {
	o, ok := s.Simulator.Call(id)
	if !ok {
		return nil, false
	}
	data, err := json.Marshal(o)
	if err != nil {
		return nil, false
	}
	call := new(communications.Call)
	return call, communications.Unmarshal(data, call) == nil
}

// Notify posts a notification about a resource to a callback URL: what has changed, one
// value or several.
func (s *Service) Notify(callbackURL, change, resourceURL string, values ...communications.Value) error {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = v
	}
	return s.Simulator.Notify(callbackURL, change, resourceURL, list...)
}
