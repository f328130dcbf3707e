package tasks

import (
	"context"
	"fmt"
	"time"

	"github.com/callgen/callgen/examples/graph/graph"
	"github.com/callgen/callgen/examples/graph/graph/fields"
)

// Mention sends a message to a channel that mentions a user and shows a picture.
func Mention(ctx context.Context, client *graph.Client, team, channel, user string, png []byte) error {
	hosted := &graph.ChatMessageHostedContent{
		TeamworkHostedContent: graph.TeamworkHostedContent{ContentBytes: png, ContentType: new("image/png")},
	}
	if err := hosted.AdditionalData.Set("@microsoft.graph.temporaryId", "1"); err != nil {
		return err
	}
	_, err := client.Teams().ByID(team).Channels().ByID(channel).Messages().Create(ctx, &graph.ChatMessage{
		Body: &graph.ItemBody{
			ContentType: graph.BodyTypeHTML,
			Content:     new(`Hello <at id="0">Adele</at> <img src="../hostedContents/1/$value">`),
		},
		Mentions: []*graph.ChatMessageMention{{
			ID: new(int32(0)), MentionText: new("Adele"),
			Mentioned: &graph.ChatMessageMentionedIdentitySet{IdentitySet: graph.IdentitySet{User: &graph.Identity{ID: &user, DisplayName: new("Adele")}}},
		}},
		HostedContents: []*graph.ChatMessageHostedContent{hosted},
	})
	return err
}

// Chats prints the chats, the liveliest first, with what was said last.
func Chats(ctx context.Context, client *graph.Client) error {
	last := fields.ChatLastMessagePreview
	for chat, err := range client.Me().Chats().All(ctx, graph.Expand(last), graph.OrderBy(last.Path(fields.ChatMessageInfoCreatedDateTime).Desc())) {
		if err != nil {
			return err
		}
		fmt.Print(chat.ChatType, " chat ", chat.ID)
		if said := chat.LastMessagePreview; said != nil && said.Body != nil {
			fmt.Print(": ", *said.Body.Content)
		}
		fmt.Println()
	}
	return nil
}

// NewTeam creates a team, which the service does later, and returns it.
func NewTeam(ctx context.Context, client *graph.Client) (*graph.Team, error) {
	team := &graph.Team{DisplayName: new("Planning"), Description: new("What comes next")}
	team.AdditionalData.Bind("template", "https://graph.microsoft.com/v1.0/teamsTemplates('standard')")
	_, err := client.Teams().Create(ctx, team)
	return graph.Await[*graph.Team](ctx, client, err)
}

// ArchiveTeam archives a team. The action has no result, but a monitor: its URL is kept, and another
// process can wait.
func ArchiveTeam(ctx context.Context, client *graph.Client, team string, keep func(url string)) error {
	var response graph.Response
	if err := client.Teams().ByID(team).Archive(ctx, graph.TeamArchiveParameters{}, graph.ResponseInto(&response)); err != nil {
		return err
	}
	keep(response.Location)
	_, err := graph.NewMonitor[struct{}](client, response.Location).Wait(ctx)
	return err
}

// NewMeeting creates a meeting that is in no calendar, and returns the address to join it.
func NewMeeting(ctx context.Context, client *graph.Client, start time.Time) (string, error) {
	meeting, err := client.Me().OnlineMeetings().Create(ctx, &graph.OnlineMeeting{
		OnlineMeetingBase: graph.OnlineMeetingBase{Subject: new("Planning"), AllowedPresenters: graph.OnlineMeetingPresentersOrganizer},
		StartDateTime:     &start,
		EndDateTime:       new(start.Add(time.Hour)),
	})
	if err != nil {
		return "", err
	}
	return *meeting.JoinWebURL, nil
}

// Attendance prints who attended a meeting and for how long.
func Attendance(ctx context.Context, client *graph.Client, meeting string) error {
	reports := client.Me().OnlineMeetings().ByID(meeting).AttendanceReports()
	for report, err := range reports.All(ctx) {
		if err != nil {
			return err
		}
		fmt.Println(report.MeetingStartDateTime.Format(time.DateTime))
		for record, err := range reports.ByID(report.ID).AttendanceRecords().All(ctx) {
			if err != nil {
				return err
			}
			who := "a guest"
			if record.EmailAddress != nil {
				who = *record.EmailAddress
			}
			fmt.Println(who, time.Duration(*record.TotalAttendanceInSeconds)*time.Second)
		}
	}
	return nil
}

// CallRecord prints how long a call took and what failed in it.
func CallRecord(ctx context.Context, client *graph.Client, id string) error {
	call, err := client.Communications().CallRecords().ByID(id).Get(ctx,
		graph.Expand(fields.CallRecordsCallRecordSessions, graph.Expand(fields.CallRecordsSessionSegments)))
	if err != nil {
		return err
	}
	fmt.Println(call.Type, call.EndDateTime.Sub(*call.StartDateTime))
	for _, session := range call.Sessions {
		for _, segment := range session.Segments {
			if failed := segment.FailureInfo; failed != nil {
				fmt.Println("failed:", failed.Stage, *failed.Reason)
			}
		}
	}
	return nil
}
