package client

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// contentPart is a part of content, from its first byte to its last one; size is that of the whole, -1 if
// it is not known.
type contentPart struct{ first, last, size int64 }

// partIn returns what an answer with status 206 says that it has: bytes 0-99/1000.
func partIn(resp *http.Response) (contentPart, error) {
	text := resp.Header.Get("Content-Range")
	span, total, _ := strings.Cut(strings.TrimPrefix(text, "bytes "), "/")
	first, last, _ := strings.Cut(span, "-")
	p := contentPart{size: -1}
	ok := strings.HasPrefix(text, "bytes ") && byteNumber(first, &p.first) && byteNumber(last, &p.last) && (total == "*" || byteNumber(total, &p.size))
	length := p.last - p.first + 1
	if !ok || length < 1 || p.size >= 0 && p.last >= p.size || resp.ContentLength >= 0 && resp.ContentLength != length {
		return p, fmt.Errorf("the answer is a part of the content, but does not say which: Content-Range is %q, and its length %d", text, resp.ContentLength)
	}
	return p, nil
}

// byteNumber reads a number of bytes, and reports whether it is one.
func byteNumber(text string, to *int64) bool {
	n, err := strconv.ParseUint(text, 10, 62)
	*to = int64(n)
	return err == nil
}

// checkAsked checks that a part is from where the header Range of its request asked for. It may be shorter,
// unless no part was asked for.
func (p contentPart) checkAsked(header string) error {
	var from int64
	if header != "" {
		text, _, isRange := strings.Cut(strings.TrimPrefix(header, "bytes="), "-")
		if !isRange || !byteNumber(text, &from) {
			return nil // by a program's own header
		}
	}
	switch {
	case p.first != from:
		return fmt.Errorf("the service sends the content from byte %d, not from %d", p.first, from)
	case header == "" && p.last+1 != p.size:
		return fmt.Errorf("the service sends only the bytes %d to %d of %d", p.first, p.last, p.size)
	}
	return nil
}
