package calling

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/dave/jennifer/jen"
)

// roster holds the parts of Roster.
type roster struct {
	participant part // id, number, removed, in the lobby
	delta       part // number, participants
}

// roster declares Roster if participants and their changes are selected.
func (p *planner) roster() []*goir.Own {
	participant, ok := p.part("participant", "id", "rosterSequenceNumber", "removedState", "isInLobby")
	delta, hasDelta := p.part("deltaParticipants", "sequenceNumber", "participants")
	if !ok || !hasDelta {
		return nil
	}
	r := &roster{participant, delta}
	return []*goir.Own{r.typ(), r.constructor(), r.apply()}
}

// own starts a declaration.
func (r *roster) own(name, kind, parent, typ, doc string, code func() []jen.Code) *goir.Own {
	of := r.participant.element
	d := &goir.Own{Declared: goir.Declared{Name: name, Element: of, Type: of, Doc: goir.Paragraph(doc)}, Code: code}
	d.API = symbol(name, kind, parent, typ, of, goir.Doc{})
	return d
}

func (r *roster) typ() *goir.Own {
	d := r.own("Roster", "type", "", "struct",
		"Roster keeps the participants of one call, from complete lists and from deltas, which arrive out of order and more than once. "+
			"For each participant it keeps the state with the highest sequence number. It is safe for concurrent use; the participants "+
			"that it returns are shared and must not be modified.",
		func() []jen.Code {
			return []jen.Code{jen.Type().Id("Roster").Struct(jen.Op("*").Id("rosterCore").Types(r.participant.pointer()))}
		})
	d.Doc.Add("It keeps up to 50,000 participants and 64 MiB, and ignores sequence numbers far away from earlier ones. " +
		"When numbers are missing or implausible, or a new numbering begins, NeedsList reports true, and ApplyFetched restores the roster.")
	d.Doc.Add("Create one with [NewRoster].")
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
		"Apply applies an event about the participants of the call: all of them, some of them, or deltas. "+
			"It returns one change for the list or for each delta in the event.",
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
