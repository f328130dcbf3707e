package simulator

import "slices"

// Complaint is what a bot should have done and did not, or did and should not have.
type Complaint struct {
	CallID string
	// Code names it: unanswered, no-keepalive, wrong-state, second-answer, notification-refused.
	Code string
	Text string
	Page string // of Graph's documentation that says so; "" for none
}

// complain notes what is wrong with the bot; s.mu is held.
func (s *Simulator) complain(callID, code, text, page string) {
	s.complaints = append(s.complaints, Complaint{callID, code, text, page})
	if page != "" {
		text += ` (see the page "` + page + `" of Graph's documentation)`
	}
	s.record(Entry{Kind: KindComplaint, CallID: callID, Text: code + ": " + text})
}

// Complaints returns what was wrong with the bot, in order. A test that asserts that there is
// nothing finds bots that the service would not bear.
func (s *Simulator) Complaints() []Complaint {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.complaints)
}
