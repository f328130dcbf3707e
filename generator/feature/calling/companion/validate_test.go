package companion_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generator/feature/calling/companion"
)

// commas are those before a closing bracket, which the page prints and JSON has not.
var commas = regexp.MustCompile(`,(\s*[}\]])`)

func TestRequestsOfThePageAreValid(t *testing.T) {
	files, err := filepath.Glob("../../../../generated/testdata/seed/ex*-request*.json")
	require.NoError(t, err)
	require.Len(t, files, 12)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		call := new(communications.Call)
		require.NoError(t, communications.Unmarshal(commas.ReplaceAll(text, []byte("$1")), call), file)
		assert.NoError(t, companion.ValidateCall(call), file)
	}
}

// TestValidateCall changes one thing of a call that is as it should be.
func TestValidateCall(t *testing.T) {
	for name, test := range map[string]struct {
		change func(c *communications.Call)
		want   []string // "" for a call that is still valid
	}{
		"as it should be":      {func(*communications.Call) {}, nil},
		"no callback address":  {func(c *communications.Call) { c.CallbackURI = nil }, []string{"callbackUri: is missing"}},
		"a relative address":   {func(c *communications.Call) { c.CallbackURI = new("/callback") }, []string{`callbackUri: "/callback" is not an absolute URL`}},
		"an address of http":   {func(c *communications.Call) { c.CallbackURI = new("http://a.b/c") }, []string{`callbackUri: "http://a.b/c" must begin with https://`}},
		"a bot under test":     {func(c *communications.Call) { c.CallbackURI = new("http://127.0.0.1:80/c") }, nil},
		"no media":             {func(c *communications.Call) { c.MediaConfig = nil }, []string{"mediaConfig: is missing"}},
		"media of a nil":       {func(c *communications.Call) { c.MediaConfig = (*communications.ServiceHostedMediaConfig)(nil) }, []string{"mediaConfig: is missing"}},
		"media of no kind":     {func(c *communications.Call) { c.MediaConfig = &communications.MediaConfig{} }, []string{"mediaConfig: microsoft.graph.mediaConfig is abstract: use one of the types derived from it"}},
		"media without a blob": {func(c *communications.Call) { c.MediaConfig = &communications.AppHostedMediaConfig{} }, []string{"mediaConfig.blob: is missing"}},
		"options of no kind":   {func(c *communications.Call) { c.CallOptions = &communications.CallOptions{} }, []string{"callOptions: microsoft.graph.callOptions is abstract: use one of the types derived from it"}},
		"options":              {func(c *communications.Call) { c.CallOptions = &communications.OutgoingCallOptions{} }, nil},
		"nobody":               {func(c *communications.Call) { c.Targets = nil }, []string{"targets: is missing, and so is meetingInfo: set one of them"}},
		"somebody and a meeting": {func(c *communications.Call) {
			c.MeetingInfo = &communications.JoinMeetingIDMeetingInfo{JoinMeetingID: new("1")}
		}, []string{"targets: must be empty if meetingInfo is set: a call either calls targets or joins a meeting"}},
		"six":           {func(c *communications.Call) { c.Targets = append(c.Targets, users(5)...) }, []string{"targets: 6 are too many: a group call supports 5 users"}},
		"five":          {func(c *communications.Call) { c.Targets = users(5) }, nil},
		"a nil":         {func(c *communications.Call) { c.Targets = append(c.Targets, nil) }, []string{"targets[1].identity: is missing"}},
		"who?":          {func(c *communications.Call) { c.Targets[0].Identity = nil }, []string{"targets[0].identity: is missing"}},
		"a phone":       {func(c *communications.Call) { c.Targets[0].Identity = phone() }, []string{"source.identity.applicationInstance: is missing: calling a phone number requires an application instance with a phone number"}},
		"from a phone":  {func(c *communications.Call) { c.Targets[0].Identity = phone(); c.Source = instance() }, nil},
		"a meeting":     {joins(&communications.JoinMeetingIDMeetingInfo{JoinMeetingID: new("1")}), nil},
		"no meeting id": {joins(&communications.JoinMeetingIDMeetingInfo{}), []string{"meetingInfo.joinMeetingId: is missing"}},
		"no token":      {joins(&communications.TokenMeetingInfo{}), []string{"meetingInfo.token: is missing"}},
		"no organizer":  {joins(&communications.OrganizerMeetingInfo{}), []string{"meetingInfo.organizer: is missing", "chatInfo.threadId: is missing: joining by organizer requires the chat of the meeting"}},
		"no meeting":    {joins((*communications.MeetingInfo)(nil)), []string{"meetingInfo: is missing"}},
		"a meeting of no kind": {joins(&communications.MeetingInfo{}), []string{
			"meetingInfo: microsoft.graph.meetingInfo is abstract: use one of the types derived from it"}},
		"what the service says": {func(c *communications.Call) {
			c.State, c.ResultInfo, c.ID = communications.CallStateEstablished, new(communications.ResultInfo), "1"
		}, []string{"id: is read-only: leave it empty", "resultInfo: is read-only: leave it empty", "state: is read-only: leave it empty"}},
		"all at once": {func(c *communications.Call) { *c = communications.Call{} }, []string{"callbackUri: is missing", "mediaConfig: is missing",
			"targets: is missing, and so is meetingInfo: set one of them"}},
	} {
		call := &communications.Call{
			CallbackURI: new("https://bot.contoso.com/callback"), Targets: users(1), MediaConfig: &communications.ServiceHostedMediaConfig{},
		}
		test.change(call)
		err := companion.ValidateCall(call)
		if test.want == nil {
			assert.NoError(t, err, name)
			continue
		}
		assert.EqualError(t, err, strings.Join(test.want, "\n"), name)
	}
	assert.EqualError(t, companion.ValidateCall(nil), "the call is nil: pass the one to create")
}

// TestUnknownKindsThatWereDecoded go back as they came: a newer service may know them.
func TestUnknownKindsThatWereDecoded(t *testing.T) {
	call := new(communications.Call)
	require.NoError(t, communications.Unmarshal([]byte(`{"callbackUri":"https://a.b/c","mediaConfig":{"@odata.type":"#microsoft.graph.otherMediaConfig"},
		"meetingInfo":{"@odata.type":"#microsoft.graph.otherMeetingInfo"},"callOptions":{"@odata.type":"#microsoft.graph.otherCallOptions"}}`), call))
	assert.NoError(t, companion.ValidateCall(call))
}

// TestAbstractTypesByTheirNames are no kinds either, wherever they come from.
func TestAbstractTypesByTheirNames(t *testing.T) {
	call := &communications.Call{CallbackURI: new("https://a.b/c"), Targets: users(1)}
	var err error
	call.MediaConfig, err = communications.UnmarshalAnyMediaConfig([]byte(`{"@odata.type":"#microsoft.graph.mediaConfig"}`))
	require.NoError(t, err)
	assert.ErrorContains(t, companion.ValidateCall(call), "mediaConfig: microsoft.graph.mediaConfig is abstract")
}

func users(n int) []*communications.InvitationParticipantInfo {
	var list []*communications.InvitationParticipantInfo
	for range n {
		list = append(list, &communications.InvitationParticipantInfo{
			Identity: &communications.IdentitySet{User: &communications.Identity{ID: new("112f7296-5fa4-42ca-bae8-6a692b15d4b8")}},
		})
	}
	return list
}

func phone() *communications.IdentitySet {
	return &communications.IdentitySet{Phone: &communications.Identity{ID: new("+12345678901")}}
}

func instance() *communications.ParticipantInfo {
	return &communications.ParticipantInfo{Identity: &communications.IdentitySet{ApplicationInstance: &communications.Identity{ID: new("3d913abb")}}}
}

func joins(info communications.AnyMeetingInfo) func(c *communications.Call) {
	return func(c *communications.Call) { c.Targets, c.MeetingInfo = nil, info }
}
