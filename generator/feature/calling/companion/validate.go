package companion

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/callgen/callgen/generated/communications"
)

// mostTargets is the maximum number of users in a group call.
const mostTargets = 5

// ValidateCall returns an error that lists every member for which the service would refuse to
// create the call, or nil. It checks the documented rules, such as a missing callback address,
// both targets and a meeting, or a media configuration of abstract type. Permissions are left
// to the service.
func ValidateCall(call *communications.Call) error {
	if call == nil {
		return errors.New("the call is nil: pass the one to create")
	}
	c := new(callCheck)
	c.callback(call.CallbackURI)
	c.media(call.MediaConfig)
	c.options(call.CallOptions)
	switch meets, calls := call.MeetingInfo != nil, len(call.Targets) > 0; {
	case meets && calls:
		c.add("targets", "must be empty if meetingInfo is set: a call either calls targets or joins a meeting")
	case meets:
		c.meeting(call)
	case calls:
		c.targets(call)
	default:
		c.add("targets", "is missing, and so is meetingInfo: set one of them")
	}
	c.readOnly(call)
	return errors.Join(c.problems...)
}

// callCheck collects the problems of a call.
type callCheck struct{ problems []error }

func (c *callCheck) add(member, format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf("%s: %s", member, fmt.Sprintf(format, args...)))
}

const missing = "is missing"

func (c *callCheck) callback(address *string) {
	if isEmpty(address) {
		c.add("callbackUri", missing)
		return
	}
	u, err := url.Parse(*address)
	switch {
	case err != nil || u.Host == "":
		c.add("callbackUri", "%q is not an absolute URL", *address)
	case u.Scheme != "https" && !isThisMachine(u.Hostname()):
		c.add("callbackUri", "%q must begin with https://", *address)
	}
}

// isThisMachine reports whether host is the local machine, on which a fake of the service may
// run.
func isThisMachine(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func (c *callCheck) media(config communications.AnyMediaConfig) {
	switch config := config.(type) {
	case nil:
		c.add("mediaConfig", missing)
	case *communications.MediaConfig:
		if config == nil {
			c.add("mediaConfig", missing)
		} else {
			c.abstract("mediaConfig", config, &config.AdditionalData)
		}
	case *communications.AppHostedMediaConfig:
		if config == nil || isEmpty(config.Blob) {
			c.add("mediaConfig.blob", missing)
		}
	case *communications.ServiceHostedMediaConfig:
		if config == nil {
			c.add("mediaConfig", missing)
		}
	}
}

// abstract adds a problem for a value of an abstract type, unless it was decoded and names
// a type that this package does not have.
func (c *callCheck) abstract(member string, v communications.Value, data *communications.AdditionalData) {
	if named, ok := data.Get("@odata.type"); !ok || strings.HasSuffix(string(named), v.ODataType()+`"`) {
		c.add(member, "%s is abstract: use one of the types derived from it", v.ODataType())
	}
}

func (c *callCheck) options(options communications.AnyCallOptions) {
	if o, ok := options.(*communications.CallOptions); ok && o != nil {
		c.abstract("callOptions", o, &o.AdditionalData)
	}
}

func (c *callCheck) meeting(call *communications.Call) {
	switch info := call.MeetingInfo.(type) {
	case *communications.MeetingInfo:
		if info == nil {
			c.add("meetingInfo", missing)
		} else {
			c.abstract("meetingInfo", info, &info.AdditionalData)
		}
	case *communications.OrganizerMeetingInfo:
		if info == nil || isNobody(info.Organizer) {
			c.add("meetingInfo.organizer", missing)
		}
		if call.ChatInfo == nil || isEmpty(call.ChatInfo.ThreadID) {
			c.add("chatInfo.threadId", "is missing: joining by organizer requires the chat of the meeting")
		}
	case *communications.JoinMeetingIDMeetingInfo:
		if info == nil || isEmpty(info.JoinMeetingID) {
			c.add("meetingInfo.joinMeetingId", missing)
		}
	case *communications.TokenMeetingInfo:
		if info == nil || isEmpty(info.Token) {
			c.add("meetingInfo.token", missing)
		}
	}
}

func (c *callCheck) targets(call *communications.Call) {
	if n := len(call.Targets); n > mostTargets {
		c.add("targets", "%d are too many: a group call supports %d users", n, mostTargets)
	}
	byPhone := false
	for i, target := range call.Targets {
		if target == nil || isNobody(target.Identity) {
			c.add(fmt.Sprintf("targets[%d].identity", i), missing)
			continue
		}
		byPhone = byPhone || target.Identity.AsIdentitySet().Phone != nil
	}
	if byPhone && !hasInstance(call.Source) {
		c.add("source.identity.applicationInstance", "is missing: calling a phone number requires an application instance with a phone number")
	}
}

func hasInstance(source *communications.ParticipantInfo) bool {
	return source != nil && !isNobody(source.Identity) && source.Identity.AsIdentitySet().ApplicationInstance != nil
}

func isNobody(who communications.AnyIdentitySet) bool {
	return who == nil || who.AsIdentitySet() == nil
}

func (c *callCheck) readOnly(call *communications.Call) {
	for _, m := range []struct {
		name string
		set  bool
	}{
		{"activeModalities", len(call.ActiveModalities) > 0},
		{"answeredBy", call.AnsweredBy != nil},
		{"callRoutes", len(call.CallRoutes) > 0},
		{"id", call.ID != ""},
		{"incomingContext", call.IncomingContext != nil},
		{"mediaState", call.MediaState != nil},
		{"meetingCapability", call.MeetingCapability != nil},
		{"resultInfo", call.ResultInfo != nil},
		{"state", call.State != ""},
		{"transcription", call.Transcription != nil},
	} {
		if m.set {
			c.add(m.name, "is read-only: leave it empty")
		}
	}
}
