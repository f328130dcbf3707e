// Package tasks holds the commonest tasks with Microsoft Graph, each as a function. They are
// written for the package graph, which is generated from a small description; a test compiles
// them for all of Graph v1.0, too.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package tasks

import (
	"bytes"
	"context"
	"fmt"

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

// ReplacePhoto replaces the photo of a user and reads it again.
func ReplacePhoto(ctx context.Context, client *graph.Client, id string, jpeg []byte) (*graph.Stream, error) {
	photo := client.Users().ByID(id).Photo()
	if _, err := photo.SetValue(ctx, "image/jpeg", bytes.NewReader(jpeg)); err != nil {
		return nil, err
	}
	return photo.Value(ctx)
}
