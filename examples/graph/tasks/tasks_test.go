package tasks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callgen/callgen/examples/graph/graph"
)

// reply is what the service answers to a request. A list of replies is used up to its last one.
type reply struct {
	status int // 200 unless it says otherwise
	header map[string]string
	body   string
}

// service answers requests from a script. Its keys are methods and URIs below /v1.0, or whole URLs
// of other hosts.
type service struct {
	t       *testing.T
	script  map[string][]reply
	sent    []string // method, URI, and body if there is one
	headers []http.Header
}

// RoundTrip implements [http.RoundTripper].
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	own := r.URL.Host == "graph.microsoft.com"
	if got := r.Header.Get("Authorization") != ""; got != own {
		s.t.Errorf("%s: with a token: %v", r.URL, got)
	}
	key := r.Method + " " + strings.TrimPrefix(r.URL.String(), "https://graph.microsoft.com/v1.0")
	s.sent = append(s.sent, strings.TrimSpace(key+" "+string(body)))
	s.headers = append(s.headers, r.Header)
	answer := reply{status: 404, body: `{"error":{"code":"Request_ResourceNotFound","message":"no ` + key + `"}}`}
	if list := s.script[key]; len(list) > 0 {
		answer = list[0]
		s.script[key] = list[min(1, len(list)-1):]
	}
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	for name, value := range answer.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(max(answer.status, 200))
	_, _ = io.WriteString(w, answer.body)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

// client returns a client of the service.
func (s *service) client() *graph.Client {
	tokens := graph.TokenSourceFunc(func(context.Context, string) (string, error) { return "token", nil })
	return graph.NewClient(tokens, graph.WithHTTPClient(&http.Client{Transport: s}), graph.WithRetry(graph.RetryPolicy{Attempts: 3, Base: 1, MaxWait: time.Minute}))
}

// against runs a task in virtual time with a script, and compares the requests that it sends.
func against(t *testing.T, script map[string][]reply, want []string, task func(ctx context.Context, client *graph.Client, s *service)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &service{t: t, script: script}
		task(t.Context(), s.client(), s)
		if want != nil && !slices.Equal(s.sent, want) {
			t.Errorf("sent\n%s\nnot\n%s", strings.Join(s.sent, "\n"), strings.Join(want, "\n"))
		}
	})
}

func ok(bodies ...string) []reply {
	var list []reply
	for _, body := range bodies {
		list = append(list, reply{body: body})
	}
	return list
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// prints runs a task and compares what it prints.
func prints(t *testing.T, want string, task func() error) {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	check(t, err)
	before := os.Stdout
	os.Stdout = file
	err = task()
	os.Stdout = before
	check(t, err)
	check(t, file.Close())
	if got, _ := os.ReadFile(file.Name()); string(got) != want {
		t.Errorf("printed %q, not %q", got, want)
	}
}

const users = "GET /users?$filter=department%20eq%20%27Sales%27&$select=displayName%2Cmail&$top=100&$count=true"

func TestUsers(t *testing.T) {
	against(t, map[string][]reply{
		users:                     ok(`{"@odata.count":3,"value":[{"displayName":"Adele"},{"displayName":"Alex"}],"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skiptoken=x"}`),
		"GET /users?$skiptoken=x": {{status: 429, header: map[string]string{"Retry-After": "3"}}, {body: `{"value":[{"displayName":"Megan"}]}`}},
	}, []string{users, "GET /users?$skiptoken=x", "GET /users?$skiptoken=x"}, func(ctx context.Context, client *graph.Client, s *service) {
		prints(t, "3 users\nAdele\nAlex\nMegan\n", func() error { return ListUsers(ctx, client) })
		if got := s.headers[0].Get("ConsistencyLevel"); got != "eventual" {
			t.Error(got)
		}
	})
	against(t, map[string][]reply{
		"GET /users/1?$expand=manager%28%24select%3DdisplayName%29": ok(`{"displayName":"Adele","manager":{"@odata.type":"#microsoft.graph.user","displayName":"Megan"}}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		prints(t, "Adele works for Megan\n", func() error { return UsersManager(ctx, client, "1") })
	})
	against(t, map[string][]reply{"PATCH /users/1": {{status: 204}}}, []string{
		`PATCH /users/1 {"@odata.type":"#microsoft.graph.user","jobTitle":"Engineer","officeLocation":null}`,
	}, func(ctx context.Context, client *graph.Client, s *service) { check(t, ClearOffice(ctx, client, "1")) })
}

func TestGroups(t *testing.T) {
	against(t, map[string][]reply{
		"POST /groups/g/members/$ref":                          {{status: 204}},
		"GET /groups/g/transitiveMembers/microsoft.graph.user": ok(`{"value":[{"@odata.type":"#microsoft.graph.user","displayName":"Adele"}]}`),
		"DELETE /groups/g/members/u/$ref":                      {{status: 204}},
	}, []string{
		`POST /groups/g/members/$ref {"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/u"}`,
		"GET /groups/g/transitiveMembers/microsoft.graph.user", "DELETE /groups/g/members/u/$ref",
	}, func(ctx context.Context, client *graph.Client, s *service) {
		prints(t, "Adele\n", func() error { return AddMember(ctx, client, "g", "u") })
	})
}

func TestChanges(t *testing.T) {
	const fresh = "https://graph.microsoft.com/v1.0/users/delta?$deltatoken=2"
	against(t, map[string][]reply{
		"GET /users/delta?$deltatoken=1":         {{status: 410, body: `{"error":{"code":"SyncStateNotFound"}}`}},
		"GET /users/delta()?$select=displayName": ok(`{"value":[{"id":"1","displayName":"Adele"},{"id":"2","@removed":{"reason":"changed"}}],"@odata.deltaLink":"` + fresh + `"}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		link, err := ChangedUsers(ctx, client, "https://graph.microsoft.com/v1.0/users/delta?$deltatoken=1")
		check(t, err)
		if link != "" {
			t.Error(link)
		}
		prints(t, "1 is Adele\n2 is gone: changed\n", func() error {
			link, err = ChangedUsers(ctx, client, link)
			return err
		})
		if link != fresh {
			t.Error(link)
		}
	})
	const drive, week = "/drives/d/root/delta", "/me/calendarView/delta"
	const root = "https://graph.microsoft.com/v1.0"
	monday := time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)
	against(t, map[string][]reply{
		"GET " + drive + "()":       ok(`{"value":[{"id":"1","name":"a.txt"}],"@odata.nextLink":"` + root + drive + `?token=2"}`),
		"GET " + drive + "?token=2": ok(`{"value":[{"id":"2","name":"b.txt"}],"@odata.deltaLink":"` + root + drive + `?token=3"}`),
		"GET " + drive + "?token=3": ok(`{"value":[{"id":"1","deleted":{"state":"deleted"}}],"@odata.deltaLink":"` + root + drive + `?token=4"}`),
		"GET " + week + "()?startDateTime=2026-05-04T00%3A00%3A00Z&endDateTime=2026-05-11T00%3A00%3A00Z": ok(
			`{"value":[{"id":"1","subject":"Planning"}],"@odata.deltaLink":"` + root + week + `?$deltatoken=2"}`),
		"GET " + week + "?$deltatoken=2": ok(`{"value":[{"id":"1","@removed":{"reason":"deleted"}}],"@odata.deltaLink":"` + root + week + `?$deltatoken=3"}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		again := func(task func(stored string) (string, error)) func() error {
			return func() error {
				link, err := task("")
				check(t, err)
				_, err = task(link)
				return err
			}
		}
		prints(t, "1 is a.txt\n2 is b.txt\n1 is gone\n", again(func(stored string) (string, error) { return ChangedFiles(ctx, client, "d", stored) }))
		prints(t, "1 is Planning\n1 is gone\n", again(func(stored string) (string, error) { return ChangedWeek(ctx, client, monday, stored) }))
	})
}

func TestManagers(t *testing.T) {
	against(t, map[string][]reply{
		"GET /users/1?$expand=manager%28%24levels%3Dmax%3B%24select%3DdisplayName%29": ok(
			`{"displayName":"Adele","manager":{"@odata.type":"#microsoft.graph.user","displayName":"Megan",
				"manager":{"@odata.type":"#microsoft.graph.user","displayName":"Nestor"}}}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		prints(t, "Megan\nNestor\n", func() error { return Managers(ctx, client, "1") })
		if got := s.headers[0].Get("ConsistencyLevel"); got != "eventual" {
			t.Error(got)
		}
	})
}

func TestNewGroup(t *testing.T) {
	against(t, map[string][]reply{"POST /groups": {{status: 201, body: `{"id":"g"}`}}}, []string{
		`POST /groups {"@odata.type":"#microsoft.graph.group","displayName":"Planning","groupTypes":["Unified"],"mailEnabled":true,"mailNickname":"planning",` +
			`"securityEnabled":false,"owners@odata.bind":["https://graph.microsoft.com/v1.0/users/1"],` +
			`"members@odata.bind":["https://graph.microsoft.com/v1.0/users/1","https://graph.microsoft.com/v1.0/users/2"]}`,
	}, func(ctx context.Context, client *graph.Client, s *service) {
		id, err := NewGroup(ctx, client, "1", "2")
		check(t, err)
		if id != "g" {
			t.Error(id)
		}
	})
}

// TestStoredLinks goes on with links of an earlier run, of a type that can be several, too.
func TestStoredLinks(t *testing.T) {
	against(t, map[string][]reply{
		"GET /auditLogs/signIns?$skiptoken=5": {
			{status: 429, header: map[string]string{"Retry-After": "10"}}, {body: `{"value":[{"userPrincipalName":"adele@contoso.com","ipAddress":"10.0.0.1"}]}`},
		},
		"GET /users?$skiptoken=5": ok(`{"value":[{"@odata.type":"#microsoft.graph.agentUser","displayName":"Agent"}]}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		prints(t, "adele@contoso.com 10.0.0.1\n", func() error {
			return NextSignIns(ctx, client, "https://graph.microsoft.com/v1.0/auditLogs/signIns?$skiptoken=5")
		})
		prints(t, "Agent\n", func() error { return NextUsers(ctx, client, "https://graph.microsoft.com/v1.0/users?$skiptoken=5") })
		if err := NextUsers(ctx, client, "https://evil.example/v1.0/users"); err == nil {
			t.Error("a link to another host is followed")
		}
	})
}

func TestPhotoAndSecret(t *testing.T) {
	against(t, map[string][]reply{
		"PUT /users/1/photo/$value":                     {{status: 200, header: map[string]string{"Content-Type": ""}}},
		"GET /users/1/photo/$value":                     {{header: map[string]string{"Content-Type": "image/jpeg"}, body: "jpeg"}},
		"POST /applications(appId=%27a%27)/addPassword": ok(`{"secretText":"s3cret"}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		stream, err := ReplacePhoto(ctx, client, "1", []byte("jpeg"))
		check(t, err)
		if data, err := io.ReadAll(stream); string(data) != "jpeg" || err != nil {
			t.Error(string(data), err)
		}
		secret, err := NewSecret(ctx, client, "a")
		check(t, err)
		if secret != "s3cret" {
			t.Error(secret)
		}
	})
}

// TestManyUsers answers the first step of a batch with 429 and another one with 404.
func TestManyUsers(t *testing.T) {
	against(t, map[string][]reply{
		"POST /$batch": ok(
			`{"responses":[{"id":"1","status":429,"headers":{"Retry-After":"2"},"body":{"error":{"code":"TooManyRequests"}}},
				{"id":"2","status":404,"body":{"error":{"code":"Request_ResourceNotFound"}}},{"id":"3","status":200,"body":{"displayName":"Megan"}}]}`,
			`{"responses":[{"id":"1","status":200,"body":{"displayName":"Adele"}}]}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		names, err := ManyUsers(ctx, client, []string{"1", "2", "3"})
		check(t, err)
		if !slices.Equal(names, []string{"Adele", "Megan"}) || len(s.sent) != 2 {
			t.Error(names, s.sent)
		}
	})
}

func TestErrors(t *testing.T) {
	against(t, map[string][]reply{
		"GET /users/2": {{status: 403, header: map[string]string{"request-id": "r"}, body: `{"error":{"code":"Authorization_RequestDenied"}}`}},
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		for id, want := range map[string]string{"1": "there is no such user", "2": "403 Authorization_RequestDenied, request r"} {
			if got := Refused(ctx, client, id); got != want {
				t.Error(got)
			}
		}
		if got := s.headers[0].Get("Client-Request-Id"); got != "8f1f0bd4-7c3a-4d4e-9a8a-2d7f2b6f6d11" {
			t.Error(got)
		}
	})
}

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

func TestFiles(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/talk.mp4")
	check(t, err)
	_, _ = file.Write(bytes.Repeat([]byte("x"), 11<<20))
	const host = "https://contoso.sharepoint.com/_api/up?tempauth=secret"
	against(t, map[string][]reply{
		"PUT /drives/d/root:/Reports/May%202026.txt:/content":       {{status: 201, body: `{"id":"1"}`}},
		"POST /drives/d/root:/Videos/talk.mp4:/createUploadSession": ok(`{"uploadUrl":"` + host + `"}`),
		"PUT " + host: {
			{status: 202, body: `{"nextExpectedRanges":["10485760-"]}`}, {status: 503}, {status: 201, body: `{"id":"2"}`},
		},
		"GET " + host: ok(`{"nextExpectedRanges":["10485760-11534335"]}`),
		"GET /drives/d/items/1/content": {
			{status: 206, header: map[string]string{"Content-Range": "bytes 11534336-11534338/11534339", "ETag": `"v1"`, "Content-Type": "video/mp4"}, body: "end"},
		},
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		id, err := SmallFile(ctx, client, "d")
		check(t, err)
		kept := ""
		item, err := LargeFile(ctx, client, "d", file, func(url string) { kept = url })
		check(t, err)
		if id != "1" || item.ID != "2" || kept != host {
			t.Error(id, item, kept)
		}
		item, err = ResumeLargeFile(ctx, client, host, file, 11<<20)
		check(t, err)
		if item.ID != "2" {
			t.Error(item)
		}
		check(t, Download(ctx, client, "d", "1", `"v1"`, file))
		if info, _ := file.Stat(); info.Size() != 11<<20+3 {
			t.Error(info.Size())
		}
	})
}

func TestCopy(t *testing.T) {
	const monitor = "https://contoso.sharepoint.com/_api/monitor?sig=secret"
	against(t, map[string][]reply{
		"POST /drives/d/items/1/copy": {{status: 202, header: map[string]string{"Location": monitor}}},
		"GET " + monitor:              {{status: 202, body: `{"status":"inProgress","percentageComplete":50}`}, {body: `{"status":"completed","resourceId":"2"}`}},
		"GET /drives/d/items/2":       ok(`{"id":"2"}`),
	}, []string{
		`POST /drives/d/items/1/copy {"name":"copy.txt","parentReference":{"driveId":"d","id":"f"}}`, "GET " + monitor, "GET " + monitor, "GET /drives/d/items/2",
	}, func(ctx context.Context, client *graph.Client, s *service) {
		item, err := CopyFile(ctx, client, "d", "1", "f")
		check(t, err)
		if item.ID != "2" {
			t.Error(item)
		}
	})
}

func TestListItems(t *testing.T) {
	items := "GET /sites/s/lists/l/items?$filter=fields%2FColor%20eq%20%27Purple%27&$expand=fields%28%24select%3DTitle%2CColor%29"
	against(t, map[string][]reply{
		items: ok(`{"value":[{"id":"1","fields":{"Title":"Chair","Color":"Purple"}},{"id":"2","fields":{"Title":"Table","Color":"Purple"}}]}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		prints(t, "Chair\nTable\n", func() error { return ListItems(ctx, client, "s", "l", "Purple") })
	})
}

func TestSpreadsheet(t *testing.T) {
	const workbook = "/drives/d/items/i/workbook"
	const sheet = workbook + "/worksheets/Sheet1"
	against(t, map[string][]reply{
		"POST " + workbook + "/createSession":            {{status: 201, body: `{"id":"cluster=1&session=2","persistChanges":true}`}},
		"GET " + sheet + "/range(address=%27A1:B2%27)":   ok(`{"values":[["Chair",2],["Table",1]]}`),
		"PATCH " + sheet + "/range(address=%27A3:B3%27)": ok(`{"values":[["Sum",3]]}`),
		"POST " + workbook + "/closeSession":             {{status: 204}},
	}, []string{
		`POST ` + workbook + `/createSession {"persistChanges":true}`, "GET " + sheet + "/range(address=%27A1:B2%27)",
		"PATCH " + sheet + `/range(address=%27A3:B3%27) {"@odata.type":"#microsoft.graph.workbookRange","values":[["Sum","=SUM(B1:B2)"]]}`, "POST " + workbook + "/closeSession",
	}, func(ctx context.Context, client *graph.Client, s *service) {
		prints(t, "Chair 2\nTable 1\n", func() error { return Spreadsheet(ctx, client, "d", "i") })
		for i, header := range s.headers {
			if got := header.Get("Workbook-Session-Id"); (got == "cluster=1&session=2") != (i > 0) {
				t.Error(i, got)
			}
		}
	})
}

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
