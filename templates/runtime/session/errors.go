package session

import (
	"errors"
	"fmt"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/model"
)

// Errors of [Calls] and [CallSession].
var (
	// ErrCallUncertain means that nobody knows whether the service carried out what was sent:
	// the answer was lost, or the process ended before it came. Sessions never send it again.
	ErrCallUncertain = errors.New("it is uncertain whether the service has carried it out")
	// ErrCallUnknown means that a notification is about a call that has no session, is not
	// stored and is not incoming. It is answered 202.
	ErrCallUnknown = errors.New("the call is unknown: take it up with Rehydrate, or hang up")
	// ErrCallLeft means that this process no longer follows the call: it was left with
	// [CallSession.Leave] or [Calls.Close], or somebody else has taken it over.
	ErrCallLeft = errors.New("this process does not follow the call any more")
	// ErrCallTenant means that a notification of a call was signed for another tenant than the
	// first one of that call. It is answered 202, and left out.
	ErrCallTenant = errors.New("the notification is of another tenant than its call")
)

// CallEndedError says that a call has ended, and why as far as the service says it.
type CallEndedError struct {
	CallID        string
	Code, Subcode int64             // 0 if the service gave none
	Message       string            // as received
	Result        *model.ResultInfo // nil if the service gave none
}

// Error says why the call has ended, in the words of [CallEndReason] where it knows the codes.
func (e *CallEndedError) Error() string {
	text := "the call has ended"
	if e.Code != 0 || e.Subcode != 0 {
		text += fmt.Sprintf(": %d/%d", e.Code, e.Subcode)
	}
	if reason := CallEndReason(e.Code, e.Subcode); reason != "" {
		text += ", " + reason
	}
	if e.Message != "" {
		text += ": " + codec.Printable(e.Message)
	}
	return text
}

// callReasons are the codes and subcodes that were seen at the ends of calls.
func callReasons() map[[2]int64]string {
	const hungUp, removed, over, byBot, byPhone = "the other side ended it", "the bot was removed", "the conversation ended", "the bot ended it", "the phone ended it"
	return map[[2]int64]string{
		{200, 4097}: hungUp, {200, 4521}: hungUp, {200, 18503}: hungUp,
		{200, 5000}: removed, {200, 5300}: removed,
		{200, 5001}: over, {200, 5003}: over,
		{200, 5002}: "all others left", {200, 5010}: "one participant is left", {200, 5012}: "nobody is left", {200, 5020}: "nobody is left",
		{200, 5007}: "the initiator left", {200, 5013}: "nobody joined", {200, 5014}: "there is no host", {200, 5030}: "the meeting expired",
		{200, 5855}: "nobody admitted the bot from the lobby in time",
		{200, 7000}: byBot, {200, 10550}: byBot,
		{0, 7015}: "the transfer is completed", {200, 7015}: "the transfer is completed",
		{200, 540000}: byPhone, {200, 560000}: byPhone,
		{408, 8537}: "no keepalive was sent in time", {408, 1106}: "the answer was not acknowledged in time", {408, 10057}: "nobody answered",
		{410, 301005}: "the media did not connect",
		{480, 10037}:  "the callee has no endpoint", {480, 10076}: "the callee has no endpoint", {480, 10134}: "the callee cannot be reached",
		{480, 10199}: "private calls are off for the callee",
		{500, 1005}:  "the media connection failed at the service", {500, 7106}: "the service failed",
	}
}

// CallEndReason says in a few words why a call ended with a code and a subcode, or returns ""
// if they are unknown.
func CallEndReason(code, subcode int64) string { return callReasons()[[2]int64{code, subcode}] }

// CallOperationError says that an operation has failed.
type CallOperationError struct {
	Action        string
	Status        string // such as "failed"
	Code, Subcode int64
	Message       string
}

// Error says what failed and why.
func (e *CallOperationError) Error() string {
	text := fmt.Sprintf("%s: the operation has %s", e.Action, codec.Printable(e.Status))
	if e.Code != 0 || e.Subcode != 0 {
		text += fmt.Sprintf(": %d/%d", e.Code, e.Subcode)
	}
	if e.Message != "" {
		text += ": " + codec.Printable(e.Message)
	}
	return text
}

// refusedForCertain reports whether an error of a request means that the service has not carried
// it out.
func refusedForCertain(err error) bool {
	if client.IsUnsent(err) {
		return true
	}
	e, ok := errors.AsType[*client.Error](err)
	return ok && e.Status >= 400 && e.Status < 500 && e.Status != 408
}

// isGone reports whether an error of a request means that there is no such thing.
func isGone(err error) bool {
	e, ok := errors.AsType[*client.Error](err)
	return ok && (e.Status == 404 || e.Status == 410)
}
