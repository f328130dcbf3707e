package tasks

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/callgen/callgen/examples/graph/graph"
)

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

// TestInOrder refuses the new owner: the other one stays.
func TestInOrder(t *testing.T) {
	against(t, map[string][]reply{
		"POST /$batch": ok(
			`{"responses":[{"id":"1","status":204},{"id":"2","status":204}]}`,
			`{"responses":[{"id":"1","status":400,"body":{"error":{"code":"Request_BadRequest"}}},{"id":"2","status":424}]}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		check(t, InOrder(ctx, client, "g", "1", "2"))
		if !strings.Contains(s.sent[0], `"dependsOn":["1"]`) || !strings.Contains(s.sent[0], `"url":"/groups/g/owners/1/$ref"`) {
			t.Error(s.sent[0])
		}
		if err := InOrder(ctx, client, "g", "1", "2"); !graph.HasCode(err, "Request_BadRequest") {
			t.Error(err)
		}
	})
}

func TestReport(t *testing.T) {
	const elsewhere = "https://reports.office.com/data/v1.0/download?token=secret"
	against(t, map[string][]reply{
		"GET /reports/getOffice365ActiveUserDetail(period=%27D7%27)": {{status: 302, header: map[string]string{"Location": elsewhere}}},
		"GET " + elsewhere: {{header: map[string]string{"Content-Type": "text/csv"}, body: "Report Refresh Date,User Principal Name\n"}},
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		var file strings.Builder
		check(t, Report(ctx, client, &file))
		if !strings.HasPrefix(file.String(), "Report Refresh Date") || len(s.sent) != 2 {
			t.Error(file.String(), s.sent)
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
