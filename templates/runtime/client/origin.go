package client

import (
	"fmt"
	"net"
	"net/url"
	"path"
	"strings"
)

// origin is whom a URL leads to (RFC 6454). Links, redirects, tokens and bodies are all
// judged by it: what is of another origin than the base URL is foreign.
type origin struct{ scheme, host, port string }

// originOf returns the origin of a URL in normal form. Only ASCII letters lose their case:
// Unicode folds more, such as the Kelvin sign to a k, and so do the rules for host names
// (IDNA), by which another spelling of the own host would pass for it.
func originOf(u *url.URL) origin {
	o := origin{lowerASCII(u.Scheme), lowerASCII(u.Hostname()), u.Port()}
	if o.port == "" {
		o.port = map[string]string{"http": "80", "https": "443"}[o.scheme]
	}
	return o
}

// lowerASCII is text with its ASCII letters in lower case, and all else as it is.
func lowerASCII(text string) string {
	lower := []byte(text)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return string(lower)
}

// isOwn reports whether a URL is of the service's own origin, which alone gets tokens and
// bodies.
func (c *Client) isOwn(u *url.URL) bool {
	return u.Opaque == "" && u.User == nil && u.Host != "" && originOf(u) == originOf(c.base)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ownLink returns the URL of a link in an answer, which may be relative to the URL that
// the answer came from. It must stay under the base URL.
func (c *Client) ownLink(from *url.URL, link string) (*url.URL, error) {
	u, err := from.Parse(link)
	if err != nil {
		return nil, fmt.Errorf("the link in the answer is malformed: %w", withoutURL(err))
	}
	c.byPath(u)
	if !c.isOwn(u) || !c.isUnderBase(u.Path) {
		return nil, fmt.Errorf("the link in the answer leads to %s, away from %s: it is not followed; if a proxy "+
			"stands before the service, WithLinksByPath takes only path and query of links", oneLine(u.Scheme+"://"+u.Host), c.base)
	}
	u.Host = c.base.Host // which the link may spell otherwise
	return u, nil
}

// isUnderBase reports whether a path is under that of the base URL, for those too who take
// a backslash for a slash.
func (c *Client) isUnderBase(at string) bool {
	base := c.base.Path + "/"
	return strings.HasPrefix(at, base) && strings.HasPrefix(path.Clean(at)+"/", base) && !strings.Contains(at, `\`)
}

// byPath makes a link one of the own host, if only its path and query count.
func (c *Client) byPath(u *url.URL) {
	if c.linksByPath && u.Opaque == "" {
		u.Scheme, u.Host, u.User = c.base.Scheme, c.base.Host, nil
	}
}

// resolved returns a link in an answer as an absolute URL (RFC 3986, section 5). One that
// is malformed stays as it is: following it is an error.
func resolved(from *url.URL, link string) string {
	u, err := url.Parse(link)
	if link == "" || err != nil || u.IsAbs() || from == nil {
		return link
	}
	return from.ResolveReference(u).String()
}

// location returns where a header leads, "" if it is not there.
func (c *Client) location(from *url.URL, link string) string {
	link = resolved(from, link)
	if u, err := url.Parse(link); link != "" && err == nil && c.linksByPath {
		c.byPath(u)
		return u.String()
	}
	return link
}
