package tasks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/callgen/callgen/examples/graph/graph"
	"github.com/callgen/callgen/examples/graph/graph/fields"
)

// SendMail sends a message with an attachment.
func SendMail(ctx context.Context, client *graph.Client, report []byte) error {
	return client.Me().SendMail(ctx, graph.UserSendMailParameters{
		Message: &graph.Message{
			Subject: new("Report"),
			Body:    &graph.ItemBody{ContentType: graph.BodyTypeText, Content: new("It is attached.")},
			ToRecipients: []graph.AnyRecipient{
				&graph.Recipient{EmailAddress: &graph.EmailAddress{Address: new("adele@contoso.com")}},
			},
			Attachments: []graph.AnyAttachment{
				&graph.FileAttachment{
					Attachment:   graph.Attachment{Name: new("report.pdf"), ContentType: new("application/pdf")},
					ContentBytes: report,
				},
			},
		},
		SaveToSentItems: new(true),
	})
}

// Unread prints the unread messages of the inbox, with their bodies as text.
func Unread(ctx context.Context, client *graph.Client) error {
	inbox := client.Me().MailFolders().ByID("inbox").Messages()
	for message, err := range inbox.All(ctx, graph.Where(fields.MessageIsRead.Eq(false)),
		graph.Prefer(`outlook.body-content-type="text"`), graph.Prefer(`IdType="ImmutableId"`)) {
		if err != nil {
			return err
		}
		switch m := message.(type) {
		case *graph.EventMessage:
			fmt.Println("meeting:", *m.Subject)
		default:
			fmt.Println(*m.AsMessage().Subject)
		}
	}
	return nil
}

// AttachLargeFile adds a file to a draft by an upload session, and returns where the attachment is.
func AttachLargeFile(ctx context.Context, client *graph.Client, message, name string, file io.ReaderAt, size int64) (string, error) {
	session, err := client.Me().Messages().ByID(message).Attachments().CreateUploadSession(ctx, graph.AttachmentCollectionCreateUploadSessionParameters{
		AttachmentItem: &graph.AttachmentItem{AttachmentType: graph.AttachmentTypeFile, Name: &name, Size: &size},
	})
	if err != nil {
		return "", err
	}
	var response graph.Response
	upload := graph.Upload[struct{}]{URL: *session.UploadURL, Content: file, Size: size}
	_, err = upload.Send(ctx, client, graph.ResponseInto(&response))
	return response.Location, err
}

// ReadAttachments saves what is attached to a message.
func ReadAttachments(ctx context.Context, client *graph.Client, message string, save func(name string, content io.Reader) error) error {
	attachments := client.Me().Messages().ByID(message).Attachments()
	for attachment, err := range attachments.All(ctx) {
		if err != nil {
			return err
		}
		switch a := attachment.(type) {
		case *graph.FileAttachment:
			if err := save(*a.Name, bytes.NewReader(a.ContentBytes)); err != nil {
				return err
			}
		case *graph.ItemAttachment: // a message or an event; it is read as MIME
			url, err := graph.URLOf(attachments.ByID(a.ID))
			if err != nil {
				return err
			}
			content, err := graph.Do[*graph.Stream](ctx, client, "GET", url+"/$value", nil)
			if err != nil {
				return err
			}
			err = save(*a.Name, content)
			content.Close()
			if err != nil {
				return err
			}
		case *graph.ReferenceAttachment:
			fmt.Println("a link to a file:", *a.Name)
		}
	}
	return nil
}

// Subscribe asks for notifications of new messages, and renews the subscription.
func Subscribe(ctx context.Context, client *graph.Client, expires time.Time) error {
	created, err := client.Subscriptions().Create(ctx, &graph.Subscription{
		ChangeType: new("created"), Resource: new("me/messages"), NotificationURL: new("https://app.contoso.com/notifications"),
		ExpirationDateTime: &expires, ClientState: new("secret"),
	})
	if err != nil {
		return err
	}
	_, err = client.Subscriptions().ByID(created.ID).Update(ctx, &graph.Subscription{ExpirationDateTime: new(expires.Add(48 * time.Hour))})
	return err
}

// ReceiveMail prints the subject of each message that arrives, until the context ends. The service
// posts to the address, where the mux must be served.
func ReceiveMail(ctx context.Context, client *graph.Client, mux *http.ServeMux, user, address string) error {
	keeper := graph.NewSubscriptionKeeper(client, graph.KeeperOptions{})
	handler := graph.NewChangeHandler(graph.ChangeOptions{ClientStates: keeper.ClientStates})
	handler.OnLifecycle(keeper.HandleLifecycle)
	handler.OnEvent(func(ctx context.Context, e *graph.ChangeEvent) error {
		message, err := client.Users().ByID(user).Messages().ByID(e.ID).Get(ctx, graph.Select(fields.MessageSubject))
		if err != nil {
			return err
		}
		fmt.Println(*message.AsMessage().Subject)
		return nil
	})
	mux.Handle("/changes", handler)
	err := keeper.Keep(ctx, "inbox of "+user, &graph.Subscription{
		Resource: new("users/" + user + "/mailFolders/inbox/messages"), ChangeType: new("created"),
		NotificationURL: &address, LifecycleNotificationURL: &address,
	}, 48*time.Hour)
	if err != nil {
		return err
	}
	<-ctx.Done()
	end := context.WithoutCancel(ctx)
	return errors.Join(handler.Shutdown(end), keeper.Close(end))
}
