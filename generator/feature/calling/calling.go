// Package calling adds more than types and requests to packages of Graph's calling API: a
// handler for the notifications that the service posts to a bot, trackers of calls and
// rosters, and a companion for meetings.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package calling

import (
	"slices"

	"github.com/callgen/callgen/generator/feature"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/spec/edm"
	"github.com/dave/jennifer/jen"
)

// Feature is the callback side of the calling API.
type Feature struct{}

// Reserved implements [feature.Feature].
func (Feature) Reserved() []string {
	return append([]string{
		"NewNotificationHandler", "decodeNotifications", typesFunction, "CallTracker", "NewCallTracker", "Roster", "NewRoster",
	}, companionNames()...)
}

// Plan implements [feature.Feature]. A package has a callback side if its selection includes
// the notifications of the calling API with their data, which an overlay adds to Graph's
// description. It has the parts of the companion whose types it includes.
func (Feature) Plan(p feature.Planner) *feature.Part {
	f := &planner{p}
	part := &feature.Part{Sources: f.sources()}
	if file := f.callbacks(); file != nil {
		part.Files = []*goir.File{file}
		part.Runtime = []string{"callback"}
		part.Doc = []string{
			"[NotificationHandler] is an http.Handler that receives the notifications that the service posts to a bot. " +
				"They arrive out of order and more than once: [CallTracker] and [Roster] keep the latest state.",
		}
		if model, methods, ok := f.sessions(); ok {
			part.Model = model
			part.Files = append(part.Files, methods)
			part.Runtime = append(part.Runtime, "session")
			part.Doc = append(part.Doc, "[Calls] follows each call in a [CallSession]: it keeps the call alive, calls functions for its events in "+
				"order, waits for states and operations, and goes on after a restart.")
		}
	}
	return part
}

// callbacks plans the callback side, nil if the selection does not include it.
func (p *planner) callbacks() *goir.File {
	notifications, ok := p.part("commsNotifications", "value")
	if !ok {
		return nil
	}
	notification, ok := p.part("commsNotification", "changeType", "resourceUrl", "resource", "resourceData")
	if !ok || !p.Structured(namespace+"commsNotification").Property("resourceData").Annotations.Bool(edm.TermOneOrMany) {
		return nil
	}
	file := &goir.File{Name: "callbacks"}
	for _, list := range [][]*goir.Own{decoder(notifications, notification), {p.types(notifications)}, p.handlers(), p.tracker(), p.roster()} {
		for _, d := range list {
			file.Decls = append(file.Decls, d)
		}
	}
	return file
}

const namespace = "microsoft.graph."

// planner looks up the parts of the callback side in the plan.
type planner struct{ feature.Planner }

// part is a generated struct and its fields in use.
type part struct {
	element string
	name    string
	fields  []string
}

// pointer returns the type of a pointer to the struct.
func (p part) pointer() *jen.Statement { return jen.Op("*").Id(p.name) }

// part returns the struct of a type and the fields of the given properties. It reports false
// if any of them is missing.
func (p *planner) part(name string, properties ...string) (part, bool) {
	t := p.Structured(namespace + name)
	if t == nil {
		return part{}, false
	}
	found := part{element: t.Name.String(), name: p.Names().Type(t)}
	for _, name := range properties {
		property := declared(t, name)
		if property == nil {
			return part{}, false
		}
		found.fields = append(found.fields, p.Names().Field(property))
	}
	return found, true
}

// declared returns a property or navigation property of a type or its base types.
func declared(t *edm.StructuredType, name string) any {
	for ; t != nil; t = t.Base {
		if i := slices.IndexFunc(t.Properties, func(p *edm.Property) bool { return p.Name == name }); i >= 0 {
			return t.Properties[i]
		}
		if i := slices.IndexFunc(t.Navigation, func(n *edm.NavigationProperty) bool { return n.Name == name }); i >= 0 {
			return t.Navigation[i]
		}
	}
	return nil
}

// symbol returns the exported symbol of a declaration.
func symbol(name, kind, parent, typ, element string, doc goir.Doc) []goir.Symbol {
	return []goir.Symbol{{Name: name, Kind: kind, Parent: parent, Type: typ, Element: element, Doc: doc}}
}
