package communicationstest

import (
	"encoding/base64"
	"maps"
	"net/http"

	"github.com/callgen/callgen/generated/communications"
)

// newCall creates a call, which is established at once with the bot in it.
func (q *query) newCall() {
	call := new(communications.Call)
	if err := remarshal(q.given, call); err != nil {
		refuse(q.w, http.StatusBadRequest, "BadRequest", err.Error())
		return
	}
	if err := communications.ValidateCall(call); err != nil {
		refuse(q.w, http.StatusBadRequest, "BadRequest", err.Error())
		return
	}
	if lacks := q.lacking(call); lacks != "" {
		refuseInner(q.w, http.StatusForbidden, "7504", "Insufficient enterprise tenant permissions, cannot access this API.",
			"this fake has not been granted "+lacks)
		return
	}
	made := q.answerTo(call)
	id := made["id"].(string)
	q.entities.put(callsPath+"/"+id, made)
	q.w.Header().Set("Location", q.URL+callsPath+"/"+id)
	answer := maps.Clone(made)
	delete(answer, "callOptions") // the page does not show any
	q.reply(http.StatusCreated, answer)
	q.setState(id, "establishing", nil)
	q.establish(id)
}

// answerTo returns the call that the service creates for a request.
func (q *query) answerTo(call *communications.Call) object {
	made := maps.Clone(q.given)
	maps.Copy(made, object{
		"@odata.type": "#microsoft.graph.call", "@odata.context": q.URL + "/$metadata#app/calls/$entity", "id": q.newID(),
		"state": "establishing", "direction": "outgoing", "myParticipantId": q.newID(), "callRoutes": []any{}, "activeModalities": []any{},
		"source": q.source(), "targets": q.targets(), "chatInfo": q.chat(call),
	})
	if made["callChainId"] == nil {
		made["callChainId"] = q.newID()
	}
	if made["routingPolicies"] == nil {
		made["routingPolicies"] = []any{}
	}
	if made["tenantId"] == nil {
		made["tenantId"] = q.tenant(call)
	}
	withNulls(made, "meetingInfo", "subject", "terminationReason", "ringingTimeoutInSeconds", "mediaState", "resultInfo", "answeredBy",
		"meetingCapability", "toneInfo", "transcription")
	return made
}

// withNulls adds null members, unless they are present.
func withNulls(o object, names ...string) {
	for _, name := range names {
		if _, ok := o[name]; !ok {
			o[name] = nil
		}
	}
}

// source returns the caller: the one in the request, or the bot's application.
func (q *query) source() object {
	source, ok := q.given["source"].(object)
	if !ok {
		source = object{"@odata.type": "#microsoft.graph.participantInfo", "identity": q.self.identity()}
	}
	source = maps.Clone(source)
	withNulls(source, "countryCode", "endpointType", "region", "languageId")
	return source
}

// targets returns the targets of the request as invitations, whatever their type; none in a
// meeting.
func (q *query) targets() []any {
	all := []any{}
	list, _ := q.given["targets"].([]any)
	for _, item := range list {
		target := maps.Clone(item.(object))
		target["@odata.type"] = "#microsoft.graph.invitationParticipantInfo"
		withNulls(target, "endpointType", "region", "replacesCallId", "languageId")
		all = append(all, target)
	}
	return all
}

// chat returns the chat of the meeting that a call joins. Only the service knows the chat
// of a meeting joined by its id.
func (q *query) chat(call *communications.Call) any {
	if given, ok := q.given["chatInfo"].(object); ok {
		chat := maps.Clone(given)
		withNulls(chat, "replyChainMessageId")
		return chat
	}
	info, ok := call.MeetingInfo.(*communications.JoinMeetingIDMeetingInfo)
	if !ok {
		return nil
	}
	for _, meeting := range q.entities.list("/communications/onlineMeetings") {
		settings, _ := meeting["joinMeetingIdSettings"].(object)
		if chat, ok := meeting["chatInfo"].(object); ok && settings["joinMeetingId"] == *info.JoinMeetingID {
			return chat
		}
	}
	return object{
		"@odata.type": "#microsoft.graph.chatInfo", "messageId": "0", "replyChainMessageId": nil,
		"threadId": "19:meeting_" + base64.RawURLEncoding.EncodeToString([]byte(*info.JoinMeetingID)) + "@thread.v2",
	}
}

// tenant returns the tenant of a call whose request does not name it: the organizer's, or
// the bot's.
func (q *query) tenant(call *communications.Call) string {
	if info, ok := call.MeetingInfo.(*communications.OrganizerMeetingInfo); ok {
		if user := info.Organizer.AsIdentitySet().User; user != nil && user.AsIdentity().TenantID != nil {
			return *user.AsIdentity().TenantID
		}
	}
	return q.self.tenant
}

// establish adds the bot and the targets to a call.
func (s *Service) establish(id string) {
	s.setState(id, "established", nil)
	call, _ := s.entities.get(callsPath + "/" + id)
	identity := s.self.identity()
	if call["direction"] == "outgoing" {
		source, _ := call["source"].(object)
		identity, _ = source["identity"].(object)
	}
	_, guest := identity["guest"].(object)
	me := object{"id": call["myParticipantId"], "isMuted": false, "isInLobby": guest, "info": infoOf(identity), "mediaStreams": streams(call)}
	all := []object{me}
	targets, _ := call["targets"].([]any)
	for _, target := range targets {
		identity, _ := target.(object)["identity"].(object)
		all = append(all, object{"id": s.newID(), "isMuted": false, "isInLobby": false, "info": infoOf(identity)})
	}
	s.joined(id, all...)
}

func infoOf(identity object) object {
	return object{"@odata.type": "#microsoft.graph.participantInfo", "identity": identity}
}

// streams returns the media streams that the bot has asked for.
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

// isPeerToPeer reports whether a call has two participants: its bot is notified only of
// states.
func isPeerToPeer(call object) bool {
	targets, _ := call["targets"].([]any)
	return call["meetingInfo"] == nil && len(targets) <= 1
}
