package communications_test

import (
	"context"
	"fmt"

	"github.com/callgen/callgen/generated/communications"
)

// The bot reads the meeting, and joins it by what the meeting says of its chat and organizer.
// Reading needs one of the permissions OnlineMeetings.Read.All and OnlineMeetings.ReadWrite.All,
// and an application access policy.
func ExampleCallFromMeeting() {
	bot := newBot() // with a fake of the service
	defer bot.Close()
	ctx, meetings := context.Background(), bot.Communications().OnlineMeetings()
	scheduled, err := meetings.Create(ctx, &communications.OnlineMeeting{
		OnlineMeetingBase: communications.OnlineMeetingBase{ChatInfo: &communications.ChatInfo{
			ThreadID: new("19:meeting_Win6Ydo4wsMijFjZS00ZGVjLTk5MGUtOTRjNWY2NmNkYTFm@thread.v2"), MessageID: new("0"),
		}},
		Participants: &communications.MeetingParticipants{Organizer: &communications.MeetingParticipantInfo{
			Identity: &communications.IdentitySet{User: &communications.Identity{
				ID: new("5810cede-f3cc-42eb-b2c1-e9bd5d53ec96"), TenantID: new("aa67bd4c-8475-432d-bd41-39f255720e0a"), DisplayName: new("Bob"),
			}},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	meeting, err := meetings.ByID(scheduled.ID).Get(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	call, err := communications.CallFromMeeting(meeting)
	if err != nil {
		fmt.Println(err)
		return
	}
	call.CallbackURI = &bot.URL
	call.RequestedModalities = []communications.Modality{communications.ModalityAudio}
	call.MediaConfig = &communications.ServiceHostedMediaConfig{}
	joined, err := bot.Communications().Calls().Create(ctx, call)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(joined.State, *joined.ChatInfo.ThreadID)
	fmt.Println("in the tenant", *joined.TenantID)
	bot.Notified()
	// Output:
	// establishing 19:meeting_Win6Ydo4wsMijFjZS00ZGVjLTk5MGUtOTRjNWY2NmNkYTFm@thread.v2
	// in the tenant aa67bd4c-8475-432d-bd41-39f255720e0a
	// call establishing
	// call established
	// roster: Calling Bot
}

// Every member for which the service would refuse the call is named.
func ExampleValidateCall() {
	err := communications.ValidateCall(&communications.Call{
		MediaConfig: &communications.MediaConfig{},
		MeetingInfo: &communications.OrganizerMeetingInfo{Organizer: &communications.IdentitySet{}},
	})
	fmt.Println(err)
	// Output:
	// callbackUri: is missing
	// mediaConfig: microsoft.graph.mediaConfig is abstract: use one of the types derived from it
	// chatInfo.threadId: is missing: joining by organizer requires the chat of the meeting
}
