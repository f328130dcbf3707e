package callback

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
)

func TestParseCallResource(t *testing.T) {
	for text, want := range map[string]CallResource{
		"/communications/calls/1":                                                       {"1", "", ""},
		"/communications/calls/1/":                                                      {"1", "", ""},
		"communications/calls/1":                                                        {"1", "", ""},
		"/app/calls/2f1a1100-b174/participants":                                         {"2f1a1100-b174", "participants", ""},
		"/communications/calls/1/participants/p":                                        {"1", "participants", "p"},
		"/communications/calls/1/operations/o":                                          {"1", "operations", "o"},
		"/communications/calls/1/contentsharingsessions":                                {"1", "contentSharingSessions", ""},
		"/communications/calls/1/CONTENTSHARINGSESSIONS/s":                              {"1", "contentSharingSessions", "s"},
		"/Communications/Calls/1/Participants":                                          {"1", "participants", ""},
		"/APP/CALLS/1/audioroutinggroups/g":                                             {"1", "audioRoutingGroups", "g"},
		"/v1.0/communications/calls/1":                                                  {"1", "", ""},
		"beta/app/calls/1/operations/o":                                                 {"1", "operations", "o"},
		"https://graph.microsoft.com/beta/communications/calls/1/participants?$top=5#x": {"1", "participants", ""},
		"HTTPS://graph.microsoft.com:443/communications/calls/1?a=/b":                   {"1", "", ""},
		"/communications/calls/19%3Ameeting%40thread/participants/a%2Fb%20c":            {"19:meeting@thread", "participants", "a/b c"},
		"/communications/calls/a+b":                                                     {"a+b", "", ""},
		"/communications/calls/1/somethingNew/x":                                        {"1", "somethingNew", "x"},
		"/communications/calls/participants/participants/calls":                         {"participants", "participants", "calls"},
		"/app/calls/app":                                                                {"app", "", ""},
		"/communications/calls/Ä":                                                       {"Ä", "", ""},
	} {
		got, ok := ParseCallResource(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
		again, ok := ParseCallResource(got.String())
		assert.True(t, ok, got.String())
		assert.Equal(t, got, again)
	}
	for _, text := range []string{
		"", "/", "//", "/communications", "/communications/calls", "/communications/calls/", "/communications/calls//participants",
		"/communications/onlineMeetings/1", "/calls/1", "/a/b/communications/calls/1", "/communications/calls/1/participants/p/mute",
		"/communications/calls/%zz", "/communications/calls/%", "/communications/calls/%00", "/communications/calls/a%0Ab",
		"/communications/calls/..", "/communications/calls/%2e%2e/participants", "/communications/calls/.", "/communications/calls/%ff",
		"https://graph.microsoft.com", "https://", "?/communications/calls/1", "/communications/calls/" + strings.Repeat("a", maxResourceText),
	} {
		got, ok := ParseCallResource(text)
		assert.False(t, ok, "%.80q", text)
		assert.Zero(t, got, "%.80q", text)
	}
	assert.Equal(t, "/communications/calls/a%2Fb/participants/%3F", CallResource{"a/b", "participants", "?"}.String())
	assert.Empty(t, CallResource{}.String())
	assert.Equal(t, "/communications/calls/1", CallResource{CallID: "1", ItemID: "x"}.String())
}

func FuzzParseCallResource(f *testing.F) {
	for _, s := range []string{
		"/communications/calls/1/participants/p", "https://h/beta/app/calls/1?x", "/v1.0/communications/calls/%2F/%2f/%25", "::///",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, ok := ParseCallResource(text)
		if !ok {
			if r != (CallResource{}) {
				t.Fatalf("%q: %+v", text, r)
			}
			return
		}
		if r.CallID == "" || r.ItemID != "" && r.Collection == "" {
			t.Fatalf("%q: %+v", text, r)
		}
		for _, id := range []string{r.CallID, r.Collection, r.ItemID} {
			if id == "." || id == ".." || strings.ContainsFunc(id, unicode.IsControl) {
				t.Fatalf("%q: %+v", text, r)
			}
		}
		if len(r.String()) <= maxResourceText {
			if again, ok := ParseCallResource(r.String()); !ok || again != r {
				t.Fatalf("%q: %+v becomes %q, %+v", text, r, r.String(), again)
			}
		}
	})
}
