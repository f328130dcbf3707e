package communications_test

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/callgen/callgen/generated/communications"
)

// A call in a log: the passcode of its meeting, and whatever else is secret, is not there.
func ExampleShow() {
	call := &communications.Call{
		Subject:     new("Standup"),
		MeetingInfo: &communications.JoinMeetingIDMeetingInfo{JoinMeetingID: new("9774"), Passcode: new("s3cret")},
	}
	fmt.Println(communications.Show(call))

	withoutTime := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}
	slog.New(slog.NewJSONHandler(os.Stdout, withoutTime)).Info("joining", "call", communications.Show(call))
	// Output:
	// {"@odata.type":"#microsoft.graph.call","meetingInfo":{"@odata.type":"#microsoft.graph.joinMeetingIdMeetingInfo","joinMeetingId":"9774","passcode":"[redacted]"},"subject":"Standup"}
	// {"level":"INFO","msg":"joining","call":{"@odata.type":"#microsoft.graph.call","meetingInfo":{"@odata.type":"#microsoft.graph.joinMeetingIdMeetingInfo","joinMeetingId":"9774","passcode":"[redacted]"},"subject":"Standup"}}
}
