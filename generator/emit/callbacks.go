package emit

import (
	"github.com/callgen/callgen/generator/plan"
	"github.com/dave/jennifer/jen"
)

// callbackFile emits the callback side.
func callbackFile(p *plan.Package) *jen.File {
	f := start(p)
	c := p.Callbacks
	comment(f, paragraph("NewNotificationHandler returns a handler of the service's notifications. Add functions with its On methods, "+
		"before it is served or at any time after."))
	f.Func().Id("NewNotificationHandler").Params(jen.Id("options").Id("NotificationOptions")).Op("*").Id("NotificationHandler").
		Block(jen.Return(jen.Id("newNotificationHandler").Call(jen.Id("options"), jen.Id("decodeNotifications"))))
	f.Line()
	decodeNotifications(f, c)
	for _, h := range c.Handlers {
		handler(f, h)
	}
	if c.Tracker != nil {
		tracker(f, c.Tracker)
	}
	if c.Roster != nil {
		roster(f, c.Roster)
	}
	return f
}

// decodeNotifications emits
//
//	func decodeNotifications(data []byte) ([]*CallbackEvent, error) {
//		all := new(CommsNotifications)
//		list := func() []*CommsNotification { return all.Value }
//		return callbackEvents(data, all, list, func(n *CommsNotification) *CallbackEvent {
//			return newCallbackEvent(n, string(n.ChangeType), n.ResourceURL, n.Resource, n.ResourceData)
//		})
//	}
func decodeNotifications(f *jen.File, c *plan.Callbacks) {
	field := func(i int) *jen.Statement { return jen.Id("n").Dot(c.Notification.Fields[i]) }
	one := func() *jen.Statement { return jen.Op("*").Id(c.Notification.Struct) }
	f.Func().Id("decodeNotifications").Params(jen.Id("data").Index().Byte()).Params(jen.Index().Op("*").Id("CallbackEvent"), jen.Error()).Block(
		jen.Id("all").Op(":=").New(jen.Id(c.Notifications.Struct)),
		jen.Id("list").Op(":=").Func().Params().Index().Add(one()).Block(jen.Return(jen.Id("all").Dot(c.Notifications.Fields[0]))),
		jen.Return(jen.Id("callbackEvents").Call(jen.Id("data"), jen.Id("all"), jen.Id("list"),
			jen.Func().Params(jen.Id("n").Add(one())).Op("*").Id("CallbackEvent").Block(
				jen.Return(jen.Id("newCallbackEvent").Call(jen.Id("n"), jen.String().Parens(field(0)), field(1), field(2), field(3)))))),
	)
	f.Line()
}

// handler emits
//
//	func (h *NotificationHandler) OnCall(f func(context.Context, *CallbackEvent, *Call) error) { onEach(h, f) }
func handler(f *jen.File, h *plan.Handler) {
	comment(f, h.Doc)
	add := jen.Id("onEach").Call(jen.Id("h"), jen.Id("f"))
	if h.Collection != "" {
		add = jen.Id("onList").Call(jen.Id("h"), jen.Id(h.Collection), jen.Id("f"))
	}
	f.Func().Params(jen.Id("h").Op("*").Id("NotificationHandler")).Id(h.Name).Params(
		jen.Id("f").Func().Params(jen.Qual("context", "Context"), jen.Op("*").Id("CallbackEvent"), typeOf(h.Type)).Error(),
	).Block(add)
	f.Line()
}

func tracker(f *jen.File, t *plan.Tracker) {
	id, state, result := t.Call.Fields[0], t.Call.Fields[1], t.Call.Fields[2]
	of := func() []jen.Code { return []jen.Code{jen.Id(t.State), jen.Op("*").Id(t.Result)} }
	comment(f, plan.Doc{Paragraphs: []string{
		"CallTracker keeps the latest state of each of many calls, whose notifications come out of order and more than once. " +
			"It never goes back to an earlier state, and a call that has ended stays so. It is safe for concurrent use.",
		"Make one with [NewCallTracker].",
	}})
	f.Type().Id("CallTracker").Struct(jen.Op("*").Id("trackerCore").Types(of()...))
	f.Line()
	comment(f, paragraph("NewCallTracker returns a tracker of the most calls given, each for the time given after it was last heard of; "+
		"0 stands for 10,000 calls and for 24 hours. What it has forgotten is new again."))
	f.Func().Id("NewCallTracker").Params(jen.Id("most").Int(), jen.Id("maxAge").Qual("time", "Duration")).Op("*").Id("CallTracker").Block(
		jen.Id("rules").Op(":=").Id("trackerRules").Types(jen.Id(t.State)).Values(jen.Dict{
			jen.Id("rank"):  jen.Id("rankOf" + t.State),
			jen.Id("final"): jen.Func().Params(jen.Id("s").Id(t.State)).Bool().Block(jen.Return(jen.Id("s").Op("==").Id(t.Final))),
		}),
		jen.Return(jen.Op("&").Id("CallTracker").Values(jen.Id("newTrackerCore").Types(jen.Op("*").Id(t.Result)).Call(jen.Id("rules"), jen.Id("most"), jen.Id("maxAge")))),
	)
	f.Line()
	ranks(f, t)
	comment(f, paragraph("Observe notes what an event says of a call, and returns what that is by order: only at [ArrivalNew] has the "+
		"state of the call changed. A call that is deleted has ended."))
	receiver := func() *jen.Statement { return jen.Id("t").Op("*").Id("CallTracker") }
	f.Func().Params(receiver()).Id("Observe").Params(jen.Id("e").Op("*").Id("CallbackEvent"), jen.Id("call").Op("*").Id(t.Call.Struct)).Id("Arrival").Block(
		jen.If(jen.Id("call").Op("==").Nil()).Block(jen.Return(jen.Id("ArrivalUnknown"))),
		jen.Id("state").Op(":=").Id("call").Dot(state),
		jen.If(jen.Id("state").Op("==").Lit("").Op("&&").Id("e").Dot("deleted").Call()).Block(jen.Id("state").Op("=").Id(t.Final)),
		jen.Return(jen.Id("t").Dot("observe").Call(
			jen.Id("e").Dot("callID").Call(jen.Id("call").Dot(id)), jen.Id("state"), jen.Id("Clone").Call(jen.Id("call").Dot(result)))),
	)
	f.Line()
	comment(f, paragraph("State returns the latest state of the call with an id, and the result that came with it, which says why a call "+
		"has ended; it is nil if none came. State reports false if nothing is known of the call."))
	f.Func().Params(receiver()).Id("State").Params(jen.Id("id").String()).
		Params(jen.Id("state").Id(t.State), jen.Id("result").Op("*").Id(t.Result), jen.Id("ok").Bool()).
		Block(jen.Return(jen.Id("t").Dot("latest").Call(jen.Id("id"))))
	f.Line()
}

// ranks emits the function that orders the states.
func ranks(f *jen.File, t *plan.Tracker) {
	comment(f, paragraph("rankOf"+t.State+" orders the states of a call; those of one rank follow each other in any order."))
	f.Func().Id("rankOf"+t.State).Params(jen.Id("s").Id(t.State)).Int().Block(
		jen.Switch(jen.Id("s")).BlockFunc(func(g *jen.Group) {
			for i, rank := range t.Ranks {
				var states []jen.Code
				for _, constant := range rank {
					states = append(states, jen.Id(constant))
				}
				g.Case(states...).Block(jen.Return(jen.Lit(i + 1)))
			}
		}),
		jen.Return(jen.Lit(0)),
	)
	f.Line()
}

func roster(f *jen.File, r *plan.Roster) {
	one := func() *jen.Statement { return jen.Op("*").Id(r.Participant.Struct) }
	id, number, removed, lobby := r.Participant.Fields[0], r.Participant.Fields[1], r.Participant.Fields[2], r.Participant.Fields[3]
	p := func(field string) *jen.Statement { return jen.Id("p").Dot(field) }
	comment(f, plan.Doc{Paragraphs: []string{
		"Roster keeps the participants of one call, from whole lists and from deltas, which come out of order and more than once. " +
			"Of each participant it keeps what has the highest number. It is safe for concurrent use; the participants that it hands " +
			"out are shared and must not be changed.",
		"Make one with [NewRoster].",
	}})
	f.Type().Id("Roster").Struct(jen.Op("*").Id("rosterCore").Types(one()))
	f.Line()
	comment(f, paragraph("NewRoster returns an empty roster."))
	f.Func().Id("NewRoster").Params().Op("*").Id("Roster").Block(
		jen.Id("access").Op(":=").Id("rosterAccess").Types(one()).Values(jen.Dict{
			jen.Id("id"):      jen.Func().Params(jen.Id("p").Add(one())).String().Block(jen.Return(p(id))),
			jen.Id("number"):  jen.Func().Params(jen.Id("p").Add(one())).Op("*").Int64().Block(jen.Return(p(number))),
			jen.Id("removed"): jen.Func().Params(jen.Id("p").Add(one())).Bool().Block(jen.Return(p(removed).Op("!=").Nil())),
			jen.Id("inLobby"): jen.Func().Params(jen.Id("p").Add(one())).Op("*").Bool().Block(jen.Return(p(lobby))),
		}),
		jen.Return(jen.Op("&").Id("Roster").Values(jen.Id("newRosterCore").Call(jen.Id("access")))),
	)
	f.Line()
	comment(f, paragraph("Apply takes what an event says of the participants of the call, whether they are all, some, or a delta, "+
		"and returns what that changed, once for each of these in the event."))
	f.Func().Params(jen.Id("r").Op("*").Id("Roster")).Id("Apply").Params(jen.Id("e").Op("*").Id("CallbackEvent")).
		Index().Id("RosterChange").Types(one()).Block(
		jen.Return(jen.Id("r").Dot("apply").Call(jen.Id("e"), jen.Func().Params(jen.Id("v").Id("Value")).
			Params(jen.Op("*").Int64(), jen.Index().Add(one()), jen.Bool()).Block(
			jen.List(jen.Id("delta"), jen.Id("ok")).Op(":=").Id("v").Assert(jen.Op("*").Id(r.Delta.Struct)),
			jen.If(jen.Op("!").Id("ok")).Block(jen.Return(jen.Nil(), jen.Nil(), jen.False())),
			jen.Return(jen.Id("delta").Dot(r.Delta.Fields[0]), jen.Id("delta").Dot(r.Delta.Fields[1]), jen.True()),
		))),
	)
}
