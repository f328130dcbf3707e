package plan

import (
	"slices"

	"github.com/callgen/callgen/generator/goir"
)

var (
	errorType   = goir.Type{Name: "error"}
	stringType  = goir.Type{Name: "string"}
	contextType = goir.Type{Import: "context", Name: "Context"}
)

// receiver is the receiver name in methods of builders.
const receiver = "b"

// reservedLocals returns the names that parameters of a method must not hide.
func reservedLocals() []string {
	return append(goir.BodyNames(), receiver, "c", "ctx", "opts", "p", "v")
}

// navigate begins a method that returns a builder.
func (r *requests) navigate(name string, leads []string, params ...goir.Param) *goir.Method {
	m := &goir.Method{Kind: goir.Navigate, Receiver: receiver, Params: params, Leads: leads}
	m.Name = name
	m.Results = []goir.Type{{Prefix: "*", Name: leads[0]}}
	return m
}

// request begins a method that makes a request. The context precedes the given parameters,
// the options follow them.
func request(kind goir.Kind, name string, item goir.Type, params ...goir.Param) *goir.Method {
	m := &goir.Method{Kind: kind, Receiver: receiver, Item: item, Results: results(kind, item)}
	m.Name = name
	options := goir.Param{Name: "opts", Type: goir.Type{Prefix: "...", Name: "RequestOption"}}
	if kind == goir.Delta {
		m.Params = []goir.Param{options}
		return m
	}
	m.Params = slices.Concat([]goir.Param{{Name: "ctx", Type: contextType}}, params, own(kind), []goir.Param{options})
	return m
}

// own returns the parameters common to all requests of a kind.
func own(kind goir.Kind) []goir.Param {
	switch kind {
	case goir.Upload, goir.Media:
		return []goir.Param{{Name: "contentType", Type: stringType}, {Name: "content", Type: goir.Type{Import: "io", Name: "Reader"}}}
	case goir.AddRef, goir.SetRef, goir.RemoveRefTo:
		return []goir.Param{{Name: "url", Type: stringType}}
	}
	return nil
}

// results returns the results of requests of a kind.
func results(kind goir.Kind, item goir.Type) []goir.Type {
	switch kind {
	case goir.Iterate:
		return []goir.Type{{Import: "iter", Name: "Seq2", Args: []goir.Type{item, errorType}}}
	case goir.ListRefs:
		return []goir.Type{{Import: "iter", Name: "Seq2", Args: []goir.Type{stringType, errorType}}}
	case goir.Delta:
		return []goir.Type{{Prefix: "*", Name: "Changes", Args: []goir.Type{item}}}
	case goir.Fetch, goir.Scalar, goir.Media:
		return []goir.Type{item, errorType}
	case goir.Upload:
		if item.Name != "" {
			return []goir.Type{item, errorType}
		}
	case goir.FetchPage:
		return []goir.Type{{Prefix: "*", Name: "Page", Args: []goir.Type{item}}, errorType}
	case goir.GetRef:
		return []goir.Type{stringType, errorType}
	case goir.Count:
		return []goir.Type{{Name: "int64"}, errorType}
	case goir.Open:
		return []goir.Type{{Prefix: "*", Name: "Stream"}, errorType}
	}
	return []goir.Type{errorType}
}
