package communicationstest

import (
	"strings"

	"github.com/callgen/callgen/generated/communications"
)

// Granted grants the bot's application some permissions, such as Calls.Initiate.All, and no
// others: a call that needs another one is refused, as the page "Create call" says for each
// kind of call. Without this option everything is allowed.
func Granted(permissions ...string) Option {
	return func(s *Service) {
		s.granted = make(map[string]bool)
		for _, p := range permissions {
			s.granted[p] = true
		}
	}
}

// lacking returns the permission that a call needs and the bot lacks, or "".
func (s *Service) lacking(call *communications.Call) string {
	if s.granted == nil {
		return ""
	}
	if one := kinds(call); !s.hasOne(one) {
		return strings.Join(one, " or ")
	}
	const media = "Calls.AccessMedia.All"
	if _, own := call.MediaConfig.(*communications.AppHostedMediaConfig); own && !s.granted[media] {
		return media
	}
	return ""
}

func (s *Service) hasOne(permissions []string) bool {
	for _, p := range permissions {
		if s.granted[p] {
			return true
		}
	}
	return false
}

// kinds returns the permissions for a kind of call, any one of which is enough.
func kinds(call *communications.Call) []string {
	switch {
	case len(call.Targets) > 1:
		return []string{"Calls.InitiateGroupCall.All"}
	case len(call.Targets) == 1:
		return []string{"Calls.Initiate.All"}
	case isGuest(call.Source):
		return []string{"Calls.JoinGroupCallAsGuest.All"}
	case isOfChannel(call.ChatInfo):
		return []string{"Calls.JoinGroupCall.All"}
	}
	return []string{"Calls.JoinGroupCall.All", "Calls.JoinGroupCalls.Chat"}
}

func isGuest(source *communications.ParticipantInfo) bool {
	return source != nil && source.Identity != nil && source.Identity.AsIdentitySet().Guest != nil
}

// isOfChannel reports whether a meeting takes place in a channel: it belongs to a message
// in the channel's thread.
func isOfChannel(chat *communications.ChatInfo) bool {
	return chat != nil && chat.MessageID != nil && *chat.MessageID != "" && *chat.MessageID != "0"
}
