package simulator

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// problemsOf lists why the service would not create a call, by the documented rules.
func problemsOf(call object) []string {
	var c rules
	c.callback(call["callbackUri"])
	c.media(call["mediaConfig"])
	info, meets := call["meetingInfo"].(object)
	targets, _ := call["targets"].([]any)
	switch calls := len(targets) > 0; {
	case meets && calls:
		c.add("targets", "must be empty if meetingInfo is set: a call either calls targets or joins a meeting")
	case meets:
		c.meeting(call, info)
	case calls:
		c.targets(call, targets)
	default:
		c.add("targets", "is missing, and so is meetingInfo: set one of them")
	}
	for _, name := range []string{
		"activeModalities", "answeredBy", "callRoutes", "id", "incomingContext", "mediaState", "meetingCapability", "resultInfo", "state", "transcription",
	} {
		if list, ok := call[name].([]any); call[name] != nil && (!ok || len(list) > 0) {
			c.add(name, "is read-only: leave it empty")
		}
	}
	return c
}

// rules are the problems of a call.
type rules []string

func (c *rules) add(member, format string, args ...any) {
	*c = append(*c, member+": "+fmt.Sprintf(format, args...))
}

const missing = "is missing"

func (c *rules) callback(v any) {
	address, _ := v.(string)
	if address == "" {
		c.add("callbackUri", missing)
		return
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		c.add("callbackUri", "%q is not an absolute URL", address)
	case u.Scheme != "https" && u.Hostname() != "localhost" && !net.ParseIP(u.Hostname()).IsLoopback():
		c.add("callbackUri", "%q must begin with https://", address)
	}
}

func (c *rules) media(v any) {
	config, ok := v.(object)
	if !ok {
		c.add("mediaConfig", missing)
		return
	}
	blob, _ := config["blob"].(string)
	switch typeOf(config) {
	case "", "mediaConfig":
		c.add("mediaConfig", "microsoft.graph.mediaConfig is abstract: use one of the types derived from it")
	case "appHostedMediaConfig":
		if blob == "" {
			c.add("mediaConfig.blob", missing)
		}
	}
}

func (c *rules) meeting(call, info object) {
	text := func(o any, name string) string {
		of, _ := o.(object)
		t, _ := of[name].(string)
		return t
	}
	switch typeOf(info) {
	case "", "meetingInfo":
		c.add("meetingInfo", "microsoft.graph.meetingInfo is abstract: use one of the types derived from it")
	case "organizerMeetingInfo":
		if info["organizer"] == nil {
			c.add("meetingInfo.organizer", missing)
		}
		if text(call["chatInfo"], "threadId") == "" {
			c.add("chatInfo.threadId", "is missing: joining by organizer requires the chat of the meeting")
		}
	case "joinMeetingIdMeetingInfo":
		if text(info, "joinMeetingId") == "" {
			c.add("meetingInfo.joinMeetingId", missing)
		}
	case "tokenMeetingInfo":
		if text(info, "token") == "" {
			c.add("meetingInfo.token", missing)
		}
	}
}

// mostTargets is the maximum number of users in a group call.
const mostTargets = 5

func (c *rules) targets(call object, targets []any) {
	if n := len(targets); n > mostTargets {
		c.add("targets", "%d are too many: a group call supports %d users", n, mostTargets)
	}
	byPhone := false
	for i, item := range targets {
		target, _ := item.(object)
		identity, ok := target["identity"].(object)
		if !ok {
			c.add(fmt.Sprintf("targets[%d].identity", i), missing)
		}
		byPhone = byPhone || identity["phone"] != nil
	}
	source, _ := call["source"].(object)
	identity, _ := source["identity"].(object)
	if byPhone && identity["applicationInstance"] == nil {
		c.add("source.identity.applicationInstance", "is missing: calling a phone number requires an application instance with a phone number")
	}
}

// typeOf returns the type that an object names, without its namespace.
func typeOf(o object) string {
	name, _ := o["@odata.type"].(string)
	return name[strings.LastIndexByte(name, '.')+1:]
}
