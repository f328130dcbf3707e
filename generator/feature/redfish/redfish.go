// Package redfish adds what documents of Redfish have beyond types to packages of its
// description (DMTF): methods for the actions that a document advertises, for the members of
// collections and for events, and the client of a management controller.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package redfish

import (
	"slices"

	"github.com/callgen/callgen/generator/feature"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
	"github.com/dave/jennifer/jen"
)

// Feature is what documents of Redfish have beyond types.
type Feature struct{}

const rootFunction = "ReadServiceRoot"

// Reserved implements [feature.Feature].
func (Feature) Reserved() []string { return []string{rootFunction} }

// Plan implements [feature.Feature]. A package is one of Redfish if it has the type that all
// resources derive from, with a property for the vendors.
func (Feature) Plan(p feature.Planner) *feature.Part {
	item := p.Structured("Resource.Item")
	part := new(feature.Part)
	if item == nil || !isOfRedfish(item) {
		return part
	}
	f := &planner{p}
	part.Runtime = []string{"redfish"}
	part.Doc = []string{
		"[Connect] returns a [Controller], the client of a management controller. From [ReadServiceRoot] on, documents link to others: [FollowLink] reads " +
			"one, and collections have a method All. Actions are methods of the property Actions of a document, and go to the target that it names.",
	}
	file := &goir.File{Name: "redfish"}
	for _, list := range [][]*goir.Own{f.root(), f.events(), f.collections(), f.actions(file)} {
		for _, d := range list {
			file.Decls = append(file.Decls, d)
		}
	}
	if len(file.Decls) > 0 {
		part.Files = []*goir.File{file}
	}
	return part
}

// isOfRedfish reports whether a type has a property Oem as resources have it.
func isOfRedfish(t *edm.StructuredType) bool {
	return slices.ContainsFunc(t.Properties, func(p *edm.Property) bool {
		return p.Name == "Oem" && p.Type.Type != nil && p.Type.Type.TypeName() == edm.QName{Namespace: "Resource", Name: "Oem"}
	})
}

// planner looks up the parts of Redfish in the plan.
type planner struct{ feature.Planner }

// own starts the declaration of a function, or of a method of parent.
func own(parent, name, typ string, of *edm.StructuredType, doc string) *goir.Own {
	d := &goir.Own{Declared: goir.Declared{Name: name, Element: of.Name.String(), Type: of.Name.String(), Pos: of.Pos, Doc: goir.Paragraph(doc)}}
	symbol := goir.Symbol{Name: name, Kind: "function", Type: typ, Element: d.Element, Doc: d.Doc}
	if parent != "" {
		symbol.Name, symbol.Kind = parent+"."+name, "method"
	}
	d.API = []goir.Symbol{symbol}
	return d
}

// root declares ReadServiceRoot.
func (p *planner) root() []*goir.Own {
	t := p.Structured("ServiceRoot.ServiceRoot")
	if t == nil {
		return nil
	}
	name := p.Names().Type(t)
	d := own("", rootFunction, "func(context.Context, *Client, ...RequestOption) (*"+name+", error)", t,
		rootFunction+" reads the document at which a service begins. It links to everything else.")
	d.Code = func() []jen.Code {
		return []jen.Code{jen.Func().Id(rootFunction).Params(context(), client(), options()).Params(jen.Op("*").Id(name), jen.Error()).Block(
			jen.Return(jen.Id("Follow").Types(jen.Op("*").Id(name)).Call(jen.Id("ctx"), jen.Id("c"), jen.Id("rootPath"), jen.Id("opts").Op("..."))))}
	}
	return []*goir.Own{d}
}

func context() *jen.Statement { return jen.Id("ctx").Qual("context", "Context") }
func client() *jen.Statement  { return jen.Id("c").Op("*").Id("Client") }
func options() *jen.Statement { return jen.Id("opts").Op("...").Id("RequestOption") }

// events declares the methods that decode events into the types of the description.
func (p *planner) events() []*goir.Own {
	const receiver = "ControllerEvent"
	scope := names.NewScope("the event", p.Members(receiver)...)
	var list []*goir.Own
	for _, name := range []string{"Event", "MetricReport"} {
		t := p.Structured(name + "." + name)
		if t == nil {
			continue
		}
		struc, method := p.Names().Type(t), scope.Take(t.Name.String(), "As"+name)
		d := own(receiver, method, "func() (*"+struc+", error)", t, method+" decodes the document if it is of the type "+name+".")
		d.Code = func() []jen.Code {
			return []jen.Code{jen.Func().Params(jen.Id("e").Op("*").Id(receiver)).Id(method).Params().Params(jen.Op("*").Id(struc), jen.Error()).Block(
				jen.Id("v").Op(":=").New(jen.Id(struc)),
				jen.Return(jen.Id("v"), jen.Id("e").Dot("decodeAs").Call(jen.Lit(name), jen.Id("v"))))}
		}
		list = append(list, d)
	}
	return list
}

// collections declares the methods that range over the members of collections.
func (p *planner) collections() []*goir.Own {
	base := p.Structured("Resource.ResourceCollection")
	if base == nil {
		return nil
	}
	var list []*goir.Own
	for _, t := range base.Descendants() {
		i := slices.IndexFunc(t.Navigation, func(n *edm.NavigationProperty) bool { return n.Name == "Members" && n.Type.Collection })
		if !p.Has(t) || t.Abstract || i < 0 {
			continue
		}
		member, ok := t.Navigation[i].Type.Type.(*edm.StructuredType)
		if !ok || !p.Has(member) {
			continue
		}
		list = append(list, p.all(t, t.Navigation[i], member))
	}
	return list
}

// all is
//
//	func (v *ChassisCollection) All(ctx context.Context, c *Client, opts ...RequestOption) iter.Seq2[*Chassis, error] {
//		return collectionMembers(ctx, c, v, func(v *ChassisCollection) []*Chassis { return v.Members }, opts)
//	}
func (p *planner) all(t *edm.StructuredType, members *edm.NavigationProperty, member *edm.StructuredType) *goir.Own {
	struc, value, field := p.Names().Type(t), p.Value(member), p.Names().Field(members)
	name := p.scopeOf(t).Take(t.Name.String(), "All", "AllMembers")
	d := own(struc, name, "func(context.Context, *Client, ...RequestOption) iter.Seq2["+value.String()+", error]", t,
		name+" ranges over the members of the collection, page by page. The collection itself may be a link to it, as other documents have it, or nil, which has no "+
			"members. Members that are links are read, a few at a time (see [AtOnce]) and in order; one that cannot be read yields an error, and iteration continues.")
	d.Code = func() []jen.Code {
		of := func() *jen.Statement { return jen.Op("*").Id(struc) }
		item := func() *jen.Statement { return jen.Op(value.Prefix).Id(value.Name) }
		return []jen.Code{jen.Func().Params(jen.Id("v").Add(of())).Id(name).Params(context(), client(), options()).Qual("iter", "Seq2").Types(item(), jen.Error()).Block(
			jen.Return(jen.Id("collectionMembers").Call(jen.Id("ctx"), jen.Id("c"), jen.Id("v"),
				jen.Func().Params(jen.Id("v").Add(of())).Index().Add(item()).Block(jen.Return(jen.Id("v").Dot(field))), jen.Id("opts"))))}
	}
	return d
}

// scopeOf returns the scope of the methods of a struct, in which its fields have taken names.
func (p *planner) scopeOf(t *edm.StructuredType) *names.Scope {
	taken := []string{"AdditionalData", "ODataType", "UnmarshalJSON", "MarshalJSON"}
	for ; t != nil; t = t.Base {
		for _, property := range t.Properties {
			taken = append(taken, p.Names().Field(property))
		}
		for _, property := range t.Navigation {
			taken = append(taken, p.Names().Field(property))
		}
		taken = append(taken, "As"+p.Names().Type(t), p.Names().Type(t))
	}
	return names.NewScope("the struct", taken...)
}
