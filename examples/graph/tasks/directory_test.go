package tasks

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"strings"
	"testing"

	"github.com/callgen/callgen/examples/graph/graph"
)

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
