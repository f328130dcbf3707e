package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/spec/edm"
	"github.com/dave/jennifer/jen"
)

// required notes the query parameters that the requests of a navigation property require, and
// says so in the comment of the method that leads there.
func (r *requests) required(n *edm.NavigationProperty, doc *goir.Doc) {
	var links []string
	for _, q := range n.RequiredQueries() {
		if _, ok := r.queries[q.Name]; !ok {
			r.queries[q.Name] = q
		}
		links = append(links, "["+r.names.QueryOption(q.Name)+"]")
	}
	if len(links) > 0 {
		doc.Add("Reading requires the options " + strings.Join(links, " and ") + ".")
	}
}

// queryFile plans the functions that set required query parameters, or returns nil.
func (r *requests) queryFile() *goir.File {
	if len(r.queries) == 0 {
		return nil
	}
	f := &goir.File{Name: "query_options"}
	for _, name := range slices.Sorted(maps.Keys(r.queries)) {
		f.Decls = append(f.Decls, r.queryOption(r.queries[name]))
	}
	return f
}

// queryOption plans the function that sets one query parameter: from a time if it says that
// it is one, or else from text.
func (r *requests) queryOption(q edm.Query) *goir.Own {
	name, typ := r.names.QueryOption(q.Name), stringType
	if strings.HasSuffix(q.Name, "DateTime") || strings.Contains(q.Description, "ISO 8601") {
		typ = goir.Type{Import: "time", Name: "Time"}
	}
	doc := goir.Paragraph(name + " sets the query parameter " + q.Name + ", which some requests require.")
	doc.Add(sentence(q.Description))
	d := &goir.Own{Declared: goir.Declared{Name: name, Doc: doc, Pos: q.Pos}}
	d.API = []goir.Symbol{{Name: name, Kind: "function", Type: "func(" + typ.String() + ") RequestOption", Doc: doc}}
	d.Code = func() []jen.Code {
		param, value := jen.Id("value").String(), jen.Id("value")
		if typ.Import != "" {
			param, value = jen.Id("value").Qual("time", "Time"), jen.Id("value").Dot("Format").Call(jen.Qual("time", "RFC3339Nano"))
		}
		return []jen.Code{jen.Func().Id(name).Params(param).Id("RequestOption").Block(jen.Return(jen.Id("Query").Call(jen.Lit(q.Name), value)))}
	}
	return d
}
