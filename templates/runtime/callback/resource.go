package callback

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Collections of a call, as in CallResource.Collection.
const (
	CallCollectionParticipants   = "participants"
	CallCollectionOperations     = "operations"
	CallCollectionContentSharing = "contentSharingSessions"
	CallCollectionAudioRouting   = "audioRoutingGroups"
)

// CallResource names the subject of a notification: a call, one of its collections, or an item
// of a collection.
type CallResource struct {
	CallID     string // "" if unknown
	Collection string // a CallCollection constant or another name as received; "" for the call itself
	ItemID     string // "" for the collection itself
}

// maxResourceText is the maximum length of a resource path in bytes.
const maxResourceText = 4 << 10

// ParseCallResource parses the resourceUrl or resource of a notification, such as
// /communications/calls/{id}/participants/{id}. It accepts a path or a whole URL below
// /communications or the deprecated /app, with or without a version, in any letter case, and
// unescapes ids. It reports false for anything else.
func ParseCallResource(text string) (CallResource, bool) {
	if len(text) > maxResourceText {
		return CallResource{}, false
	}
	ids, ok := belowCalls(text)
	if !ok {
		return CallResource{}, false
	}
	if len(ids) < 1 || len(ids) > 3 {
		return CallResource{}, false
	}
	for i, s := range ids {
		id, err := url.PathUnescape(s)
		if err != nil || !isResourceID(id) {
			return CallResource{}, false
		}
		ids[i] = id
	}
	r := CallResource{CallID: ids[0]}
	if len(ids) > 1 {
		r.Collection = canonicalCollection(ids[1])
	}
	if len(ids) > 2 {
		r.ItemID = ids[2]
	}
	return r, true
}

// String returns the path of the resource relative to the service root, or "" if the call is
// unknown.
func (r CallResource) String() string {
	if r.CallID == "" {
		return ""
	}
	path := "/communications/calls/" + url.PathEscape(r.CallID)
	if r.Collection == "" {
		return path
	}
	path += "/" + url.PathEscape(r.Collection)
	if r.ItemID == "" {
		return path
	}
	return path + "/" + url.PathEscape(r.ItemID)
}

// belowCalls returns the segments of a path below /communications/calls; it reports false for
// other paths.
func belowCalls(text string) ([]string, bool) {
	segments := strings.Split(strings.Trim(pathOfResource(text), "/"), "/")
	if len(segments) > 2 && !isCallRoot(segments) {
		segments = segments[1:] // the version
	}
	if !isCallRoot(segments) {
		return nil, false
	}
	return segments[2:], true
}

// isCalls reports whether a path names the collection of all calls.
func isCalls(text string) bool {
	if len(text) > maxResourceText {
		return false
	}
	below, ok := belowCalls(text)
	return ok && len(below) == 0
}

// pathOfResource cuts scheme, host, query and fragment off a URL.
func pathOfResource(text string) string {
	if i := strings.IndexAny(text, "?#"); i >= 0 {
		text = text[:i]
	}
	if scheme, rest, ok := strings.Cut(text, "://"); ok && !strings.Contains(scheme, "/") {
		_, path, _ := strings.Cut(rest, "/")
		return path
	}
	return text
}

// isCallRoot reports whether a path begins with a root of the calls.
func isCallRoot(segments []string) bool {
	return len(segments) >= 2 && strings.EqualFold(segments[1], "calls") &&
		(strings.EqualFold(segments[0], "communications") || strings.EqualFold(segments[0], "app"))
}

// isResourceID reports whether s can be an id: a text that is a single path segment without
// special meaning.
func isResourceID(s string) bool {
	return s != "" && s != "." && s != ".." && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func canonicalCollection(s string) string {
	for _, c := range []string{
		CallCollectionParticipants, CallCollectionOperations, CallCollectionContentSharing, CallCollectionAudioRouting,
	} {
		if strings.EqualFold(s, c) {
			return c
		}
	}
	return s
}
