// Package companion holds helpers for users of the calling API that its description cannot
// provide: ordinary Go, written against the package in generated/communications and emitted
// into packages that include everything it uses.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package companion

import (
	"errors"
	"fmt"

	"github.com/callgen/callgen/generated/communications"
)

// CallFromMeeting returns a call that joins an online meeting: by its chat and organizer if
// the meeting has them, otherwise by its meeting id and passcode. Values that are missing from
// other members are taken from the join URL. Set CallbackURI and MediaConfig before creating
// the call.
//
// It returns an error if the meeting lacks the necessary members, for example because they
// were left out with $select.
func CallFromMeeting(meeting *communications.OnlineMeeting) (*communications.Call, error) {
	if meeting == nil {
		return nil, errors.New("the meeting is nil: pass the one to join")
	}
	if call := callByOrganizer(meeting); call != nil {
		return call, nil
	}
	call, err := CallFromMeetingID(meeting)
	if err != nil {
		return nil, fmt.Errorf("the meeting %s has neither chatInfo.threadId and participants.organizer.identity.user.id nor a usable meeting id; read it without $select: %w",
			meeting.ID, err)
	}
	return call, nil
}

// CallFromMeetingID returns a call that joins an online meeting by its meeting id and
// passcode. See [CallFromMeeting].
func CallFromMeetingID(meeting *communications.OnlineMeeting) (*communications.Call, error) {
	if meeting == nil || meeting.JoinMeetingIDSettings == nil {
		return nil, errors.New("joinMeetingIdSettings is missing")
	}
	settings := meeting.JoinMeetingIDSettings
	if isEmpty(settings.JoinMeetingID) {
		return nil, errors.New("joinMeetingIdSettings.joinMeetingId is missing")
	}
	info := &communications.JoinMeetingIDMeetingInfo{JoinMeetingID: settings.JoinMeetingID, Passcode: settings.Passcode}
	if info.Passcode == nil {
		if settings.IsPasscodeRequired != nil && *settings.IsPasscodeRequired {
			return nil, errors.New("joinMeetingIdSettings.passcode is missing, but required")
		}
		info.AdditionalData.SetNull("passcode")
	}
	call := &communications.Call{MeetingInfo: info}
	if user := organizerOf(meeting); !isEmpty(user.TenantID) {
		call.TenantID = user.TenantID
	}
	return call, nil
}

// callByOrganizer returns nil if the meeting does not name its chat and organizer.
func callByOrganizer(meeting *communications.OnlineMeeting) *communications.Call {
	chat, user := chatOf(meeting), organizerOf(meeting)
	if isEmpty(chat.ThreadID) || isEmpty(user.ID) {
		return nil
	}
	return &communications.Call{
		ChatInfo:    chat,
		MeetingInfo: &communications.OrganizerMeetingInfo{Organizer: &communications.IdentitySet{User: user}},
		TenantID:    user.TenantID,
	}
}

// chatOf returns the known properties of a meeting's chat.
func chatOf(meeting *communications.OnlineMeeting) *communications.ChatInfo {
	chat := new(communications.ChatInfo)
	if c := meeting.ChatInfo; c != nil {
		chat.ThreadID, chat.MessageID, chat.ReplyChainMessageID = c.ThreadID, c.MessageID, c.ReplyChainMessageID
	}
	if link := linkOf(meeting); isEmpty(chat.ThreadID) {
		chat.ThreadID, chat.MessageID = optional(link.thread), optional(link.message)
	}
	return chat
}

// organizerOf returns the known properties of a meeting's organizer.
func organizerOf(meeting *communications.OnlineMeeting) *communications.Identity {
	user := new(communications.Identity)
	if u := organizingUser(meeting); u != nil {
		user.ID, user.DisplayName, user.TenantID = u.ID, u.DisplayName, u.TenantID
	}
	link := linkOf(meeting)
	if isEmpty(user.ID) {
		user.ID = optional(link.organizer)
	}
	if isEmpty(user.TenantID) && (user.ID == nil || *user.ID == link.organizer) {
		user.TenantID = optional(link.tenant)
	}
	return user
}

// organizingUser returns nil if the organizer of the meeting is not a user.
func organizingUser(meeting *communications.OnlineMeeting) *communications.Identity {
	p := meeting.Participants
	if p == nil || p.Organizer == nil || p.Organizer.Identity == nil {
		return nil
	}
	if user := p.Organizer.Identity.AsIdentitySet().User; user != nil {
		return user.AsIdentity()
	}
	return nil
}

// linkOf returns an empty joinLink for a meeting without a join URL of the long form.
func linkOf(meeting *communications.OnlineMeeting) joinLink {
	if meeting.JoinWebURL == nil {
		return joinLink{}
	}
	link, _ := parseJoinLink(*meeting.JoinWebURL)
	if link.meetingID != "" {
		return joinLink{} // a short one names neither chat nor organizer
	}
	return link
}
