package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"

	graph "github.com/callgen/callgen/generated/communications"
)

// narrator prints what happens.
type narrator struct {
	mu sync.Mutex
	w  io.Writer
}

func (n *narrator) say(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	fmt.Fprintf(n.w, format+"\n", args...)
}

// roster prints the changes of a roster.
func (n *narrator) roster(change graph.RosterChange[*graph.Participant]) {
	for _, p := range change.Joined {
		if p.IsInLobby != nil && *p.IsInLobby {
			n.say("%s waits in the lobby.", name(p))
			continue
		}
		n.say("%s is in the meeting.", name(p))
	}
	for _, p := range change.Admitted {
		n.say("%s was admitted.", name(p))
	}
	for _, p := range change.Left {
		n.say("%s has left.", name(p))
	}
}

// name returns the display name of a participant.
func name(p *graph.Participant) string {
	if p.Info != nil && p.Info.Identity != nil {
		set := p.Info.Identity.AsIdentitySet()
		for _, identity := range []graph.AnyIdentity{set.User, set.Guest, set.Application} {
			if identity != nil && identity.AsIdentity().DisplayName != nil {
				return plain(*identity.AsIdentity().DisplayName)
			}
		}
	}
	return "Somebody"
}

// key returns the label of a tone's key.
func key(t graph.Tone) string {
	switch t {
	case graph.TonePound:
		return "#"
	case graph.ToneStar:
		return "*"
	}
	return strings.ToUpper(strings.TrimPrefix(string(t), "tone"))
}

// plain is a name without the control characters that would move the cursor of a terminal, or
// write from right to left.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
}
