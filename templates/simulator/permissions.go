package simulator

import (
	"slices"
	"strings"
)

// Granted gives the bot's application permissions, such as Calls.Initiate.All, and no others:
// a call that needs another one is refused, by what the page "Create call" says of each kind
// of call. Without it everything is allowed.
func Granted(permissions ...string) Option {
	return func(s *Simulator) {
		s.granted = make(map[string]bool)
		for _, p := range permissions {
			s.granted[p] = true
		}
	}
}

// lacking names the permission that a call needs and the bot lacks, "" for none.
func (s *Simulator) lacking(call object) string {
	if s.granted == nil {
		return ""
	}
	if one := kinds(call); !slices.ContainsFunc(one, func(p string) bool { return s.granted[p] }) {
		return strings.Join(one, " or ")
	}
	const media = "Calls.AccessMedia.All"
	config, _ := call["mediaConfig"].(object)
	if typeOf(config) == "appHostedMediaConfig" && !s.granted[media] {
		return media
	}
	return ""
}

// kinds returns the permissions of which a call needs one.
func kinds(call object) []string {
	targets, _ := call["targets"].([]any)
	switch {
	case len(targets) > 1:
		return []string{"Calls.InitiateGroupCall.All"}
	case len(targets) == 1:
		return []string{"Calls.Initiate.All"}
	case isGuest(call):
		return []string{"Calls.JoinGroupCallAsGuest.All"}
	case isOfChannel(call):
		return []string{"Calls.JoinGroupCall.All"}
	}
	return []string{"Calls.JoinGroupCall.All", "Calls.JoinGroupCalls.Chat"}
}

func isGuest(call object) bool {
	source, _ := call["source"].(object)
	identity, _ := source["identity"].(object)
	return identity["guest"] != nil
}

// isOfChannel reports whether a meeting takes place in a channel: it belongs to a message of
// its thread.
func isOfChannel(call object) bool {
	chat, _ := call["chatInfo"].(object)
	id, _ := chat["messageId"].(string)
	return id != "" && id != "0"
}
