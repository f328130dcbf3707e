package tasks

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"strings"
	"testing"

	"github.com/callgen/callgen/examples/graph/graph"
)

func TestAddCertificate(t *testing.T) {
	const application = "/applications(appId=%27a%27)"
	against(t, map[string][]reply{
		"GET " + application + "?$select=keyCredentials": ok(`{"keyCredentials":[{"keyId":"11111111-2222-3333-4444-555555555555","key":"b2xk"}]}`),
		"PATCH " + application:                           {{status: 204}},
	}, []string{
		"GET " + application + "?$select=keyCredentials",
		`PATCH ` + application + ` {"@odata.type":"#microsoft.graph.application","keyCredentials":[{"key":"b2xk","keyId":"11111111-2222-3333-4444-555555555555"},` +
			`{"displayName":"ci","key":"bmV3","type":"AsymmetricX509Cert","usage":"Verify"}]}`,
	}, func(ctx context.Context, client *graph.Client, s *service) {
		check(t, AddCertificate(ctx, client, "a", &x509.Certificate{Raw: []byte("new"), Subject: pkix.Name{CommonName: "ci"}}))
	})
}

func TestExtensions(t *testing.T) {
	const costCenter = "extension_0a1b2c3d4e5f60718293a4b5c6d7e8f9_costCenter"
	against(t, map[string][]reply{
		"GET /users?$filter=" + costCenter + "%20eq%20%27K1%27&$select=id%2C" + costCenter: ok(`{"value":[{"id":"1","` + costCenter + `":"K1"}]}`),
		"PATCH /users/1":                            {{status: 204}},
		"POST /schemaExtensions":                    {{status: 201, body: `{"id":"extkvbmkofy_courses"}`}},
		"PATCH /groups/g":                           {{status: 204}},
		"GET /groups/g?$select=extkvbmkofy_courses": ok(`{"extkvbmkofy_courses":{"courseName":"Go","credits":5}}`),
		"POST /me/extensions":                       {{status: 201, body: `{"@odata.type":"#microsoft.graph.openTypeExtension","extensionName":"com.contoso.settings"}`}},
		"GET /me/extensions/com.contoso.settings":   ok(`{"@odata.type":"#microsoft.graph.openTypeExtension","extensionName":"com.contoso.settings","theme":"dark"}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		check(t, CostCenter(ctx, client, "K1", "K2"))
		prints(t, "Go has 5 credits\n", func() error { return SchemaExtension(ctx, client, "g") })
		theme, err := OpenExtension(ctx, client)
		check(t, err)
		if theme != "dark" {
			t.Error(theme)
		}
		sent := strings.Join(s.sent, "\n")
		for _, want := range []string{
			`PATCH /users/1 {"@odata.type":"#microsoft.graph.user","` + costCenter + `":"K2"}`,
			`"id":"courses","description":"Courses","properties":[{"name":"courseName","type":"String"},{"name":"credits","type":"Integer"}],"targetTypes":["Group"]}`,
			`PATCH /groups/g {"@odata.type":"#microsoft.graph.group","extkvbmkofy_courses":{"courseName":"Go","credits":5}}`,
			`POST /me/extensions {"@odata.type":"#microsoft.graph.openTypeExtension","extensionName":"com.contoso.settings","theme":"dark"}`,
		} {
			if !strings.Contains(sent, want) {
				t.Errorf("%s is not among\n%s", want, sent)
			}
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
