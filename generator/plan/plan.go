// Package plan turns a selection of a description into the Go declarations to emit: every
// name final, every type printable, every comment written.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package plan

import (
	"slices"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/generator/feature"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// Input holds the inputs of a plan.
type Input struct {
	Package      string
	Types        []edm.Type // the selected types, in declaration order
	Model        *edm.Model
	Has          func(edm.Type) bool
	Cut          choose.Cut              // what has no field and no request
	Described    string                  // what the package comment says it was made from
	Models       bool                    // no request builders
	Version      string                  // of Microsoft Graph, in its URLs
	Server       string                  // base URL of another service, "" if programs give it
	Addresses    map[string]string       // how the service wants URLs, where the description does not decide
	ODataVersion string                  // that requests name, "none" for none, "" if the description decides
	Batches      string                  // format of batches, "" if the description decides
	Paths        []string                // the paths that requests are wanted for; nil for all
	Operations   map[*edm.Operation]bool // wanted by themselves, without what they are bound to
	Header       []string                // lines below the marker of each file
	Main         string                  // the service's own namespace, "" for the one that its sets are of
	Overrides    names.Overrides
	Runtime      names.Runtime
	Features     []feature.Feature
}

// planner holds what the steps of a plan share.
type planner struct {
	in      Input
	names   *names.Table
	dialect dialect
	offered map[*edm.Operation]bool // bound operations that have a request
	called  map[string]bool         // bound operations, by element, that a feature has a method for
	aliases []string                // by which documents can name types, see aliasesOf
}

// Build plans a package. The error is a [*diag.Error] with the invalid overrides.
func Build(in Input) (*goir.Package, error) {
	table, err := names.Of(in.Model, names.Options{
		Main: in.Main, Overrides: in.Overrides, Runtime: in.Runtime, Reserved: reserved(in.Features),
	})
	if err != nil {
		return nil, err
	}
	p := &planner{in: in, names: table, dialect: dialectOf(in)}
	p.aliases = p.aliasesOf()
	out := &goir.Package{Name: in.Package, Header: in.Header, Doc: p.packageDoc()}
	types, constants := p.models()
	out.Files = append(types, p.anyType(), p.show())
	out.Fields = p.fieldsPackage(constants)
	if !in.Models {
		p.requests(out)
		p.features(out)
	}
	for _, c := range table.Clashes() {
		out.Clashes = append(out.Clashes, goir.Clash{
			Element: c.Owner.Element, Wanted: c.Wanted, Name: c.Name, Owner: c.Other.Element, Override: c.Override,
			Pos: c.Owner.Pos, OwnerPos: c.Other.Pos,
		})
	}
	nameFiles(out.Files)
	nameFiles(out.Fields.Files)
	return out, nil
}

// listOfAll is the variable that lists every struct.
const listOfAll = "allTypes"

// listOfSecrets is the variable that lists the secret properties.
const listOfSecrets = "secretProperties"

// reserved returns the names that are declared for every description.
func reserved(features []feature.Feature) []string {
	list := []string{"New", "UnmarshalAny", "NewClient", "Show", listOfAll, listOfSecrets}
	for _, f := range features {
		list = append(list, f.Reserved()...)
	}
	return list
}

func (p *planner) packageDoc() []string {
	return []string{
		"Package " + p.in.Package + " holds Go types for " + sentence(p.in.Described) + ".",
		"Structs embed the struct of their base type. A property that can hold more than one type is an interface, AnyX for " +
			"the base type X; use a type switch to find out what it holds. Decoding loses nothing: a struct keeps what it has no " +
			"field for in its AdditionalData and encodes it again.",
		"Use [Unmarshal] and [Marshal]; they are several times faster than the functions of the same names in encoding/json, " +
			"which also work. A struct that embeds one of these types inherits its JSON methods, which do not know the fields of " +
			"the outer struct: use a named field instead.",
	}
}

// features adds the parts of the features.
func (p *planner) features(out *goir.Package) {
	p.called = make(map[string]bool)
	for _, f := range p.in.Features {
		part := f.Plan(view{p})
		out.Files = append(out.Files, part.Files...)
		out.Sources = append(out.Sources, part.Sources...)
		out.Usage = append(out.Usage, part.Doc...)
		out.Runtime = append(out.Runtime, part.Runtime...)
		for name, is := range part.Model {
			if out.Model == nil {
				out.Model = make(map[string]string)
			}
			out.Model[name] = is
		}
	}
	out.Missing = slices.DeleteFunc(out.Missing, func(m goir.Missing) bool { return p.called[m.Element] })
}

// view is the planner as features see it.
type view struct{ *planner }

func (v view) Structured(qualified string) *edm.StructuredType {
	if t := v.in.Model.Structured(qualified); t != nil && v.in.Has(t) {
		return t
	}
	return nil
}

func (v view) Enum(qualified string) *edm.EnumType {
	if t := v.in.Model.Enum(qualified); t != nil && v.in.Has(t) {
		return t
	}
	return nil
}

func (v view) Has(t edm.Type) bool                   { return v.in.Has(t) }
func (v view) Names() *names.Table                   { return v.names }
func (v view) Value(t *edm.StructuredType) goir.Type { return v.value(t) }
func (v view) HasRequests(t *edm.StructuredType) bool {
	known := newPaths(v.in).types[t]
	return known != nil && known.item != ""
}

func (v view) BoundTo(t *edm.StructuredType) []names.Overloads {
	return names.GroupOverloads(v.in.Model, v.in.boundTo(t, false))
}

func (v view) Types() []edm.Type { return v.in.Types }

func (v view) Called(named, op *edm.Operation, owner, method string) (parameters *goir.Parameters, planned bool, doc goir.Doc) {
	v.called[named.Element()] = true
	r := &requests{planner: v.planner}
	m := &goir.Method{Declared: goir.Declared{Name: method}}
	if len(op.CallParameters()) > 0 {
		parameters = r.parameters(op, offer{owner: owner, ownerType: op.Binding().Type.Name.String(), name: method,
			parameters: func() string { return r.names.ParametersStruct(named) }})
	}
	return parameters, v.offered[named], r.operationDoc(m, op, "")
}

func (v view) Members(runtimeType string) []string { return v.in.Runtime.Members[runtimeType] }
