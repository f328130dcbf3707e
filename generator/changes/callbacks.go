package changes

import (
	"strings"

	"github.com/callgen/callgen/generator/plan"
)

// callbacks adds the callback side. What of it is in the runtime comes and goes with
// NewNotificationHandler.
func (s *surface) callbacks(c *plan.Callbacks) {
	s.add("NewNotificationHandler", "function", "", "func(NotificationOptions) *NotificationHandler", s.elementOf(c.Notifications.Struct))
	for _, h := range c.Handlers {
		s.symbols["NotificationHandler."+h.Name] = symbol{
			kind: "method", parent: "NewNotificationHandler", doc: text(h.Doc), element: s.elementOf(strings.TrimPrefix(h.Type.Name, "Any")),
			decl: "func(func(context.Context, *CallbackEvent, " + goType(h.Type) + ") error)",
		}
	}
	if t := c.Tracker; t != nil {
		element := s.elementOf(t.Call.Struct)
		s.add("CallTracker", "type", "", "struct", element)
		s.add("NewCallTracker", "function", "CallTracker", "func(int, time.Duration) *CallTracker", element)
		s.add("CallTracker.Observe", "method", "CallTracker", "func(*CallbackEvent, *"+t.Call.Struct+") Arrival", element)
		s.add("CallTracker.State", "method", "CallTracker", "func(string) ("+t.State+", *"+t.Result+", bool)", element)
	}
	if r := c.Roster; r != nil {
		element := s.elementOf(r.Participant.Struct)
		s.add("Roster", "type", "", "struct", element)
		s.add("NewRoster", "function", "Roster", "func() *Roster", element)
		s.add("Roster.Apply", "method", "Roster", "func(*CallbackEvent) []RosterChange[*"+r.Participant.Struct+"]", element)
	}
}

// elementOf is the schema element of a struct.
func (s *surface) elementOf(name string) string { return s.symbols[name].element }
