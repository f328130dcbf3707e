package tasks

import (
	"context"
	"testing"
	"time"

	"github.com/callgen/callgen/examples/graph/graph"
)

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
