package client

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file makes the paths of requests (OData URL conventions, "Resource Path").

// service is what a description says of its service.
type service struct {
	base       string   // its URL, "" if the description does not say
	segments   bool     // keys are segments of their own
	enumTypes  bool     // literals of enums stand with their type
	qualified  bool     // operations stand with their namespace
	namespaces []string // which operations stand without; the first is that of operations without one
	odata      string   // version of OData that requests name, "" for none
	batches    BatchFormat
	anywhere   bool // links may lead anywhere at its host

	rewrite func(body []byte) ([]byte, error) // of values that are sent; may be nil
}

// onGraph makes a client one of Microsoft Graph.
func onGraph(version string) ClientOption {
	return func(c *Client) { c.cloud, c.version = GlobalCloud(), version }
}

// WithKeyAsSegments sets whether keys are segments of paths, as in /orders/1, or stand in
// parentheses, as in /orders(1). The default is what the description says.
func WithKeyAsSegments(segments bool) ClientOption {
	return func(c *Client) { c.service.segments = segments }
}

// WithQualifiedOperations sets whether bound actions and functions are called with their
// namespace. The default is what the description says.
func WithQualifiedOperations(qualified bool) ClientOption {
	return func(c *Client) { c.service.qualified = qualified }
}

// WithEnumTypes sets whether members of enums stand with their type in URLs, as in
// Sales.Color'Red', which OData 4.0 requires, or without, as in 'Red'. The default is what
// the package was generated for. Packages for Microsoft Graph do not know the types.
func WithEnumTypes(listed bool) ClientOption {
	return func(c *Client) { c.service.enumTypes = listed }
}

// WithScope sets the scope that the [TokenSource] is asked for.
func WithScope(scope string) ClientOption { return func(c *Client) { c.cloud.Scope = scope } }

// operation returns the name by which a bound operation is called.
func (s *service) operation(name string) string {
	dot := strings.LastIndexByte(name, '.')
	switch {
	case dot < 0 && s.qualified && len(s.namespaces) > 0:
		return s.namespaces[0] + "." + name
	case dot >= 0 && !s.qualified && slices.Contains(s.namespaces, name[:dot]):
		return name[dot+1:]
	}
	return name
}

// address is embedded in request builders.
type address struct{ at *resource }

// URLOf returns the URL of the resource that a builder makes requests for. It is no method,
// because every type of builder would have one, a twentieth of the functions of all of Graph.
func URLOf(builder Builder) (string, error) {
	at := builder.resource()
	if err := cmp.Or(at.client.err, at.err); err != nil {
		return "", err
	}
	text := at.client.base.String() + at.path
	if query := strings.TrimPrefix(at.query, "&"); query != "" {
		text += "?" + query
	}
	return text, nil
}

func (a *address) resource() *resource { return a.at }

// to returns the resource behind a path that is added to that of r.
func (r *resource) to(path string) *resource {
	to := *r
	to.path, to.uncast = r.path+path, ""
	return &to
}

// failed notes the first error of an address.
func (r *resource) failed(err error) *resource {
	r.err = cmp.Or(r.err, err)
	return r
}

// child returns the resource at a path segment.
//
//go:noinline
func (r *resource) child(segment string) *resource { return r.to("/" + segment) }

// op returns the resource of a bound action, or of a bound function without parameters.
//
//go:noinline
func (r *resource) op(name string) *resource { return r.to("/" + r.client.service.operation(name)) }

// cast returns the resource as one of a derived type. A path has one cast in a place: another
// one takes its place.
//
//go:noinline
func (r *resource) cast(qualified string) *resource {
	base := cmp.Or(r.uncast, r.path)
	to := *r
	to.path, to.uncast = base+"/"+qualified, base
	return &to
}

// key returns the entity of a collection with the given key.
//
//go:noinline
func (r *resource) key(id string) *resource {
	switch {
	case !r.client.service.segments, strings.HasPrefix(id, "$"): // which would be an operator as a segment
		return r.to("(" + url.PathEscape(codec.QuoteLiteral(id)) + ")")
	case id == "" || id == "." || id == "..":
		return r.to("/" + id).failed(fmt.Errorf("%q cannot be the key of an entity: pass its id", id))
	}
	return r.to("/" + url.PathEscape(id))
}

// keyOf is key for keys that are not strings.
//
//go:noinline
func (r *resource) keyOf(value any) *resource {
	text, err := r.literal(value)
	if err != nil {
		return r.to("").failed(err)
	}
	if r.client.service.segments {
		return r.to("/" + url.PathEscape(unquoted(text)))
	}
	return r.to("(" + url.PathEscape(text) + ")")
}

// keys returns the entity with a key of several parts, which stand in parentheses everywhere.
//
//go:noinline
func (r *resource) keys(parts ...arg) *resource {
	texts := make([]string, len(parts))
	for i, part := range parts {
		text, err := r.literal(part.value)
		if err != nil {
			return r.to("").failed(fmt.Errorf("key %s: %w", part.name, err))
		}
		texts[i] = part.name + "=" + url.PathEscape(text)
	}
	return r.to("(" + strings.Join(texts, ",") + ")")
}

// literal returns the value of a key as it stands in parentheses.
func (r *resource) literal(value any) (string, error) {
	text, err := codec.Literal(value, r.client.service.enumTypes)
	if err == nil && text == "" {
		err = errors.New("the key of an entity has no value")
	}
	return text, err
}

// unquoted returns a literal as it stands in a segment: without prefix and quotes.
func unquoted(literal string) string {
	if _, quoted, ok := strings.Cut(literal, "'"); ok {
		return strings.ReplaceAll(strings.TrimSuffix(quoted, "'"), "''", "'")
	}
	return literal
}

// itemPath returns the drive item at a path below another one (Graph, "Address resources in a
// drive with the REST API").
//
//go:noinline
func (r *resource) itemPath(path string) *resource {
	var b strings.Builder
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if segment == "" || isDots(segment) {
			return r.to("").failed(fmt.Errorf("%q is no path of a drive item: name the item and its folders, as in \"Reports/May.xlsx\"", path))
		}
		b.WriteString("/" + strings.ReplaceAll(url.PathEscape(segment), ":", "%3A")) // which would end the path
	}
	return r.to(":" + b.String() + ":")
}

// arg is a named value in a path.
type arg struct {
	name  string
	value any
}

// call returns the resource of the call of a bound function, or of an alternate key, which
// has no name. Nil values are left out.
//
//go:noinline
func (r *resource) call(name string, args ...arg) *resource {
	if name != "" {
		name = "/" + r.client.service.operation(name)
	}
	return r.called(name, args)
}

// imported returns the resource of the call of a function import.
//
//go:noinline
func (r *resource) imported(name string, args ...arg) *resource { return r.called("/"+name, args) }

// called adds arguments to a path. Structs and collections are passed in the query and
// referred to by alias.
func (r *resource) called(name string, args []arg) *resource {
	called := r.to("")
	var b strings.Builder
	for _, a := range args {
		text, err := codec.Literal(a.value, r.client.service.enumTypes)
		if err != nil {
			called.failed(fmt.Errorf("parameter %s: %w", a.name, err))
		}
		if text == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		if text[0] == '[' || text[0] == '{' {
			text = called.alias(a.name, text)
		}
		b.WriteString(a.name + "=" + url.PathEscape(text))
	}
	called.path += name + "(" + b.String() + ")"
	return called
}

// alias adds a value to the query, and returns what stands for it in the path.
func (r *resource) alias(name, value string) string {
	alias := "@" + name
	for strings.Contains(r.query, "&"+alias+"=") { // of another function in the path
		alias += "_"
	}
	r.query += "&" + alias + "=" + queryEscape(value)
	return alias
}
