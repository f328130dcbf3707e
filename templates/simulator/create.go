package simulator

import (
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
)

// newCall makes a call, which begins with the request's answer.
func (q *query) newCall() {
	if problems := problemsOf(q.given); len(problems) > 0 {
		q.fail(http.StatusBadRequest, "BadRequest", strings.Join(problems, "\n"))
		return
	}
	if lacks := q.lacking(q.given); lacks != "" {
		q.refuse(q.w, q.r, http.StatusForbidden, "7504", "Insufficient enterprise tenant permissions, cannot access this API.",
			"the simulator has not been granted "+lacks)
		return
	}
	made := q.answerTo(q.given)
	id := made["id"].(string)
	q.entities.put(callsPath+"/"+id, made)
	q.w.Header().Set("Location", q.URL+callsPath+"/"+id)
	answer := maps.Clone(made)
	delete(answer, "callOptions") // the page shows none
	q.reply(http.StatusCreated, answer)

	c := &liveCall{id: id}
	q.calls[id] = c
	q.setState(id, "establishing", nil)
	q.keepAlive(c)
	if made["meetingInfo"] != nil {
		q.later(c, connecting, q.timing.Connect, func() { q.establish(c) })
		return
	}
	q.callAll(c)
}

// answerTo returns the call that the service makes of a request.
func (q *query) answerTo(given object) object {
	made := maps.Clone(given)
	maps.Copy(made, object{
		"@odata.type": "#microsoft.graph.call", "@odata.context": q.URL + "/$metadata#app/calls/$entity", "id": q.newID(),
		"state": "establishing", "direction": "outgoing", "myParticipantId": q.newID(), "callRoutes": []any{},
		"source": q.source(given), "targets": targets(given), "chatInfo": q.chat(given),
	})
	for name, v := range map[string]func() any{
		"callChainId":      func() any { return q.newID() },
		"routingPolicies":  func() any { return []any{} },
		"activeModalities": func() any { return []any{} },
		"tenantId":         func() any { return q.tenant(given) },
	} {
		if made[name] == nil && q.model.has("call", name) {
			made[name] = v()
		}
	}
	for _, name := range []string{
		"meetingInfo", "subject", "terminationReason", "ringingTimeoutInSeconds", "mediaState", "resultInfo", "answeredBy", "meetingCapability", "toneInfo",
		"transcription",
	} {
		if q.model.has("call", name) {
			withNulls(made, name)
		}
	}
	return made
}

// withNulls adds members that are null, unless they are there.
func withNulls(o object, names ...string) {
	for _, name := range names {
		if _, ok := o[name]; !ok {
			o[name] = nil
		}
	}
}

// source is who calls: who the request says, or the bot's application.
func (q *query) source(given object) object {
	source, ok := given["source"].(object)
	if !ok {
		source = object{"@odata.type": "#microsoft.graph.participantInfo", "identity": q.self.identity()}
	}
	source = maps.Clone(source)
	withNulls(source, "countryCode", "endpointType", "region", "languageId")
	return source
}

// targets are those of the request, as invitations whatever they were; none in a meeting.
func targets(given object) []any {
	all := []any{}
	list, _ := given["targets"].([]any)
	for _, item := range list {
		o, _ := item.(object)
		target := maps.Clone(o)
		target["@odata.type"] = "#microsoft.graph.invitationParticipantInfo"
		withNulls(target, "endpointType", "region", "replacesCallId", "languageId")
		all = append(all, target)
	}
	return all
}

// chat is the chat of the meeting that a call joins. That of one joined by its meeting id is
// the service's to know.
func (q *query) chat(given object) any {
	if given, ok := given["chatInfo"].(object); ok {
		chat := maps.Clone(given)
		withNulls(chat, "replyChainMessageId")
		return chat
	}
	info, _ := given["meetingInfo"].(object)
	id, ok := info["joinMeetingId"].(string)
	if !ok {
		return nil
	}
	for _, meeting := range q.entities.list("/communications/onlineMeetings") {
		settings, _ := meeting["joinMeetingIdSettings"].(object)
		if chat, ok := meeting["chatInfo"].(object); ok && settings["joinMeetingId"] == id {
			return chat
		}
	}
	return object{
		"@odata.type": "#microsoft.graph.chatInfo", "messageId": "0", "replyChainMessageId": nil,
		"threadId": "19:meeting_" + base64.RawURLEncoding.EncodeToString([]byte(id)) + "@thread.v2",
	}
}

// tenant is where a call takes place whose request does not say it: with the organizer, or
// with the bot.
func (q *query) tenant(given object) string {
	info, _ := given["meetingInfo"].(object)
	organizer, _ := info["organizer"].(object)
	user, _ := organizer["user"].(object)
	if tenant, ok := user["tenantId"].(string); ok {
		return tenant
	}
	return q.self.tenant
}

// streams are the media that the bot has asked for.
func streams(call object) []any {
	all := []any{}
	asked, _ := call["requestedModalities"].([]any)
	for i, modality := range asked {
		all = append(all, object{
			"@odata.type": "#microsoft.graph.mediaStream", "mediaType": modality, "sourceId": []string{"10", "11", "12", "13", "14"}[i%5],
			"direction": "sendReceive", "serverMuted": false,
		})
	}
	return all
}
