package companion

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/callgen/callgen/generated/communications"
)

// CallFromJoinURL returns a call that joins the meeting of a Teams join URL: of the classic form
// https://teams.microsoft.com/l/meetup-join/…, whose context names the organizer, or of the short
// form https://teams.microsoft.com/meet/…, with or without a passcode. Parts of the URL may be
// percent-encoded, also as a whole. Set CallbackURI and MediaConfig before creating the call.
func CallFromJoinURL(joinURL string) (*communications.Call, error) {
	link, err := parseJoinLink(joinURL)
	if err != nil {
		return nil, err
	}
	if link.meetingID != "" {
		info := &communications.JoinMeetingIDMeetingInfo{JoinMeetingID: &link.meetingID, Passcode: optional(link.passcode)}
		if link.passcode == "" {
			info.AdditionalData.SetNull("passcode")
		}
		return &communications.Call{MeetingInfo: info, TenantID: optional(link.tenant)}, nil
	}
	if link.organizer == "" {
		return nil, errors.New("the context of the join URL does not name the organizer (Oid)")
	}
	user := &communications.Identity{ID: &link.organizer, TenantID: optional(link.tenant)}
	return &communications.Call{
		ChatInfo: &communications.ChatInfo{
			ThreadID: &link.thread, MessageID: optional(link.message), ReplyChainMessageID: optional(link.reply),
		},
		MeetingInfo: &communications.OrganizerMeetingInfo{Organizer: &communications.IdentitySet{User: user}},
		TenantID:    optional(link.tenant),
	}, nil
}

// joinLink holds the parts of a join URL: of the long form, or the meeting id of a short one.
type joinLink struct {
	thread, message, reply, tenant, organizer string
	meetingID, passcode                       string
}

// mostOfJoinURL is the maximum length of a join URL in bytes.
const mostOfJoinURL = 8 << 10

// parseJoinLink parses a join URL.
func parseJoinLink(text string) (joinLink, error) {
	text = strings.TrimSpace(text)
	if len(text) > mostOfJoinURL {
		return joinLink{}, fmt.Errorf("the join URL has %d bytes, more than %d", len(text), mostOfJoinURL)
	}
	if !strings.Contains(text, "://") { // it may be encoded as a whole
		if plain, err := url.QueryUnescape(text); err == nil {
			text = plain
		}
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return joinLink{}, errors.New("it is not a join URL: it should begin with https://teams.microsoft.com/")
	}
	path := strings.Trim(u.EscapedPath(), "/")
	if _, after, ok := strings.Cut("/"+path, "/l/meetup-join/"); ok {
		return classicLink(after, u.Query())
	}
	if _, after, ok := strings.Cut("/"+path, "/meet/"); ok {
		id, err := url.PathUnescape(after)
		if id = strings.ReplaceAll(id, " ", ""); err != nil || id == "" || strings.Contains(id, "/") {
			return joinLink{}, errors.New("the join URL has no meeting id behind /meet/")
		}
		return joinLink{meetingID: id, passcode: u.Query().Get("p"), tenant: u.Query().Get("tenantId")}, nil
	}
	return joinLink{}, errors.New("it is not a join URL of a known form: its path has neither /l/meetup-join/ nor /meet/")
}

// classicLink reads what is behind /l/meetup-join/: the chat and its message, and the context.
func classicLink(path string, query url.Values) (joinLink, error) {
	var context struct {
		Tid, Oid  string
		MessageID string `json:"MessageId"`
	}
	if err := json.Unmarshal([]byte(query.Get("context")), &context); err != nil {
		return joinLink{}, errors.New("the join URL has no context with the tenant and the organizer")
	}
	thread, message, _ := strings.Cut(path, "/")
	thread, err := unescapedTwice(thread)
	if err != nil || thread == "" {
		return joinLink{}, errors.New("the join URL names no chat behind /l/meetup-join/")
	}
	message, err = unescapedTwice(strings.TrimSuffix(message, "/"))
	if err != nil {
		return joinLink{}, errors.New("the message of the join URL cannot be read")
	}
	return joinLink{thread: thread, message: message, reply: context.MessageID, tenant: context.Tid, organizer: context.Oid}, nil
}

// unescapedTwice undoes percent-encoding, also where it was applied again.
func unescapedTwice(text string) (string, error) {
	text, err := url.PathUnescape(text)
	if err == nil && strings.Contains(text, "%") {
		text, err = url.PathUnescape(text)
	}
	return text, err
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
