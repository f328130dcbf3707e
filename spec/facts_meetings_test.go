package spec_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/spec/csdl"
)

// meetingTypes are the types of this description that only online meetings lead to. The
// facts of the calling API do not have them: they are compared with the schema of v1.0 and
// the table of what the beta has beyond it.
var meetingTypes = []string{
	"allowedLobbyAdmitterRoles", "attendanceInterval", "attendanceRecord", "attendeeNotificationInfo", "audioConferencing", "bodyType",
	"broadcastMeetingAudience", "broadcastMeetingCaptionSettings", "broadcastMeetingSettings", "callRecording", "callTranscript",
	"chatRestrictions", "cloudVideoInteropInfo", "itemBody", "joinMeetingIdSettings", "lobbyBypassScope", "lobbyBypassSettings",
	"meetingAttendanceReport", "meetingChatHistoryDefaultMode", "meetingChatMode", "meetingLiveShareOptions", "meetingParticipantInfo",
	"meetingParticipants", "onlineMeeting", "onlineMeetingBase", "onlineMeetingPresenters", "onlineMeetingRole",
	"onlineMeetingSensitivityLabelAssignment", "onlineMeetingType", "remindBeforeTimeInMinutesType", "virtualAppointmentMessageType",
	"virtualEventExternalInformation", "virtualEventExternalRegistrationInformation", "watermarkProtectionValues",
}

// betaMeetings is what the beta has of meetings beyond v1.0, as its OpenAPI document states
// it; the values of meetingCapabilities are those of the beta's schema of 2021.
var betaMeetings = map[string]string{
	"attendanceRecord/registrantId":               "property Edm.String",
	"meetingCapabilities":                         "enum: questionAndAnswer, unknownFutureValue",
	"meetingCapabilities/questionAndAnswer":       "member 0",
	"meetingCapabilities/unknownFutureValue":      "member 1",
	"meetingParticipants/contributors":            "property Collection(microsoft.graph.meetingParticipantInfo)",
	"meetingParticipants/producers":               "property Collection(microsoft.graph.meetingParticipantInfo)",
	"onlineMeeting/aiInsights":                    "navigation Collection(microsoft.graph.callAiInsight), contained",
	"onlineMeeting/alternativeRecording":          "property Edm.Stream",
	"onlineMeeting/broadcastRecording":            "property Edm.Stream",
	"onlineMeeting/capabilities":                  "property Collection(microsoft.graph.meetingCapabilities)",
	"onlineMeeting/joinUrl":                       "property Edm.String",
	"onlineMeeting/meetingAttendanceReport":       "navigation microsoft.graph.meetingAttendanceReport, contained",
	"onlineMeeting/recording":                     "property Edm.Stream",
	"onlineMeeting/registration":                  "navigation microsoft.graph.meetingRegistration, contained",
	"onlineMeetingBase/anonymizeIdentityForRoles": "property Collection(microsoft.graph.onlineMeetingRole)",
}

// addMeetings adds what is known of online meetings.
func addMeetings(t *testing.T, known map[string]string) {
	t.Helper()
	file := shared.Path(t, "metadata", "graph-v1.0.csdl.xml")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	m, err := csdl.Read(file, data)
	require.NoError(t, err)
	for element, what := range statements(m) {
		if isOfMeetings(element) {
			known[element] = strings.Replace(what, ", computed", "", 1)
		}
	}
	for element, what := range betaMeetings {
		typ, member, ok := strings.Cut(element, "/")
		known["microsoft.graph."+element] = what
		if of := known["microsoft.graph."+typ]; ok && !strings.HasPrefix(of, "enum") {
			known["microsoft.graph."+typ] = withMember(of, member, strings.HasPrefix(what, "navigation"))
		}
	}
}

// isOfMeetings reports whether an element is a type of online meetings, or of one, or bound
// to one.
func isOfMeetings(element string) bool {
	name := strings.TrimPrefix(element, "microsoft.graph.")
	if _, rest, ok := strings.Cut(name, "("); ok {
		binding, _, _ := strings.Cut(strings.TrimPrefix(rest, "Collection("), ")")
		return slices.Contains([]string{"onlineMeeting", "callRecording", "callTranscript"}, strings.TrimPrefix(binding, "microsoft.graph."))
	}
	typ, _, _ := strings.Cut(name, "/")
	_, beta := betaMeetings[typ]
	return beta || slices.Contains(meetingTypes, typ)
}

// withMember adds a member to what is known of a type: "entity: a, c(x)" and b is
// "entity: a, b, c(x)".
func withMember(what, member string, navigation bool) string {
	head, list, _ := strings.Cut(what, ": ")
	own, nav, _ := strings.Cut(strings.TrimSuffix(list, ")"), "(")
	names := func(list string) []string {
		if list == "" {
			return nil
		}
		return strings.Split(list, ", ")
	}
	properties, navigations := names(own), names(nav)
	if navigation {
		navigations = append(navigations, member)
	} else {
		properties = append(properties, member)
	}
	byCase := func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }
	slices.SortFunc(properties, byCase)
	slices.SortFunc(navigations, byCase)
	return head + order(properties, navigations)
}
