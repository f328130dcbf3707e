package tasks

import (
	"context"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/callgen/callgen/examples/graph/graph"
	"github.com/callgen/callgen/examples/graph/graph/fields"
)

// AddMember adds a user to a group, lists all members that are users, and removes the user.
func AddMember(ctx context.Context, client *graph.Client, group, user string) error {
	members := client.Groups().ByID(group).Members()
	if err := members.AddRef(ctx, "/directoryObjects/"+user); err != nil {
		return err
	}
	for member, err := range client.Groups().ByID(group).TransitiveMembers().AsUser().All(ctx) {
		if err != nil {
			return err
		}
		fmt.Println(*member.AsUser().DisplayName)
	}
	return members.ByID(user).RemoveRef(ctx)
}

// NewGroup creates a Microsoft 365 group with an owner and members.
func NewGroup(ctx context.Context, client *graph.Client, owner, member string) (id string, err error) {
	group := &graph.Group{
		DisplayName: new("Planning"), MailNickname: new("planning"), GroupTypes: []string{"Unified"},
		MailEnabled: new(true), SecurityEnabled: new(false),
	}
	const users = "https://graph.microsoft.com/v1.0/users/"
	group.AdditionalData.BindAll(fields.GroupOwners, users+owner)
	group.AdditionalData.BindAll(fields.GroupMembers, users+owner, users+member)
	created, err := client.Groups().Create(ctx, group)
	if err != nil {
		return "", err
	}
	return created.ID, nil
}

// NewSecret adds a secret to an application that is known by its client id.
func NewSecret(ctx context.Context, client *graph.Client, appID string) (string, error) {
	secret, err := client.Applications().ByAppID(appID).AddPassword(ctx, graph.ApplicationAddPasswordParameters{
		PasswordCredential: &graph.PasswordCredential{DisplayName: new("ci"), EndDateTime: new(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))},
	})
	if err != nil {
		return "", err
	}
	return *secret.SecretText, nil
}

// AddCertificate lets an application sign in with a certificate, beside those that it has.
func AddCertificate(ctx context.Context, client *graph.Client, appID string, certificate *x509.Certificate) error {
	application := client.Applications().ByAppID(appID)
	present, err := application.Get(ctx, graph.Select(fields.ApplicationKeyCredentials))
	if err != nil {
		return err
	}
	_, err = application.Update(ctx, &graph.Application{
		KeyCredentials: append(present.AsApplication().KeyCredentials, &graph.KeyCredential{
			DisplayName: new(certificate.Subject.CommonName), Type: new("AsymmetricX509Cert"), Usage: new("Verify"), Key: certificate.Raw,
		}),
	})
	return err
}

// CostCenter moves the users of a cost center to another one. It is a property of the directory that
// an application has added.
func CostCenter(ctx context.Context, client *graph.Client, from, to string) error {
	const costCenter graph.Property = "extension_0a1b2c3d4e5f60718293a4b5c6d7e8f9_costCenter"
	change := new(graph.User)
	if err := change.AdditionalData.Set(costCenter, to); err != nil {
		return err
	}
	for user, err := range client.Users().All(ctx, graph.Where(costCenter.Eq(from)), graph.Select("id", costCenter)) {
		if err != nil {
			return err
		}
		if _, err := client.Users().ByID(user.AsUser().ID).Update(ctx, change); err != nil {
			return err
		}
	}
	return nil
}

// SchemaExtension adds properties of a program's own to groups, and sets them for one.
func SchemaExtension(ctx context.Context, client *graph.Client, group string) error {
	extension, err := client.SchemaExtensions().Create(ctx, &graph.SchemaExtension{
		Entity: graph.Entity{ID: "courses"}, Description: new("Courses"), TargetTypes: []string{"Group"},
		Properties: []*graph.ExtensionSchemaProperty{
			{Name: new("courseName"), Type: new("String")}, {Name: new("credits"), Type: new("Integer")},
		},
	})
	if err != nil {
		return err
	}
	type course struct {
		Name    string `json:"courseName"`
		Credits int    `json:"credits"`
	}
	courses := graph.Property(extension.ID) // the service has put a prefix before it
	change := new(graph.Group)
	if err := change.AdditionalData.Set(courses, course{"Go", 5}); err != nil {
		return err
	}
	if _, err := client.Groups().ByID(group).Update(ctx, change); err != nil {
		return err
	}
	changed, err := client.Groups().ByID(group).Get(ctx, graph.Select(courses))
	if err != nil {
		return err
	}
	var c course
	if err := changed.AdditionalData.Decode(courses, &c); err != nil {
		return err
	}
	fmt.Println(c.Name, "has", c.Credits, "credits")
	return nil
}

// OpenExtension keeps settings with a user, and reads them.
func OpenExtension(ctx context.Context, client *graph.Client) (theme string, err error) {
	extensions, settings := client.Me().Extensions(), &graph.OpenTypeExtension{ExtensionName: new("com.contoso.settings")}
	if err := settings.AdditionalData.Set("theme", "dark"); err != nil {
		return "", err
	}
	if _, err := extensions.Create(ctx, settings); err != nil {
		return "", err
	}
	stored, err := extensions.ByID("com.contoso.settings").Get(ctx)
	if err != nil {
		return "", err
	}
	err = stored.AsExtension().AdditionalData.Decode("theme", &theme)
	return theme, err
}
