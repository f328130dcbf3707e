package tasks

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callgen/callgen/examples/graph/graph"
)

func TestMail(t *testing.T) {
	inbox := "GET /me/mailFolders/inbox/messages?$filter=isRead%20eq%20false"
	against(t, map[string][]reply{
		"POST /me/sendMail": {{status: 202, header: map[string]string{"Content-Type": ""}}},
		inbox:               ok(`{"value":[{"subject":"Hello"},{"@odata.type":"#microsoft.graph.eventMessage","subject":"Planning"}]}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		check(t, SendMail(ctx, client, []byte("pdf")))
		if !strings.Contains(s.sent[0], `"contentBytes":"cGRm"`) || !strings.Contains(s.sent[0], `"@odata.type":"#microsoft.graph.fileAttachment"`) {
			t.Error(s.sent[0])
		}
		prints(t, "Hello\nmeeting: Planning\n", func() error { return Unread(ctx, client) })
		if got := s.headers[1].Get("Prefer"); got != `outlook.body-content-type="text", IdType="ImmutableId"` {
			t.Error(got)
		}
	})
}

func TestAttachments(t *testing.T) {
	against(t, map[string][]reply{
		"GET /me/messages/m/attachments": ok(`{"value":[
			{"@odata.type":"#microsoft.graph.fileAttachment","id":"1","name":"a.txt","contentBytes":"aGVsbG8="},
			{"@odata.type":"#microsoft.graph.itemAttachment","id":"2","name":"Lunch?"},
			{"@odata.type":"#microsoft.graph.referenceAttachment","id":"3","name":"plan.docx"}]}`),
		"GET /me/messages/m/attachments/2/$value": {{header: map[string]string{"Content-Type": "message/rfc822"}, body: "Subject: Lunch?"}},
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		var saved []string
		prints(t, "a link to a file: plan.docx\n", func() error {
			return ReadAttachments(ctx, client, "m", func(name string, content io.Reader) error {
				text, err := io.ReadAll(content)
				saved = append(saved, name+": "+string(text))
				return err
			})
		})
		if want := []string{"a.txt: hello", "Lunch?: Subject: Lunch?"}; !slices.Equal(saved, want) {
			t.Error(saved)
		}
	})
}

func TestAttachLargeFile(t *testing.T) {
	file := bytes.Repeat([]byte("x"), 11<<20)
	const host = "https://outlook.office.com/api/up?authtoken=secret"
	against(t, map[string][]reply{
		"POST /me/messages/m/attachments/createUploadSession": ok(`{"uploadUrl":"` + host + `","nextExpectedRanges":["0-"]}`),
		"PUT " + host: {
			{body: `{"nextExpectedRanges":["10485760"]}`},
			{status: 201, header: map[string]string{"Location": "https://outlook.office.com/api/v2.0/Users('1')/Messages('m')/Attachments('a')"}},
		},
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		at, err := AttachLargeFile(ctx, client, "m", "big.bin", bytes.NewReader(file), int64(len(file)))
		check(t, err)
		if !strings.HasSuffix(at, "/Attachments('a')") || len(s.sent) != 3 {
			t.Error(at, len(s.sent))
		}
		if got := s.headers[2].Get("Content-Range"); got != "bytes 10485760-11534335/11534336" {
			t.Error(got)
		}
	})
}

func TestCalendar(t *testing.T) {
	week := "GET /me/calendarView?startDateTime=2026-05-04T00%3A00%3A00Z&endDateTime=2026-05-11T00%3A00%3A00Z&$orderby=start%2FdateTime"
	against(t, map[string][]reply{
		"POST /me/events":           {{status: 201, body: `{"id":"e"}`}},
		week:                        ok(`{"value":[{"subject":"Planning","start":{"dateTime":"2026-05-04T09:00:00"}}]}`),
		"POST /me/findMeetingTimes": ok(`{"meetingTimeSuggestions":[{"meetingTimeSlot":{"start":{"dateTime":"2026-05-04T11:00:00"}}}]}`),
		"POST /subscriptions":       {{status: 201, body: `{"id":"s"}`}},
		"PATCH /subscriptions/s":    ok(`{"id":"s"}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		id, err := WeeklyMeeting(ctx, client)
		check(t, err)
		if id != "e" || !strings.Contains(s.sent[0], `"recurrence":{"pattern":{"daysOfWeek":["monday"],"interval":1,"type":"weekly"}`) {
			t.Error(id, s.sent[0])
		}
		prints(t, "2026-05-04T09:00:00 Planning\n", func() error { return Week(ctx, client, time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)) })
		prints(t, "2026-05-04T11:00:00\n", func() error { return FreeTime(ctx, client) })
		check(t, Subscribe(ctx, client, time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)))
	})
}

// TestReceiveMail posts a notification as the service does, and a forged one.
func TestReceiveMail(t *testing.T) {
	const subscription = "11111111-2222-3333-4444-555555555555"
	against(t, map[string][]reply{
		"POST /subscriptions":                     {{status: 201, body: `{"id":"` + subscription + `","expirationDateTime":"2000-01-03T00:00:00Z"}`}},
		"GET /users/u/messages/1?$select=subject": ok(`{"subject":"Lunch?"}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		prints(t, "Lunch?\n", func() error {
			mux, ended, failed := http.NewServeMux(), make(chan struct{}), error(nil)
			ctx, end := context.WithCancel(ctx)
			go func() {
				defer close(ended)
				failed = ReceiveMail(ctx, client, mux, "u", "https://app.contoso.com/changes")
			}()
			synctest.Wait()
			var sent struct{ ClientState string }
			check(t, json.Unmarshal([]byte(strings.TrimPrefix(s.sent[0], "POST /subscriptions ")), &sent))
			for _, state := range []string{"forged", sent.ClientState} {
				body := `{"value":[{"subscriptionId":"` + subscription + `","clientState":"` + state + `","changeType":"created","resource":"Users/u/Messages/1",
					"resourceData":{"@odata.type":"#Microsoft.Graph.Message","id":"1"}}]}`
				w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/changes", strings.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				mux.ServeHTTP(w, r)
				if w.Code != 202 {
					t.Error(w.Code, w.Body)
				}
			}
			synctest.Wait()
			end()
			<-ended
			return failed
		})
	})
}
