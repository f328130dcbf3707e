// Package tasks holds the commonest tasks with Microsoft Graph, each as a function. They are
// written for the package graph, which is generated from a small description; a test compiles
// them for all of Graph v1.0, too.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package tasks

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/callgen/callgen/examples/graph/graph"
	"github.com/callgen/callgen/examples/graph/graph/fields"
)

// ListUsers prints the users of a department, page after page, and their number.
func ListUsers(ctx context.Context, client *graph.Client) error {
	opts := []graph.RequestOption{
		graph.Where(fields.UserDepartment.Eq("Sales")), graph.Select(fields.UserDisplayName, fields.UserMail),
		graph.Top(100), graph.IncludeCount(), graph.ConsistencyEventual(),
	}
	page, err := client.Users().List(ctx, opts...)
	if err != nil {
		return err
	}
	fmt.Println(*page.Count, "users")
	for user, err := range graph.Rest(ctx, client, page) {
		if err != nil {
			return err
		}
		fmt.Println(*user.AsUser().DisplayName)
	}
	return nil
}

// UsersManager prints the manager of a user, read along with the user.
func UsersManager(ctx context.Context, client *graph.Client, id string) error {
	user, err := client.Users().ByID(id).Get(ctx, graph.Expand(fields.UserManager, graph.Select(fields.UserDisplayName)))
	if err != nil {
		return err
	}
	if manager, ok := user.AsUser().Manager.(*graph.User); ok {
		fmt.Println(*user.AsUser().DisplayName, "works for", *manager.DisplayName)
	}
	return nil
}

// Managers prints who is above a user, up to the top.
func Managers(ctx context.Context, client *graph.Client, id string) error {
	user, err := client.Users().ByID(id).Get(ctx, graph.ConsistencyEventual(),
		graph.Expand(fields.UserManager, graph.Query("$levels", "max"), graph.Select(fields.UserDisplayName)))
	if err != nil {
		return err
	}
	for {
		manager, ok := user.AsUser().Manager.(graph.AnyUser)
		if !ok {
			return nil
		}
		fmt.Println(*manager.AsUser().DisplayName)
		user = manager
	}
}

// ClearOffice sets a property of a user to null and leaves the others as they are.
func ClearOffice(ctx context.Context, client *graph.Client, id string) error {
	change := &graph.User{JobTitle: new("Engineer")}
	change.AdditionalData.SetNull(fields.UserOfficeLocation)
	_, err := client.Users().ByID(id).Update(ctx, change)
	return err
}

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

// ChangedUsers prints what has changed since a link that was stored, and returns the next one, or
// "" if the link has expired.
func ChangedUsers(ctx context.Context, client *graph.Client, stored string) (link string, err error) {
	changes := client.Users().Delta(graph.Select(fields.UserDisplayName)).Since(stored)
	for change, err := range changes.All(ctx) {
		switch {
		case graph.IsGone(err):
			return "", nil // the link has expired: begin again without it
		case err != nil:
			return "", err
		case change.Removed != "":
			fmt.Println(change.Value.AsUser().ID, "is gone:", change.Removed)
		default:
			fmt.Println(change.Value.AsUser().ID, "is", *change.Value.AsUser().DisplayName)
		}
	}
	return changes.Link(), nil
}

// NextSignIns prints sign-ins from a page on whose link was stored when the program was stopped.
func NextSignIns(ctx context.Context, client *graph.Client, stored string) error {
	for signIn, err := range client.AuditLogs().SignIns().All(ctx, graph.FromLink(stored)) {
		if err != nil {
			return err
		}
		fmt.Println(*signIn.UserPrincipalName, *signIn.IPAddress)
	}
	return nil
}

// NextUsers is the same for a type that can be several, without a builder.
func NextUsers(ctx context.Context, client *graph.Client, stored string) error {
	page, err := graph.Next[graph.AnyUser](ctx, client, stored, graph.Polymorphic(graph.UnmarshalAnyUser))
	if err != nil {
		return err
	}
	for user, err := range graph.Rest(ctx, client, page) {
		if err != nil {
			return err
		}
		fmt.Println(*user.AsUser().DisplayName)
	}
	return nil
}

// ReplacePhoto replaces the photo of a user and reads it again.
func ReplacePhoto(ctx context.Context, client *graph.Client, id string, jpeg []byte) (*graph.Stream, error) {
	photo := client.Users().ByID(id).Photo()
	if _, err := photo.SetValue(ctx, "image/jpeg", bytes.NewReader(jpeg)); err != nil {
		return nil, err
	}
	return photo.Value(ctx)
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

// ManyUsers reads users in one batch; those that do not exist are left out.
func ManyUsers(ctx context.Context, client *graph.Client, ids []string) (names []string, err error) {
	batch := client.NewBatch()
	var items []*graph.BatchItem[graph.AnyUser]
	for _, id := range ids {
		items = append(items, graph.AddToBatch(batch, func(ctx context.Context) (graph.AnyUser, error) {
			return client.Users().ByID(id).Get(ctx)
		}))
	}
	if err := batch.Send(ctx); err != nil {
		return nil, err
	}
	for _, item := range items {
		user, err := item.Result()
		switch {
		case graph.IsNotFound(err):
		case err != nil:
			return nil, err
		default:
			names = append(names, *user.AsUser().DisplayName)
		}
	}
	return names, nil
}

// InOrder replaces an owner of a group, which must not be without any: the second request of a batch
// waits for the first one.
func InOrder(ctx context.Context, client *graph.Client, group, leaving, coming string) error {
	owners, batch := client.Groups().ByID(group).Owners(), client.NewBatch()
	added := batch.Add(func(ctx context.Context) error { return owners.AddRef(ctx, "/directoryObjects/"+coming) })
	removed := batch.Add(func(ctx context.Context) error { return owners.ByID(leaving).RemoveRef(ctx) }).After(added)
	if err := batch.Send(ctx); err != nil {
		return err
	}
	if _, err := added.Result(); err != nil {
		return err // the other one was not tried
	}
	_, err := removed.Result()
	return err
}

// Report writes who was active lately into a file, as CSV.
func Report(ctx context.Context, client *graph.Client, file io.Writer) error {
	report, err := client.Reports().GetOffice365ActiveUserDetail(ctx, graph.ReportRootGetOffice365ActiveUserDetailParameters{Period: new("D7")})
	if err != nil {
		return err
	}
	defer report.Close()
	_, err = io.Copy(file, report)
	return err
}

// Refused tells errors apart.
func Refused(ctx context.Context, client *graph.Client, id string) string {
	_, err := client.Users().ByID(id).Get(ctx, graph.Header("client-request-id", "8f1f0bd4-7c3a-4d4e-9a8a-2d7f2b6f6d11"))
	var refused *graph.Error
	switch {
	case graph.HasCode(err, "Request_ResourceNotFound"):
		return "there is no such user"
	case errors.As(err, &refused):
		return fmt.Sprintf("%d %s, request %s", refused.Status, refused.Code, refused.RequestID)
	case err != nil:
		return "the service was not reached"
	}
	return "found"
}
