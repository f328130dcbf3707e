package calling

import (
	"fmt"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
	"github.com/dave/jennifer/jen"
)

// resource says how values of a type are passed to handlers.
type resource struct {
	name, of string
	list     bool   // the values of a notification are passed together
	within   string // the collection of a call that holds the values; "" for calls
	member   string // a property that only values of this type have; "" if not needed
	doc      string
}

// resources returns the resources that notifications of the calling API report, as listed by
// its page "Call" and the pages of its relationships. Operations also have a handler for each
// derived type.
func resources() []resource {
	return []resource{
		{"OnCall", "call", false, "", "", "for each call in a notification: its state has changed, a tone was pressed, or it has ended"},
		{"OnParticipants", "participant", true, "CallCollectionParticipants", "",
			"with the participants in a notification, all of the call or some of them (see [CallbackEvent.Whole]); with none when the last one has left"},
		{"OnDeltaParticipants", "deltaParticipants", false, "CallCollectionParticipants", "participants",
			"for each change of a roster; a bot that has asked for deltas gets these instead of complete lists"},
		{"OnContentSharing", "contentSharingSession", true, "CallCollectionContentSharing", "",
			"with the content sharing sessions in a notification; with none when the last one has ended"},
		{"OnAudioRouting", "audioRoutingGroup", true, "CallCollectionAudioRouting", "", "with the audio routing groups in a notification"},
		{"OnOperation", "commsOperation", false, "CallCollectionOperations", "", "for each long-running operation in a notification, whatever its type"},
	}
}

// decoder declares NewNotificationHandler and the function that decodes notifications.
func decoder(all, one part) []*goir.Own {
	handler := &goir.Own{Declared: goir.Declared{Name: "NewNotificationHandler", Element: all.element, Type: all.element}}
	handler.Doc = goir.Paragraph("NewNotificationHandler returns a handler for the service's notifications. Add functions with its On methods, " +
		"before or while it is served.")
	handler.API = symbol("NewNotificationHandler", "function", "", "func(NotificationOptions) *NotificationHandler", all.element, goir.Doc{})
	handler.Code = func() []jen.Code {
		return []jen.Code{
			jen.Func().Id("NewNotificationHandler").Params(jen.Id("options").Id("NotificationOptions")).Op("*").Id("NotificationHandler").
				Block(jen.Return(jen.Id("newNotificationHandler").Call(jen.Id("options"), jen.Id("decodeNotifications")))),
		}
	}
	decode := &goir.Own{Declared: goir.Declared{Name: "decodeNotifications", Element: all.element, Type: all.element}}
	decode.Code = func() []jen.Code { return []jen.Code{decodeNotifications(all, one)} }
	return []*goir.Own{handler, decode}
}

// decodeNotifications is
//
//	func decodeNotifications(data []byte, opts []Option) ([]*CallbackEvent, error) {
//		all, known := new(CommsNotifications), notificationTypes()
//		list := func() []*CommsNotification { return all.Value }
//		return callbackEvents(data, opts, all, list, func(n *CommsNotification) *CallbackEvent {
//			return newCallbackEvent(known, n, string(n.ChangeType), n.ResourceURL, n.Resource, n.ResourceData)
//		})
//	}
func decodeNotifications(all, one part) *jen.Statement {
	field := func(i int) *jen.Statement { return jen.Id("n").Dot(one.fields[i]) }
	return jen.Func().Id("decodeNotifications").Params(jen.Id("data").Index().Byte(), jen.Id("opts").Index().Id("Option")).Params(jen.Index().Op("*").Id("CallbackEvent"), jen.Error()).Block(
		jen.List(jen.Id("all"), jen.Id("known")).Op(":=").List(jen.New(jen.Id(all.name)), jen.Id(typesFunction).Call()),
		jen.Id("list").Op(":=").Func().Params().Index().Add(one.pointer()).Block(jen.Return(jen.Id("all").Dot(all.fields[0]))),
		jen.Return(jen.Id("callbackEvents").Call(jen.Id("data"), jen.Id("opts"), jen.Id("all"), jen.Id("list"),
			jen.Func().Params(jen.Id("n").Add(one.pointer())).Op("*").Id("CallbackEvent").Block(
				jen.Return(jen.Id("newCallbackEvent").Call(jen.Id("known"), jen.Id("n"), jen.String().Parens(field(0)), field(1), field(2), field(3)))))),
	)
}

// typesFunction is the name of the function that lists the types of values in notifications.
const typesFunction = "notificationTypes"

// concrete returns the selected types of a resource, starting with the named one.
func (p *planner) concrete(r resource) []*edm.StructuredType {
	t := p.Structured(namespace + r.of)
	if t == nil {
		return nil
	}
	list := []*edm.StructuredType{t}
	for _, d := range t.Descendants() {
		if p.Has(d) && !d.Abstract {
			list = append(list, d)
		}
	}
	return list
}

// types declares the function that lists the types of values in notifications.
func (p *planner) types(all part) *goir.Own {
	d := &goir.Own{Declared: goir.Declared{Name: typesFunction, Element: all.element, Type: all.element}}
	d.Doc = goir.Paragraph(typesFunction + " returns the types of values in notifications.")
	d.Code = func() []jen.Code {
		return []jen.Code{jen.Func().Id(typesFunction).Params().Id("callbackTypes").Block(
			jen.Return(jen.Id("callbackTypes").CustomFunc(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}, func(g *jen.Group) {
				for _, r := range resources() {
					for _, t := range p.concrete(r) {
						g.Values(typeOf(r, p.Names().Type(t))...)
					}
				}
			})),
		)}
	}
	return d
}

// typeOf returns the fields of a callbackType.
func typeOf(r resource, name string) []jen.Code {
	fields := []jen.Code{jen.Id("of").Op(":").Parens(jen.Op("*").Id(name)).Parens(jen.Nil())}
	if r.within != "" {
		fields = append(fields, jen.Id("collection").Op(":").Id(r.within))
	}
	if r.member != "" {
		fields = append(fields, jen.Id("member").Op(":").Lit(r.member))
	}
	return fields
}

// handlers declares the On methods of the selected resources.
func (p *planner) handlers() []*goir.Own {
	var list []*goir.Own
	methods := names.NewScope("the handler", p.Members("NotificationHandler")...)
	for _, r := range resources() {
		types := p.concrete(r)
		if len(types) == 0 {
			continue
		}
		value, collection := p.Value(types[0]), ""
		if r.list {
			value.Prefix, collection = "[]"+value.Prefix, r.within
		}
		doc := fmt.Sprintf("%s adds a function that is called %s.", methods.Take(r.of, r.name), r.doc)
		list = append(list, handler(r.name, collection, doc, value, types[0]))
		if r.list {
			continue
		}
		for _, d := range types[1:] {
			name := methods.Take(d.Name.String(), "On"+p.Names().Type(d))
			doc := fmt.Sprintf("%s adds a function that is called for each %s in a notification.", name, d.Name.Name)
			list = append(list, handler(name, "", doc, p.Value(d), d))
		}
	}
	return list
}

// handler is
//
//	func (h *NotificationHandler) OnCall(f func(context.Context, *CallbackEvent, *Call) error) { onEach(h, f) }
func handler(name, collection, doc string, value goir.Type, t *edm.StructuredType) *goir.Own {
	element := t.Name.String()
	d := &goir.Own{Declared: goir.Declared{Name: name, Element: element, Type: element, Pos: t.Pos, Doc: goir.Paragraph(doc)}}
	d.API = symbol("NotificationHandler."+name, "method", "NewNotificationHandler",
		"func(func(context.Context, *CallbackEvent, "+value.String()+") error)", element, d.Doc)
	d.Code = func() []jen.Code {
		add := jen.Id("onEach").Call(jen.Id("h"), jen.Id("f"))
		if collection != "" {
			add = jen.Id("onList").Call(jen.Id("h"), jen.Id(collection), jen.Id("f"))
		}
		return []jen.Code{jen.Func().Params(jen.Id("h").Op("*").Id("NotificationHandler")).Id(name).Params(
			jen.Id("f").Func().Params(jen.Qual("context", "Context"), jen.Op("*").Id("CallbackEvent"), jen.Op(value.Prefix).Id(value.Name)).Error(),
		).Block(add)}
	}
	return d
}
