package client

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// A RequestOption changes one request: a query option (OData URL conventions, "System Query
// Options") or a header. Options that the request does not support are left to the service to
// refuse.
type RequestOption func(*request)

// queryOption is a query parameter. The values of a list are joined.
type queryOption struct {
	name, value string
	bare        bool // without a value
}

// set replaces a query option.
func (r *request) set(name, value string) {
	r.query = slices.DeleteFunc(r.query, func(o queryOption) bool { return o.name == name })
	r.query = append(r.query, queryOption{name: name, value: value})
}

// add adds to a query option that is a list.
func (r *request) add(name, value, separator string) {
	for i := range r.query {
		if r.query[i].name == name {
			r.query[i].value += separator + value
			return
		}
	}
	r.query = append(r.query, queryOption{name: name, value: value})
}

// Select requests only the given properties ($select).
func Select(properties ...codec.Property) RequestOption {
	return func(r *request) {
		for _, p := range properties {
			r.add("$select", p.String(), ",")
		}
	}
}

// Expand includes the value of a navigation property in the answer ($expand), with nested
// options: Expand(fields.CallParticipants, Select(fields.ParticipantInfo)).
func Expand(property codec.Property, nested ...RequestOption) RequestOption {
	return func(r *request) {
		inner := &request{header: make(http.Header), enumTypes: r.enumTypes}
		for _, opt := range nested {
			opt(inner)
		}
		text := property.String()
		if len(inner.query) > 0 {
			var parts []string
			for _, o := range inner.query {
				parts = append(parts, o.name+"="+o.value)
			}
			text += "(" + strings.Join(parts, ";") + ")"
		}
		if inner.err != nil {
			r.err = inner.err
		}
		r.add("$expand", text, ",")
	}
}

// Where requests the items that meet a condition ($filter). Several conditions must all be
// met.
func Where(c codec.Condition) RequestOption {
	return func(r *request) {
		if err := codec.ConditionError(c); err != nil {
			r.err = err
			return
		}
		text := codec.ConditionText(c, r.enumTypes)
		for i := range r.query {
			if r.query[i].name == "$filter" {
				r.query[i].value = "(" + r.query[i].value + ") and (" + text + ")"
				return
			}
		}
		r.set("$filter", text)
	}
}

// OrderBy sets the order of the items ($orderby).
func OrderBy(orders ...codec.Order) RequestOption {
	return func(r *request) {
		for _, o := range orders {
			r.add("$orderby", string(o), ",")
		}
	}
}

// Search requests the items that match a search expression ($search), written as the service
// expects it, such as `"displayName:ada"` with its quotes.
func Search(expression string) RequestOption {
	return func(r *request) { r.set("$search", expression) }
}

// Top limits the number of items ($top); for a [Page], the number of items per page.
func Top(n int) RequestOption { return func(r *request) { r.set("$top", strconv.Itoa(n)) } }

// Skip leaves out the first n items ($skip).
func Skip(n int) RequestOption { return func(r *request) { r.set("$skip", strconv.Itoa(n)) } }

// IncludeCount requests the number of items in the whole collection ($count), returned in the
// Count field of the [Page].
func IncludeCount() RequestOption { return func(r *request) { r.set("$count", "true") } }

// Query sets a query parameter that has no option of its own.
func Query(name, value string) RequestOption { return func(r *request) { r.set(name, value) } }

// Header sets a header of the request.
func Header(name, value string) RequestOption {
	return func(r *request) { r.header.Set(name, value) }
}

// IfMatch makes the request succeed only if the entity has the given ETag.
func IfMatch(etag string) RequestOption { return Header("If-Match", etag) }

// IfNoneMatch makes the request succeed only if the entity does not have the given ETag.
func IfNoneMatch(etag string) RequestOption { return Header("If-None-Match", etag) }

// ConsistencyEventual allows answers from an index that may lag behind, which advanced queries
// on directory objects require (ConsistencyLevel: eventual).
func ConsistencyEventual() RequestOption { return Header("ConsistencyLevel", "eventual") }

// Prefer adds a value to the Prefer header.
func Prefer(preference string) RequestOption {
	return func(r *request) { r.prefer = append(r.prefer, preference) }
}

// IncludeUnknownEnumMembers requests enum members added since the first version as they are,
// instead of as unknownFutureValue.
func IncludeUnknownEnumMembers() RequestOption { return Prefer("include-unknown-enum-members") }

// MaxPageSize limits the number of items per page.
func MaxPageSize(n int) RequestOption { return Prefer("odata.maxpagesize=" + strconv.Itoa(n)) }

// ResponseInto stores status, headers and links of the answer in to, also if the service
// refuses the request.
func ResponseInto(to *Response) RequestOption { return func(r *request) { r.response = to } }

// encodeQuery encodes query options in the order in which they were given.
func encodeQuery(list []queryOption) string {
	var b strings.Builder
	for _, o := range list {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(strings.ReplaceAll(queryEscape(o.name), "%24", "$"))
		if !o.bare {
			b.WriteString("=" + queryEscape(o.value))
		}
	}
	return b.String()
}

// queryEscape escapes spaces as %20, which is also valid in paths.
func queryEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
