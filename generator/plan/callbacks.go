package plan

import (
	"fmt"
	"slices"

	"github.com/callgen/callgen/spec/edm"
)

// Callbacks is the callback side of a package: the handler of the notifications that
// the service posts, and what keeps calls and rosters in order.
type Callbacks struct {
	Notifications Part // the struct of those sent together, and its list
	Notification  Part // the struct of one, and its fields: type of change, URL, path if any, and data
	Handlers      []*Handler
	Tracker       *Tracker // nil when there are no calls
	Roster        *Roster  // nil when there are no participants
}

// Part is a struct and those of its fields that are used.
type Part struct {
	Struct string
	Fields []string
}

// Handler is a method that adds a function for what notifications hold.
type Handler struct {
	Name       string
	Doc        Doc
	Type       Type
	Collection string // constant for the collection whose items come together; "" for one at a time
}

// Tracker is what keeps the states of calls in order.
type Tracker struct {
	Call   Part // state and result
	State  string
	Result string // the struct of results
	Ranks  [][]string
	Final  string // the constant of the state that no other follows
}

// Roster is what keeps the participants of a call.
type Roster struct {
	Participant Part // id, number, removed, in the lobby
	Delta       Part // number, participants
}

// callbackHandler says which type of the calling API is handed over, and how.
type callbackHandler struct {
	name, of   string
	collection string
	doc        string
}

// callbackHandlers are the resources that notifications of the calling API are about,
// as its page "Call" and those of what it contains name them. Operations have handlers
// by their own types besides.
func callbackHandlers() []callbackHandler {
	return []callbackHandler{
		{"OnCall", "call", "", "for each call that notifications hold: its state has changed, a tone was pressed, or it has ended"},
		{"OnParticipants", "participant", "CallCollectionParticipants",
			"with the participants that a notification holds, all of the call's or some, see [CallbackEvent.Whole]; with none when the last one has left"},
		{"OnDeltaParticipants", "deltaParticipants", "", "for each change of a roster, which a bot gets instead of lists if it has asked for deltas"},
		{"OnContentSharing", "contentSharingSession", "CallCollectionContentSharing",
			"with the sessions of sharing content that a notification holds; with none when the last one has ended"},
		{"OnAudioRouting", "audioRoutingGroup", "CallCollectionAudioRouting", "with the audio routing groups that a notification holds"},
		{"OnOperation", "commsOperation", "", "for each long-running operation that notifications hold, of whatever type"},
	}
}

// callbackSide adds the callback side to a package.
func (p *planner) callbackSide(out *Package) {
	if out.Callbacks = p.callbacks(); out.Callbacks == nil {
		return
	}
	out.Doc = append(out.Doc, "The notifications that the service posts to a bot are taken by [NotificationHandler], an http.Handler. "+
		"They come out of order and more than once: [CallTracker] and [Roster] know what is the latest.")
}

// callbacks plans the callback side, if the selection holds the notifications of the
// calling API with their data, which an overlay adds to Graph's description.
func (p *planner) callbacks() *Callbacks {
	var c Callbacks
	var ok bool
	if c.Notifications, ok = p.part("commsNotifications", "value"); !ok {
		return nil
	}
	if c.Notification, ok = p.part("commsNotification", "changeType", "resourceUrl", "resource", "resourceData"); !ok {
		return nil
	}
	if t := p.selected("commsNotification"); !t.Property("resourceData").Annotations.Bool(oneOrManyTerm) {
		return nil
	}
	for _, h := range callbackHandlers() {
		if t := p.selected(h.of); t != nil {
			c.Handlers = append(c.Handlers, p.handlers(h, t)...)
		}
	}
	c.Tracker = p.tracker()
	c.Roster = p.roster()
	return &c
}

// selected returns a structured type of Graph's namespace if it is selected.
func (p *planner) selected(name string) *edm.StructuredType {
	t := p.in.Model.Structured("microsoft.graph." + name)
	if t == nil || !p.in.Has(t) {
		return nil
	}
	return t
}

// part returns the struct of a type and the fields of properties. It reports false if
// something of that is not there.
func (p *planner) part(name string, properties ...string) (Part, bool) {
	t := p.selected(name)
	if t == nil {
		return Part{}, false
	}
	part := Part{Struct: p.names.Type(t.Name)}
	for _, property := range properties {
		of := declaring(t, property)
		if of == nil {
			return Part{}, false
		}
		part.Fields = append(part.Fields, p.names.Part(of.Name, property))
	}
	return part, true
}

// declaring returns the type that declares a property of t: itself or a base type.
func declaring(t *edm.StructuredType, name string) *edm.StructuredType {
	for ; t != nil; t = t.Base {
		if slices.ContainsFunc(t.Properties, func(p *edm.Property) bool { return p.Name == name }) ||
			slices.ContainsFunc(t.Navigation, func(n *edm.NavigationProperty) bool { return n.Name == name }) {
			return t
		}
	}
	return nil
}

// handlers plans the handler for a resource, and for a polymorphic one also those of
// the derived types.
func (p *planner) handlers(h callbackHandler, t *edm.StructuredType) []*Handler {
	list := []*Handler{{Name: h.name, Type: p.held(t), Collection: h.collection, Doc: paragraph(h.name + " adds a function that is called " + h.doc + ".")}}
	if h.collection != "" {
		list[0].Type.Prefix = "[]" + list[0].Type.Prefix
		return list
	}
	for _, d := range t.Descendants() {
		if !p.in.Has(d) || d.Abstract {
			continue
		}
		name := p.names.Type(d.Name)
		list = append(list, &Handler{Name: "On" + name, Type: p.held(d),
			Doc: paragraph(fmt.Sprintf("On%s adds a function that is called for each %s that notifications hold.", name, d.Name.Name))})
	}
	return list
}

// held is the Go type of a value of t in an interface.
func (p *planner) held(t *edm.StructuredType) Type {
	name := p.names.Type(t.Name)
	if p.polymorphic(t) {
		return Type{Name: unionName(name)}
	}
	return Type{Prefix: "*", Name: name}
}

func paragraph(text string) Doc { return Doc{Paragraphs: []string{text}} }

// stateRanks are the states of a call in their order. Those that stand together follow
// each other in any order: a call is put on hold and taken back.
func stateRanks() [][]string {
	return [][]string{
		{"incoming"}, {"establishing"}, {"ringing"}, {"established", "hold", "transferring", "redirecting"},
		{"transferAccepted"}, {"terminating"}, {"terminated"},
	}
}

func (p *planner) tracker() *Tracker {
	t := &Tracker{}
	var ok bool
	if t.Call, ok = p.part("call", "id", "state", "resultInfo"); !ok {
		return nil
	}
	result, ok := p.part("resultInfo")
	states := p.in.Model.Enum("microsoft.graph.callState")
	if !ok || states == nil || !p.in.Has(states) {
		return nil
	}
	t.Result, t.State = result.Struct, p.names.Type(states.Name)
	known := make(map[string]bool)
	for _, m := range states.Members {
		known[m.Name] = true
	}
	if !known["terminated"] {
		return nil
	}
	for _, rank := range stateRanks() {
		var constants []string
		for _, name := range rank {
			if known[name] {
				constants = append(constants, t.State+p.names.Part(states.Name, name))
			}
		}
		if len(constants) > 0 {
			t.Ranks = append(t.Ranks, constants)
		}
	}
	t.Final = t.State + p.names.Part(states.Name, "terminated")
	return t
}

func (p *planner) roster() *Roster {
	var r Roster
	var ok bool
	if r.Participant, ok = p.part("participant", "id", "rosterSequenceNumber", "removedState", "isInLobby"); !ok {
		return nil
	}
	if r.Delta, ok = p.part("deltaParticipants", "sequenceNumber", "participants"); !ok {
		return nil
	}
	return &r
}
