package tasks

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/callgen/callgen/examples/graph/graph"
)

func TestMeetings(t *testing.T) {
	const reports, call = "/me/onlineMeetings/m/attendanceReports", "/communications/callRecords/c?$expand=sessions%28%24expand%3Dsegments%29"
	against(t, map[string][]reply{
		"POST /me/onlineMeetings":                 {{status: 201, body: `{"id":"m","joinWebUrl":"https://teams.microsoft.com/l/meetup-join/1"}`}},
		"GET " + reports:                          ok(`{"value":[{"id":"r","meetingStartDateTime":"2026-05-04T09:00:00Z"}]}`),
		"GET " + reports + "/r/attendanceRecords": ok(`{"value":[{"emailAddress":"adele@contoso.com","totalAttendanceInSeconds":3600},{"emailAddress":null,"totalAttendanceInSeconds":60}]}`),
		"GET " + call: ok(`{"type":"groupCall","startDateTime":"2026-05-04T09:00:00Z","endDateTime":"2026-05-04T09:05:00Z",
			"sessions":[{"segments":[{"failureInfo":{"stage":"midcall","reason":"no network"}},{}]}]}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		url, err := NewMeeting(ctx, client, time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC))
		check(t, err)
		want := `{"@odata.type":"#microsoft.graph.onlineMeeting","allowedPresenters":"organizer","subject":"Planning",` +
			`"endDateTime":"2026-05-04T10:00:00Z","startDateTime":"2026-05-04T09:00:00Z"}`
		if url != "https://teams.microsoft.com/l/meetup-join/1" || !strings.HasSuffix(s.sent[0], want) {
			t.Error(url, s.sent[0])
		}
		prints(t, "2026-05-04 09:00:00\nadele@contoso.com 1h0m0s\na guest 1m0s\n", func() error { return Attendance(ctx, client, "m") })
		prints(t, "groupCall 5m0s\nfailed: midcall no network\n", func() error { return CallRecord(ctx, client, "c") })
	})
}

func TestChats(t *testing.T) {
	chats := "GET /me/chats?$expand=lastMessagePreview&$orderby=lastMessagePreview%2FcreatedDateTime%20desc"
	against(t, map[string][]reply{
		chats: ok(`{"value":[{"id":"1","chatType":"oneOnOne","lastMessagePreview":{"body":{"content":"Hello"}}},{"id":"2","chatType":"group","lastMessagePreview":null}]}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		prints(t, "oneOnOne chat 1: Hello\ngroup chat 2\n", func() error { return Chats(ctx, client) })
	})
}

func TestTeams(t *testing.T) {
	against(t, map[string][]reply{
		"POST /teams/t/channels/c/messages":       {{status: 201, body: `{"id":"1"}`}},
		"POST /teams":                             {{status: 202, header: map[string]string{"Location": "/teams('n')/operations('o')"}}},
		"GET /teams('n')/operations('o')":         ok(`{"status":"inProgress"}`, `{"status":"succeeded","targetResourceId":"n","targetResourceLocation":"/teams('n')"}`),
		"GET /teams('n')":                         ok(`{"id":"n"}`),
		"POST /teams/n/archive":                   {{status: 202, header: map[string]string{"Location": "/teams('n')/operations('o')"}}},
		"PATCH /sites/s/lists/l/items/i/fields":   ok(`{}`),
		"GET /places/microsoft.graph.room?$top=5": ok(`{"value":[{"displayName":"Room 1"}]}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		check(t, Mention(ctx, client, "t", "c", "u", []byte("png")))
		if !strings.Contains(s.sent[0], `"@microsoft.graph.temporaryId":"1"`) {
			t.Error(s.sent[0])
		}
		team, err := NewTeam(ctx, client)
		check(t, err)
		if team == nil || team.ID != "n" {
			t.Error(team)
		}
		kept := ""
		check(t, ArchiveTeam(ctx, client, "n", func(url string) { kept = url }))
		if kept != "https://graph.microsoft.com/v1.0/teams('n')/operations('o')" {
			t.Error(kept)
		}
		check(t, ListFields(ctx, client, "s", "l", "i"))
		names, err := Rooms(ctx, client)
		check(t, err)
		if fmt.Sprint(names) != "[Room 1]" {
			t.Error(names)
		}
	})
}
