package companion_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generator/feature/calling/companion"
)

const classic = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_a%40thread.v2/0?context=%7b%22Tid%22%3a%22contoso%22%2c%22Oid%22%3a%22bob%22%7d"

func TestCallFromJoinURL(t *testing.T) {
	byOrganizer := `{"@odata.type":"#microsoft.graph.call","chatInfo":{"threadId":"19:meeting_a@thread.v2","messageId":"0"},"tenantId":"contoso",
		"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{"@odata.type":"#microsoft.graph.identitySet",
			"user":{"@odata.type":"#microsoft.graph.identity","id":"bob","tenantId":"contoso"}}}}`
	byID := func(passcode string) string {
		return `{"@odata.type":"#microsoft.graph.call","meetingInfo":{"@odata.type":"#microsoft.graph.joinMeetingIdMeetingInfo","joinMeetingId":"26012345678901","passcode":` + passcode + `}}`
	}
	for link, want := range map[string]string{
		classic:                  byOrganizer,
		"  " + classic + "\n":    byOrganizer,
		url.QueryEscape(classic): byOrganizer,
		strings.Replace(classic, "19%3ameeting_a%40thread.v2", "19%253ameeting_a%2540thread.v2", 1): byOrganizer,
		strings.Replace(classic, "19%3ameeting_a%40thread.v2", "19:meeting_a@thread.v2", 1):         byOrganizer,
		strings.Replace(classic, "teams.microsoft.com", "gov.teams.microsoft.us", 1):                byOrganizer,
		"https://teams.microsoft.com/meet/26012345678901?p=AbC123":                                  byID(`"AbC123"`),
		"https://teams.microsoft.com/meet/26012345678901":                                           byID("null"),
		"https://teams.microsoft.com/l/meetup-join/19%3ac%40thread.tacv2/1?context=%7b%22Tid%22%3a%22t%22%2c%22Oid%22%3a%22o%22%2c%22MessageId%22%3a%227%22%7d": `{
			"@odata.type":"#microsoft.graph.call","chatInfo":{"threadId":"19:c@thread.tacv2","messageId":"1","replyChainMessageId":"7"},"tenantId":"t",
			"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{"@odata.type":"#microsoft.graph.identitySet",
				"user":{"@odata.type":"#microsoft.graph.identity","id":"o","tenantId":"t"}}}}`,
	} {
		call, err := companion.CallFromJoinURL(link)
		require.NoError(t, err, link)
		out, err := json.Marshal(call)
		require.NoError(t, err)
		assert.JSONEq(t, want, string(out), link)
	}
	for link, want := range map[string]string{
		"":                                  "it is not a join URL",
		"%":                                 "it is not a join URL",
		"teams":                             "it is not a join URL",
		"https://teams.microsoft.com/x":     "neither /l/meetup-join/ nor /meet/",
		"https://teams.microsoft.com/meet/": "not a join URL of a known form",
		"https://teams.microsoft.com/l/meetup-join/a/0?context=x":          "no context",
		"https://teams.microsoft.com/l/meetup-join/a/0":                    "no context",
		"https://teams.microsoft.com/l/meetup-join/a/0?context=%7b%7d":     "does not name the organizer",
		"https://teams.microsoft.com/l/meetup-join/%25zz/0?context=%7b%7d": "names no chat",
		"https://teams.microsoft.com/l/meetup-join/a/%25zz?context=%7b%7d": "cannot be read",
		"https://teams.microsoft.com/meet/" + strings.Repeat("1", 9000):    "more than 8192",
	} {
		_, err := companion.CallFromJoinURL(link)
		assert.ErrorContains(t, err, want, link)
	}
}

func TestPrimaryIdentity(t *testing.T) {
	id := func(id string) *communications.Identity { return &communications.Identity{ID: &id} }
	for _, test := range []struct {
		set      communications.AnyIdentitySet
		id, kind string
	}{
		{nil, "", ""},
		{(*communications.IdentitySet)(nil), "", ""},
		{&communications.IdentitySet{}, "", ""},
		{&communications.IdentitySet{User: (*communications.Identity)(nil)}, "", ""},
		{&communications.IdentitySet{User: id("u"), Application: id("a")}, "u", "user"},
		{&communications.IdentitySet{Guest: id("g"), Application: id("a")}, "g", "guest"},
		{&communications.IdentitySet{Phone: id("+1")}, "+1", "phone"},
		{&communications.IdentitySet{ApplicationInstance: id("i"), Application: id("a")}, "i", "applicationInstance"},
		{&communications.IdentitySet{Application: id("a")}, "a", "application"},
		{&communications.IdentitySet{Encrypted: id("e")}, "e", "encrypted"},
		{&communications.IdentitySet{Device: id("d")}, "d", "device"},
	} {
		got, kind := companion.PrimaryIdentity(test.set)
		assert.Equal(t, test.kind, kind)
		if test.id == "" {
			assert.Nil(t, got)
		} else if assert.NotNil(t, got) {
			assert.Equal(t, test.id, *got.ID)
		}
	}
}

func TestIdentityTenant(t *testing.T) {
	assert.Empty(t, companion.IdentityTenant(nil))
	assert.Empty(t, companion.IdentityTenant((*communications.IdentitySet)(nil)))
	assert.Empty(t, companion.IdentityTenant(&communications.IdentitySet{Phone: &communications.Identity{}}))
	bob := &communications.Identity{TenantID: new("contoso")}
	assert.Equal(t, "contoso", companion.IdentityTenant(&communications.IdentitySet{User: bob}))
	assert.Equal(t, "contoso", companion.IdentityTenant(&communications.IdentitySet{Guest: &communications.Identity{}, Application: bob}))
}
