package client

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// RequestOption changes one request: its query options (OData URL conventions, system
// query options) and its headers. An option that the request has no use for is the
// service's to refuse.
type RequestOption func(*request)

// queryOption is a query parameter. Lists of one name are joined.
type queryOption struct {
	name, value string
}

// set replaces a query option.
func (r *request) set(name, value string) {
	r.query = slices.DeleteFunc(r.query, func(o queryOption) bool { return o.name == name })
	r.query = append(r.query, queryOption{name, value})
}

// add adds to a query option that is a list.
func (r *request) add(name, value, separator string) {
	for i := range r.query {
		if r.query[i].name == name {
			r.query[i].value += separator + value
			return
		}
	}
	r.query = append(r.query, queryOption{name, value})
}

// Select asks for some properties only ($select).
func Select(properties ...codec.Property) RequestOption {
	return func(r *request) {
		for _, p := range properties {
			r.add("$select", string(p), ",")
		}
	}
}

// Expand asks for what a navigation property leads to ($expand), with query options of
// its own: Expand(CallPropertyParticipants, Select(ParticipantPropertyInfo)).
func Expand(property codec.Property, nested ...RequestOption) RequestOption {
	return func(r *request) {
		inner := &request{header: make(http.Header)}
		for _, opt := range nested {
			opt(inner)
		}
		text := string(property)
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

// Where asks for the items that meet a condition ($filter). Several must all be met.
func Where(c codec.Condition) RequestOption {
	return func(r *request) {
		if err := codec.ConditionError(c); err != nil {
			r.err = err
			return
		}
		for i := range r.query {
			if r.query[i].name == "$filter" {
				r.query[i].value = "(" + r.query[i].value + ") and (" + c.String() + ")"
				return
			}
		}
		r.set("$filter", c.String())
	}
}

// OrderBy asks for an order ($orderby).
func OrderBy(orders ...codec.Order) RequestOption {
	return func(r *request) {
		for _, o := range orders {
			r.add("$orderby", string(o), ",")
		}
	}
}

// Search asks for the items that match an expression ($search), given as the service
// wants it, such as `"displayName:ada"` with its quotes.
func Search(expression string) RequestOption {
	return func(r *request) { r.set("$search", expression) }
}

// Top asks for that many items at most ($top), in [Page] requests for that many a page.
func Top(n int) RequestOption { return func(r *request) { r.set("$top", strconv.Itoa(n)) } }

// Skip leaves out the first items ($skip).
func Skip(n int) RequestOption { return func(r *request) { r.set("$skip", strconv.Itoa(n)) } }

// IncludeCount asks for the number of items of the whole collection ($count), which is
// then in the Count of the [Page].
func IncludeCount() RequestOption { return func(r *request) { r.set("$count", "true") } }

// Query sets a query parameter as it is, for what has no option of its own.
func Query(name, value string) RequestOption { return func(r *request) { r.set(name, value) } }

// Header sets a header of the request.
func Header(name, value string) RequestOption {
	return func(r *request) { r.header.Set(name, value) }
}

// IfMatch makes the request apply only to the entity with an ETag.
func IfMatch(etag string) RequestOption { return Header("If-Match", etag) }

// IfNoneMatch makes the request apply only to an entity without an ETag.
func IfNoneMatch(etag string) RequestOption { return Header("If-None-Match", etag) }

// ConsistencyEventual asks for an index that may be behind, which advanced queries of
// directory objects need (ConsistencyLevel: eventual).
func ConsistencyEventual() RequestOption { return Header("ConsistencyLevel", "eventual") }

// Prefer adds a preference to the request.
func Prefer(preference string) RequestOption {
	return func(r *request) { r.prefer = append(r.prefer, preference) }
}

// IncludeUnknownEnumMembers asks for the members of enums that were added since the
// first version, in place of unknownFutureValue.
func IncludeUnknownEnumMembers() RequestOption { return Prefer("include-unknown-enum-members") }

// MaxPageSize asks for pages of that many items at most.
func MaxPageSize(n int) RequestOption { return Prefer("odata.maxpagesize=" + strconv.Itoa(n)) }

// ResponseInto stores what the answer says beside its content, the answer to a refused
// request included.
func ResponseInto(to *Response) RequestOption { return func(r *request) { r.response = to } }

// encodeQuery encodes query options, in the order in which they were given.
func encodeQuery(list []queryOption) string {
	var b strings.Builder
	for _, o := range list {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(strings.ReplaceAll(queryEscape(o.name), "%24", "$") + "=" + queryEscape(o.value))
	}
	return b.String()
}

// queryEscape escapes with %20 for a space, which is also understood in paths.
func queryEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
