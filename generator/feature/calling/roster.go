package calling

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/dave/jennifer/jen"
)

// roster is what Roster is made from.
type roster struct {
	participant part // id, number, removed, in the lobby
	delta       part // number, participants
}

// roster declares Roster, if participants and their changes are selected.
func (p *planner) roster() []*goir.Own {
	participant, ok := p.part("participant", "id", "rosterSequenceNumber", "removedState", "isInLobby")
	delta, hasDelta := p.part("deltaParticipants", "sequenceNumber", "participants")
	if !ok || !hasDelta {
		return nil
	}
	r := &roster{participant, delta}
	return []*goir.Own{r.typ(), r.constructor(), r.apply()}
}

// own begins a declaration.
func (r *roster) own(name, kind, parent, typ, doc string, code func() []jen.Code) *goir.Own {
	of := r.participant.element
	d := &goir.Own{Declared: goir.Declared{Name: name, Element: of, Type: of, Doc: goir.Paragraph(doc)}, Code: code}
	d.API = symbol(name, kind, parent, typ, of, goir.Doc{})
	return d
}

func (r *roster) typ() *goir.Own {
	d := r.own("Roster", "type", "", "struct",
		"Roster keeps the participants of one call, from whole lists and from deltas, which come out of order and more than once. "+
			"Of each participant it keeps what has the highest number. It is safe for concurrent use; the participants that it hands "+
			"out are shared and must not be changed.",
		func() []jen.Code {
			return []jen.Code{jen.Type().Id("Roster").Struct(jen.Op("*").Id("rosterCore").Types(r.participant.pointer()))}
		})
	d.Doc.Add("It keeps 50,000 participants of 64 MiB together at most, and believes a number only if it is not far from those before. " +
		"When numbers are missing, make no sense or begin anew, NeedsList says so, and ApplyFetched makes the roster right.")
	d.Doc.Add("Make one with [NewRoster].")
	return d
}

func (r *roster) constructor() *goir.Own {
	one := r.participant.pointer
	id, number, removed, lobby := r.participant.fields[0], r.participant.fields[1], r.participant.fields[2], r.participant.fields[3]
	access := func(field string, result *jen.Statement, of func(*jen.Statement) *jen.Statement) *jen.Statement {
		return jen.Func().Params(jen.Id("p").Add(one())).Add(result).Block(jen.Return(of(jen.Id("p").Dot(field))))
	}
	itself := func(s *jen.Statement) *jen.Statement { return s }
	isSet := func(s *jen.Statement) *jen.Statement { return s.Op("!=").Nil() }
	return r.own("NewRoster", "function", "Roster", "func() *Roster", "NewRoster returns an empty roster.", func() []jen.Code {
		return []jen.Code{jen.Func().Id("NewRoster").Params().Op("*").Id("Roster").Block(
			jen.Id("access").Op(":=").Id("rosterAccess").Types(one()).Values(jen.Dict{
				jen.Id("id"):      access(id, jen.String(), itself),
				jen.Id("number"):  access(number, jen.Op("*").Int64(), itself),
				jen.Id("removed"): access(removed, jen.Bool(), isSet),
				jen.Id("inLobby"): access(lobby, jen.Op("*").Bool(), itself),
			}),
			jen.Return(jen.Op("&").Id("Roster").Values(jen.Id("newRosterCore").Call(jen.Id("access")))),
		)}
	})
}

func (r *roster) apply() *goir.Own {
	one := r.participant.pointer
	return r.own("Roster.Apply", "method", "Roster", "func(*CallbackEvent) []RosterChange[*"+r.participant.name+"]",
		"Apply takes what an event says of the participants of the call, whether they are all, some, or a delta, "+
			"and returns what that changed, once for each of these in the event.",
		func() []jen.Code {
			return []jen.Code{jen.Func().Params(jen.Id("r").Op("*").Id("Roster")).Id("Apply").Params(jen.Id("e").Op("*").Id("CallbackEvent")).
				Index().Id("RosterChange").Types(one()).Block(
				jen.Return(jen.Id("r").Dot("apply").Call(jen.Id("e"), jen.Func().Params(jen.Id("v").Id("Value")).
					Params(jen.Op("*").Int64(), jen.Index().Add(one()), jen.Bool()).Block(
					jen.List(jen.Id("delta"), jen.Id("ok")).Op(":=").Id("v").Assert(r.delta.pointer()),
					jen.If(jen.Op("!").Id("ok")).Block(jen.Return(jen.Nil(), jen.Nil(), jen.False())),
					jen.Return(jen.Id("delta").Dot(r.delta.fields[0]), jen.Id("delta").Dot(r.delta.fields[1]), jen.True()),
				))),
			)}
		})
}
