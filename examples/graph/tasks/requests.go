package tasks

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/callgen/callgen/examples/graph/graph"
)

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

// Rooms reads what the package has no builder for.
func Rooms(ctx context.Context, client *graph.Client) (names []string, err error) {
	type room struct{ DisplayName string }
	rooms, err := graph.Do[struct{ Value []room }](ctx, client, "GET", "/places/microsoft.graph.room?$top=5", nil)
	for _, r := range rooms.Value {
		names = append(names, r.DisplayName)
	}
	return names, err
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
