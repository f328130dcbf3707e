package emulator

import (
	"net"
	"net/http"
	"net/url"
	"slices"
)

// Guard lets those requests through that are meant for a server at an address: their Host is
// its own, so that no name of somebody else leads here, and they do not come from a web page
// of another origin. Bodies end after a number of bytes.
func Guard(h http.Handler, address string, names []string, most int64) http.Handler {
	host, port, _ := net.SplitHostPort(address)
	allowed := []string{address}
	for _, name := range append([]string{"localhost", "127.0.0.1", "::1", host}, names...) {
		allowed = append(allowed, net.JoinHostPort(name, port))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !slices.Contains(allowed, r.Host):
			http.Error(w, "this is not the server of that name: use "+address, http.StatusMisdirectedRequest)
		case !ownOrigin(r):
			http.Error(w, "requests of other web pages are refused", http.StatusForbidden)
		default:
			r.Body = http.MaxBytesReader(w, r.Body, most)
			h.ServeHTTP(w, r)
		}
	})
}

// ownOrigin reports whether a request comes from no web page, or from one of its server.
func ownOrigin(r *http.Request) bool {
	for _, from := range r.Header.Values("Origin") {
		u, err := url.Parse(from)
		if err != nil || u.Scheme != "http" || u.Host != r.Host {
			return false
		}
	}
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "" || site == "same-origin" || site == "none"
}
