package communicationstest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// object is a JSON object.
type object = map[string]any

// variation replaces names, ids and numbers of the page by others.
type variation struct {
	name     string
	replacer *strings.Replacer
	bot      communicationstest.Option
}

// variations are the page itself, and the page with everything else in it.
func variations() []variation {
	const name, id, tenant = "Calling Bot", "2891555a-92ff-42e6-80fa-6e1300c6b5c6", "aa67bd4c-8475-432d-bd41-39f255720e0a"
	return []variation{
		{"the page", strings.NewReplacer(), communicationstest.Bot(name, id, tenant)},
		{"others", strings.NewReplacer(
			name, "Another Bot", id, "another-bot", tenant, "another-tenant", "86dc81db-c112-4228-9222-63f3esaa1edb", "a-third-tenant",
			"9f386a15-f9cc-445b-8106-ac85e314a07b", "another-tenant",
			`"John"`, `"Jane"`, "112f7296-5fa4-42ca-bae8-6a692b15d4b8", "jane", "98da8a1a-1b87-452c-a713-65d3f10b5555", "one",
			"bf5aae9a-d11d-47a8-93b1-782504c95555", "two", "TestBot", "Bot of a test", `"Bob"`, `"Alice"`, "5810cede-f3cc-42eb-b2c1-e9bd5d53ec96", "alice",
			"19:meeting_Win6Ydo4wsMijFjZS00ZGVjLTk5MGUtOTRjNWY2NmNkYTFm@thread.v2", "19:meeting_other@thread.v2",
			"19:cbee7c1c860e465f8258e3cebf7bee0d@thread.skype", "19:other@thread.skype", "1533758867081", "42", "1234567", "7654321",
			"psw123", "321wsp", "Guest User", "Somebody", "d7a3b999-17ac-4bca-9e77-e6a730d2ec2e", "a-guest", "+12345678901", "+4930123456",
			"3d913abb-aec0-4964-8fa6-3c6850c4f278", "an-instance", "<Media Session Configuration>", "{}", "beep.wav", "ding.wav",
			"Create a group call with", "A call with",
		), communicationstest.Bot("Another Bot", "another-bot", "another-tenant")},
	}
}

// document is a document of the page, varied and repaired.
func (v variation) document(t *testing.T, pattern string) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "testdata", "seed", pattern))
	require.NoError(t, err)
	require.Len(t, files, 1, pattern)
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	return []byte(v.replacer.Replace(string(commas.ReplaceAll(text, []byte("$1")))))
}

func decode(t *testing.T, text []byte) object {
	t.Helper()
	var o object
	require.NoError(t, json.Unmarshal(text, &o), "%s", text)
	return o
}

// mailbox is the callback address of a bot that keeps what it gets.
type mailbox struct {
	url string

	mu   sync.Mutex
	mail [][]byte
}

func newMailbox(t *testing.T) *mailbox {
	m := new(mailbox)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		m.mu.Lock()
		defer m.mu.Unlock()
		m.mail = append(m.mail, body)
	}))
	t.Cleanup(server.Close)
	m.url = server.URL + "/callback"
	return m
}

// take waits for the service and empties the box, without the notifications of media, which
// the page does not show. Each post has one notification.
func (m *mailbox) take(t *testing.T, s *communicationstest.Service) []object {
	t.Helper()
	require.Empty(t, s.Settle())
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []object
	for _, body := range m.mail {
		envelope := decode(t, body)
		assert.Equal(t, "#microsoft.graph.commsNotifications", envelope["@odata.type"])
		require.Len(t, envelope["value"], 1)
		n := envelope["value"].([]any)[0].(object)
		if data, ok := n["resourceData"].(object); ok && data["mediaState"] != nil {
			continue
		}
		list = append(list, n)
	}
	m.mail = nil
	return list
}

// send posts a request as it is printed, but for the callback address.
func send(t *testing.T, s *communicationstest.Service, m *mailbox, body []byte) (*http.Response, object) {
	t.Helper()
	text := strings.Replace(string(body), "https://bot.contoso.com/callback", m.url, 1)
	return post(t, s, "Bearer token", text)
}

func post(t *testing.T, s *communicationstest.Service, authorization, body string) (*http.Response, object) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, s.URL+"/communications/calls", bytes.NewReader([]byte(body)))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", authorization)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, decode(t, answer)
}

// slips are members in which an answer of the page does not go with its request.
var slips = map[int]map[string]string{
	1:  {"$.mediaConfig.preFetchMedia": "files that were not asked for"},
	3:  {"$.mediaConfig.removeFromDefaultAudioGroup": "asked for, and answered in example 4"},
	5:  {"$.tenantId": "another than asked for", "$.meetingInfo.organizer.user.tenantId": "another than asked for"},
	6:  {"$.chatInfo.threadId": "the service knows the chat"},
	7:  {"$.chatInfo.threadId": "the service knows the chat"},
	9:  {"$.chatInfo.threadId": "another than asked for"},
	10: {"$.chatInfo.threadId": "another than asked for"},
	11: {"$.mediaConfig.preFetchMedia": "files that were not asked for"},
}

// made are the ids that the service makes up.
var made = []string{"$.id", "$.callChainId", "$.myParticipantId"}

// differences lists where two values differ. What is null is not there, and a type that one
// of them names and the other does not is what the schema says anyway.
func differences(path string, want, got any) []string {
	switch w := want.(type) {
	case object:
		g, ok := got.(object)
		if !ok {
			return []string{fmt.Sprintf("%s: %v, want an object", path, got)}
		}
		names := maps.Clone(w)
		maps.Copy(names, g)
		var diff []string
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if name == "@odata.type" && (w[name] == nil || g[name] == nil) {
				continue
			}
			diff = append(diff, differences(path+"."+name, w[name], g[name])...)
		}
		return diff
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return []string{fmt.Sprintf("%s: %v, want %v", path, got, want)}
		}
		var diff []string
		for i := range w {
			diff = append(diff, differences(fmt.Sprintf("%s[%d]", path, i), w[i], g[i])...)
		}
		return diff
	}
	if want != got {
		return []string{fmt.Sprintf("%s: %v, want %v", path, got, want)}
	}
	return nil
}

// without leaves out the differences at paths, and below them.
func without(diff []string, paths ...string) []string {
	return slices.DeleteFunc(diff, func(d string) bool {
		return slices.ContainsFunc(paths, func(p string) bool {
			return strings.HasPrefix(d, p+":") || strings.HasPrefix(d, p+".") || strings.HasPrefix(d, p+"[")
		})
	})
}

// TestAnswersOfThePage posts the twelve requests of the page, as printed and with everything
// replaced that can be, and holds the answers against the page's.
func TestAnswersOfThePage(t *testing.T) {
	for _, v := range variations() {
		s, m := start(t, v.bot, communicationstest.InOrder()), newMailbox(t)
		for example := 1; example <= 12; example++ {
			name := fmt.Sprintf("%s, example %d", v.name, example)
			resp, got := send(t, s, m, v.document(t, fmt.Sprintf("ex%02d-request*.json", example)))
			require.Equal(t, http.StatusCreated, resp.StatusCode, "%s: %v", name, got)
			assert.Equal(t, s.URL+"/communications/calls/"+got["id"].(string), resp.Header.Get("Location"), name)

			want := decode(t, v.document(t, fmt.Sprintf("ex%02d-response*.json", example)))
			want["callbackUri"], want["@odata.context"] = m.url, s.URL+"/$metadata#app/calls/$entity"
			left := without(differences("$", want, got), made...)
			assert.Empty(t, without(left, slices.Collect(maps.Keys(slips[example]))...), name)
			for _, path := range made {
				assert.NotEmpty(t, got[strings.TrimPrefix(path, "$.")], "%s: %s", name, path)
			}
		}
		assert.Empty(t, s.Problems(), v.name)
	}
}

// notificationOf is a notification of the page, with the ids of a call.
func (v variation) notificationOf(t *testing.T, pattern string, m *mailbox, call object) object {
	t.Helper()
	n := decode(t, v.document(t, pattern))["value"].([]any)[0].(object)
	for _, name := range []string{"resourceUrl", "resource"} {
		if path, ok := n[name].(string); ok {
			parts := strings.Split(path, "/")
			parts[3] = call["id"].(string)
			n[name] = strings.Join(parts, "/")
		}
	}
	if n["callbackUri"] != nil {
		n["callbackUri"] = m.url
	}
	return n
}

// TestStatesOfThePage holds the notifications of states, which all twelve calls have, against
// the two examples that show them: for calls to somebody and for those into a meeting.
func TestStatesOfThePage(t *testing.T) {
	for _, v := range variations() {
		s, m := start(t, v.bot, communicationstest.InOrder()), newMailbox(t)
		for _, example := range []int{1, 5} {
			_, call := send(t, s, m, v.document(t, fmt.Sprintf("ex%02d-request.json", example)))
			got := m.take(t, s)
			require.GreaterOrEqual(t, len(got), 2)
			for i, state := range []string{"establishing", "established"} {
				want := v.notificationOf(t, fmt.Sprintf("ex%02d-notification-%s.json", example, state), m, call)
				left := without(differences("$", want, got[i]), "$.resourceData.id", "$.resourceData.meetingInfo.organizer.user.tenantId",
					"$.resourceData.chatInfo.replyChainMessageId")
				assert.Empty(t, left, "%s, example %d", v.name, example)
				assert.Equal(t, call["id"], got[i]["resourceData"].(object)["id"])
			}
		}
	}
}

// TestCallsToOneAreToldOfStatesOnly is the note of example 2.
func TestCallsToOneAreToldOfStatesOnly(t *testing.T) {
	for _, v := range variations() {
		for _, example := range []int{1, 2, 11, 12} {
			s, m := start(t, v.bot, communicationstest.InOrder()), newMailbox(t)
			_, call := send(t, s, m, v.document(t, fmt.Sprintf("ex%02d-request.json", example)))
			id := call["id"].(string)
			_, err := s.Join(id, &communications.Participant{})
			require.NoError(t, err)
			got := m.take(t, s)
			require.Len(t, got, 2, "%s, example %d", v.name, example)
			for _, n := range got {
				assert.Equal(t, "/communications/calls/"+id, n["resourceUrl"])
			}
		}
	}
}

// TestContentSharingOfThePage shares content in the call of example 1, which has asked to be
// told, and in that of example 2, which has not.
func TestContentSharingOfThePage(t *testing.T) {
	for _, v := range variations() {
		s, m := start(t, v.bot, communicationstest.InOrder()), newMailbox(t)
		_, call := send(t, s, m, v.document(t, "ex01-request.json"))
		m.take(t, s)
		id := call["id"].(string)
		session, err := s.Share(id)
		require.NoError(t, err)
		require.NoError(t, s.ShareAgain(id, session))
		require.NoError(t, s.StopSharing(id, session))
		assert.Error(t, s.StopSharing(id, session), "it has ended")
		got := m.take(t, s)
		require.Len(t, got, 3, v.name)
		for i, step := range []string{"started", "updated", "ended"} {
			want := v.notificationOf(t, "ex01-notification-content-sharing-"+step+".json", m, call)
			assert.Empty(t, without(differences("$", want, got[i]), "$.resourceData[0].id"), v.name)
			assert.Equal(t, session, got[i]["resourceData"].([]any)[0].(object)["id"], "an array of one")
		}

		_, other := send(t, s, m, v.document(t, "ex02-request.json"))
		m.take(t, s)
		_, err = s.Share(other["id"].(string))
		require.NoError(t, err)
		assert.Empty(t, m.take(t, s))
	}
}

// withDeltas asks for delta rosters.
func withDeltas(t *testing.T, request []byte) []byte {
	o := decode(t, request)
	o["callOptions"] = object{"@odata.type": "#microsoft.graph.outgoingCallOptions", "isDeltaRosterEnabled": true}
	text, err := json.Marshal(o)
	require.NoError(t, err)
	return text
}

// participantsOf returns the participants of a notification of the page or of the service, by
// the name of who it is, without the ids that a service makes.
func participantsOf(list any) object {
	all := object{}
	for _, item := range list.([]any) {
		p := maps.Clone(item.(object))
		delete(p, "id")
		for _, who := range p["info"].(object)["identity"].(object) {
			if who, ok := who.(object); ok {
				all[who["displayName"].(string)] = p
			}
		}
	}
	return all
}

// john is the participant of a notification of the page that is not the bot.
func john(t *testing.T, n object) *communications.Participant {
	text, err := json.Marshal(n["resourceData"].([]any)[0])
	require.NoError(t, err)
	p := new(communications.Participant)
	require.NoError(t, communications.Unmarshal(text, p))
	p.ID = ""
	return p
}

// TestRosterOfThePage lets somebody join the meeting of example 5.
func TestRosterOfThePage(t *testing.T) {
	for _, v := range variations() {
		s, m := start(t, v.bot, communicationstest.InOrder()), newMailbox(t)
		_, call := send(t, s, m, v.document(t, "ex05-request.json"))
		id := call["id"].(string)
		want := v.notificationOf(t, "ex05-notification-roster-delta-off.json", m, call)
		_, err := s.Join(id, john(t, want))
		require.NoError(t, err)
		got := m.take(t, s)
		require.Len(t, got, 4, "two states, the bot, and the bot with John")
		assert.Len(t, got[2]["resourceData"], 1, "an array of one")
		assert.Empty(t, without(differences("$", want, got[3]), "$.resourceData"), v.name)
		assert.Empty(t, differences("$", participantsOf(want["resourceData"]), participantsOf(got[3]["resourceData"])), v.name)
	}
}

// TestDeltaRosterOfThePage does so with deltas, and lets the bot be removed.
func TestDeltaRosterOfThePage(t *testing.T) {
	for _, v := range variations() {
		s, m := start(t, v.bot, communicationstest.InOrder()), newMailbox(t)
		_, call := send(t, s, m, withDeltas(t, v.document(t, "ex05-request.json")))
		id := call["id"].(string)
		_, err := s.Join(id, john(t, v.notificationOf(t, "ex05-notification-roster-delta-off.json", m, call)))
		require.NoError(t, err)
		require.NoError(t, s.Leave(id, call["myParticipantId"].(string)))
		got := m.take(t, s)
		require.Len(t, got, 5, "two states, the bot came, John came, the bot left")

		want := v.notificationOf(t, "ex05-notification-roster-delta-on.json", m, call)
		all := object{}
		for i, n := range got[3:] {
			assert.Empty(t, without(differences("$", want, n), "$.resourceData"), v.name)
			delta := n["resourceData"].([]any)[0].(object)
			assert.EqualValues(t, i+2, delta["sequenceNumber"])
			assert.Equal(t, "#microsoft.graph.deltaParticipants", delta["@odata.type"])
			maps.Copy(all, participantsOf(delta["participants"]))
		}
		wanted := participantsOf(want["resourceData"].([]any)[0].(object)["participants"])
		var left []string
		for _, d := range differences("$", wanted, all) {
			if !strings.Contains(d, ".rosterSequenceNumber") && !strings.Contains(d, ".removedState.reason") {
				left = append(left, d)
			}
		}
		assert.Empty(t, left, v.name)
	}
}

// TestGuestOfThePage joins the meeting of example 10 as a guest, who waits in the lobby.
func TestGuestOfThePage(t *testing.T) {
	for _, v := range variations() {
		for _, deltas := range []bool{false, true} {
			s, m := start(t, v.bot, communicationstest.InOrder()), newMailbox(t)
			request, file := v.document(t, "ex10-request.json"), "ex10-notification-roster-delta-off.json"
			if deltas {
				request, file = withDeltas(t, request), "ex10-notification-roster-delta-on.json"
			}
			_, call := send(t, s, m, request)
			id := call["id"].(string)
			_, err := s.Join(id, &communications.Participant{Info: &communications.ParticipantInfo{
				Identity: &communications.IdentitySet{User: &communications.Identity{DisplayName: new("John")}},
			}})
			require.NoError(t, err)
			got := m.take(t, s)
			require.Len(t, got, 3, "two states, and the guest: who else is there it may not know yet")
			want := v.notificationOf(t, file, m, call)
			assert.Empty(t, without(differences("$", want, got[2]), "$.resourceData"), v.name)
			assert.Empty(t, without(differences("$", roster(want), roster(got[2])), "$."+v.replacer.Replace("Guest User")+".rosterSequenceNumber"), v.name)

			require.NoError(t, s.Admit(id))
			got = m.take(t, s)
			require.Len(t, got, 1)
			admitted := roster(got[0])
			assert.Len(t, admitted, 2, "the guest and John")
			assert.Equal(t, false, admitted[v.replacer.Replace("Guest User")].(object)["isInLobby"])
		}
	}
}

// roster is who is in a notification, whole or a delta.
func roster(n object) object {
	first := n["resourceData"].([]any)[0].(object)
	if list, ok := first["participants"]; ok {
		return participantsOf(list)
	}
	return participantsOf(n["resourceData"])
}

// TestGroupCallsAreToldOfTheirRoster lets the two users of example 3 answer.
func TestGroupCallsAreToldOfTheirRoster(t *testing.T) {
	s, m := start(t, communicationstest.InOrder()), newMailbox(t)
	send(t, s, m, variations()[0].document(t, "ex03-request.json"))
	got := m.take(t, s)
	require.Len(t, got, 3)
	assert.ElementsMatch(t, []string{"TestBot", "user1", "user2"}, slices.Collect(maps.Keys(roster(got[2]))))
}

// TestWhatThePageRulesOut is refused with errors in the service's form.
func TestWhatThePageRulesOut(t *testing.T) {
	s := start(t)
	callback := `"callbackUri":"` + newMailbox(t).url + `"`
	const (
		media = `"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"}`
		user  = `{"identity":{"user":{"id":"112f7296-5fa4-42ca-bae8-6a692b15d4b8"}}}`
		join  = `"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{"user":{"id":"1"}}}`
	)
	valid := "{" + callback + "," + media + `,"targets":[` + user + "]}"
	for name, test := range map[string]struct {
		authorization, body string
		status              int
		code, message       string
	}{
		"nothing at all":    {"Bearer x", `{}`, 400, "BadRequest", "callbackUri: is missing"},
		"six targets":       {"Bearer x", "{" + callback + "," + media + `,"targets":[` + strings.Repeat(user+",", 5) + user + "]}", 400, "BadRequest", "targets: 6 are too many"},
		"organizer alone":   {"Bearer x", "{" + callback + "," + media + "," + join + "}", 400, "BadRequest", "chatInfo.threadId: is missing"},
		"read-only members": {"Bearer x", "{" + callback + "," + media + `,"targets":[` + user + `],"state":"established","resultInfo":{"code":200}}`, 400, "BadRequest", "state: is read-only"},
		"an abstract type":  {"Bearer x", "{" + callback + `,"mediaConfig":{"@odata.type":"#microsoft.graph.mediaConfig"},"targets":[` + user + "]}", 400, "BadRequest", "mediaConfig"},
		"basic":             {"Basic x", valid, 401, "InvalidAuthenticationToken", "no bearer token"},
		"a bearer of none":  {"Bearer ", valid, 401, "InvalidAuthenticationToken", "no bearer token"},
		"no authorization":  {"", valid, 401, "InvalidAuthenticationToken", "Access token is empty"},
	} {
		resp, body := post(t, s, test.authorization, test.body)
		assert.Equal(t, test.status, resp.StatusCode, name)
		e, _ := body["error"].(object)
		assert.Equal(t, test.code, e["code"], name)
		assert.Contains(t, e["message"], test.message, name)
	}
	resp, _ := post(t, s, "Bearer x", valid)
	assert.Equal(t, http.StatusCreated, resp.StatusCode)
}

// permissions are what the page says that its examples need: one of each list. Examples 6, 7
// and 8 say nothing; they join scheduled meetings, as example 5 does.
var permissions = map[int][][]string{
	1:  {{"Calls.Initiate.All"}},
	2:  {{"Calls.Initiate.All"}, {"Calls.AccessMedia.All"}},
	3:  {{"Calls.InitiateGroupCall.All"}},
	4:  {{"Calls.InitiateGroupCall.All"}, {"Calls.AccessMedia.All"}},
	5:  {{"Calls.JoinGroupCall.All", "Calls.JoinGroupCalls.Chat"}},
	6:  {{"Calls.JoinGroupCall.All", "Calls.JoinGroupCalls.Chat"}},
	7:  {{"Calls.JoinGroupCall.All", "Calls.JoinGroupCalls.Chat"}},
	8:  {{"Calls.JoinGroupCall.All", "Calls.JoinGroupCalls.Chat"}, {"Calls.AccessMedia.All"}},
	9:  {{"Calls.JoinGroupCall.All"}},
	10: {{"Calls.JoinGroupCallAsGuest.All"}},
	11: {{"Calls.Initiate.All"}},
	12: {{"Calls.Initiate.All"}, {"Calls.AccessMedia.All"}},
}

// TestGranted grants every set of permissions that has one of each kind, and for each
// example holds whether it may call against the page.
func TestGranted(t *testing.T) {
	all := []string{
		"Calls.JoinGroupCalls.Chat", "Calls.Initiate.All", "Calls.InitiateGroupCall.All", "Calls.JoinGroupCall.All",
		"Calls.JoinGroupCallAsGuest.All",
	}
	v := variations()[0]
	for _, one := range append([]string{""}, all...) {
		for _, media := range []string{"", "Calls.AccessMedia.All"} {
			s, m := start(t, communicationstest.Granted(one, media)), newMailbox(t)
			for example := 1; example <= 12; example++ {
				want := http.StatusCreated
				for _, list := range permissions[example] {
					if !slices.Contains(list, one) && !slices.Contains(list, media) {
						want = http.StatusForbidden
					}
				}
				resp, body := send(t, s, m, v.document(t, fmt.Sprintf("ex%02d-request*.json", example)))
				assert.Equal(t, want, resp.StatusCode, "example %d with %q and %q", example, one, media)
				if e, ok := body["error"].(object); ok {
					assert.Equal(t, "7504", e["code"])
					assert.Equal(t, "Insufficient enterprise tenant permissions, cannot access this API.", e["message"])
					assert.Contains(t, e["innerError"].(object)["message"], "Calls.")
				}
			}
		}
	}
}

// TestMeetingThatTheServiceKnows joins a meeting that was created, the first step of four
// examples, by its chat and organizer and by its meeting id.
func TestMeetingThatTheServiceKnows(t *testing.T) {
	s, m := start(t), newMailbox(t)
	client := s.Client().Communications()
	meeting := new(communications.OnlineMeeting)
	require.NoError(t, communications.Unmarshal([]byte(`{"chatInfo":{"threadId":"19:meeting_a@thread.v2","messageId":"0"},
		"participants":{"organizer":{"identity":{"user":{"id":"bob","tenantId":"contoso"}}}},"joinMeetingIdSettings":{"joinMeetingId":"77","passcode":"x"}}`), meeting))
	made, err := client.OnlineMeetings().Create(t.Context(), meeting)
	require.NoError(t, err)
	known, err := client.OnlineMeetings().ByID(made.ID).Get(t.Context())
	require.NoError(t, err)
	for _, from := range []func(*communications.OnlineMeeting) (*communications.Call, error){communications.CallFromMeeting, communications.CallFromMeetingID} {
		call, err := from(known)
		require.NoError(t, err)
		call.CallbackURI, call.MediaConfig = &m.url, &communications.ServiceHostedMediaConfig{}
		joined, err := client.Calls().Create(t.Context(), call)
		require.NoError(t, err)
		assert.Equal(t, "19:meeting_a@thread.v2", *joined.ChatInfo.ThreadID)
		assert.Equal(t, "contoso", *joined.TenantID)
	}
	assert.Empty(t, s.Problems())
}

// TestMeetingsByTheirKeys finds a meeting by its join URL, and by its meeting id.
func TestMeetingsByTheirKeys(t *testing.T) {
	s := start(t)
	meetings := s.Client().Communications().OnlineMeetings()
	const address = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_a%40thread.v2/0?context=%7b'Tid'%7d"
	given := new(communications.OnlineMeeting)
	given.JoinWebURL, given.JoinMeetingIDSettings = new(address), &communications.JoinMeetingIDSettings{JoinMeetingID: new("1234567")}
	made, err := meetings.Create(t.Context(), given)
	require.NoError(t, err)
	found, err := meetings.ByJoinWebURL(address).Get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, made.ID, found.ID)
	changed, err := meetings.ByJoinWebURL(address).Update(t.Context(), &communications.OnlineMeeting{IsBroadcast: new(true)})
	require.NoError(t, err)
	assert.True(t, *changed.IsBroadcast)
	_, err = meetings.ByJoinWebURL("https://teams.microsoft.com/other").Get(t.Context())
	assert.True(t, communications.IsNotFound(err), "%v", err)
	for key, want := range map[string]int{"joinMeetingId='1234567'": 200, "joinMeetingId='1'": 404, "joinCode='1'": 404, "joinMeetingId='1": 404} {
		req, err := http.NewRequest(http.MethodGet, s.URL+"/communications/onlineMeetings("+key+")", nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer x")
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		resp.Body.Close()
		assert.Equal(t, want, resp.StatusCode, key)
	}
}
