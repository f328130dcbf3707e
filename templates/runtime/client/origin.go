package client

import (
	"fmt"
	"net"
	"net/url"
	"path"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// origin is the scheme, host and port of a URL (RFC 6454). It decides which links and
// redirects are followed and where tokens and bodies may go: anything outside the origin of
// the base URL is foreign.
type origin struct{ scheme, host, port string }

// originOf returns the normalized origin of a URL. Only ASCII letters are lowered: Unicode
// folds more, such as the Kelvin sign to k, and so does IDNA, so that another host could pass
// for our own.
func originOf(u *url.URL) origin {
	o := origin{lowerASCII(u.Scheme), lowerASCII(u.Hostname()), u.Port()}
	if o.port == "" {
		o.port = map[string]string{"http": "80", "https": "443"}[o.scheme]
	}
	return o
}

// lowerASCII returns text with its ASCII letters in lower case.
func lowerASCII(text string) string {
	lower := []byte(text)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return string(lower)
}

// isOwn reports whether a URL has the origin of the service, the only one that gets tokens and
// bodies.
func (c *Client) isOwn(u *url.URL) bool {
	return u.Opaque == "" && u.User == nil && u.Host != "" && originOf(u) == originOf(c.base)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ownLink returns the absolute URL of a link in an answer that came from the given URL. The
// link must stay under the base URL, unless the service has links to all of its host.
func (c *Client) ownLink(from *url.URL, link string) (*url.URL, error) {
	u, err := from.Parse(link)
	if err != nil {
		return nil, fmt.Errorf("the link in the answer is malformed: %w", withoutURL(err))
	}
	c.byPath(u)
	if !c.isOwn(u) || !c.service.anywhere && !c.isUnderBase(u.Path) {
		return nil, fmt.Errorf("the link in the answer leads to %s, away from %s: it is not followed; if a proxy "+
			"stands before the service, WithLinksByPath takes only path and query of links", codec.Printable(u.Scheme+"://"+u.Host), c.base)
	}
	u.Host = c.base.Host // the link may spell it differently
	return u, nil
}

// isUnderBase reports whether a path is under the path of the base URL, even for servers that
// take a backslash for a slash.
func (c *Client) isUnderBase(at string) bool {
	base := c.base.Path + "/"
	return strings.HasPrefix(at, base) && strings.HasPrefix(path.Clean(at)+"/", base) && !strings.Contains(at, `\`)
}

// byPath replaces scheme and host of a link by our own, if only path and query count.
func (c *Client) byPath(u *url.URL) {
	if c.linksByPath && u.Opaque == "" {
		u.Scheme, u.Host, u.User = c.base.Scheme, c.base.Host, nil
	}
}

// resolved returns a link in an answer as an absolute URL (RFC 3986, section 5). A malformed
// link is returned unchanged; following it is an error.
func resolved(from *url.URL, link string) string {
	u, err := url.Parse(link)
	if link == "" || err != nil || u.IsAbs() || from == nil {
		return link
	}
	return from.ResolveReference(u).String()
}

// location returns the absolute URL in a header, or "" if the header is absent. A path that is
// not below that of the service is taken from there, as Graph writes it.
func (c *Client) location(from *url.URL, link string) string {
	if u, err := url.Parse(link); err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(u.Path, "/") && !c.service.anywhere && !c.isUnderBase(u.Path) &&
		from != nil && c.isOwn(from) {
		link = c.base.String() + link
	}
	link = resolved(from, link)
	if u, err := url.Parse(link); link != "" && err == nil && c.linksByPath {
		c.byPath(u)
		return u.String()
	}
	return link
}
