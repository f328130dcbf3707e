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
			url, err := attachments.ByID(a.ID).URL()
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

// WeeklyMeeting creates an event that recurs each Monday, with times of Berlin.
func WeeklyMeeting(ctx context.Context, client *graph.Client) (id string, err error) {
	event, err := client.Me().Events().Create(ctx, &graph.Event{
		Subject: new("Planning"),
		Start:   &graph.DateTimeTimeZone{DateTime: new("2026-05-04T09:00:00"), TimeZone: new("Europe/Berlin")},
		End:     &graph.DateTimeTimeZone{DateTime: new("2026-05-04T10:00:00"), TimeZone: new("Europe/Berlin")},
		Attendees: []*graph.Attendee{{
			AttendeeBase: graph.AttendeeBase{
				Recipient: graph.Recipient{EmailAddress: &graph.EmailAddress{Address: new("adele@contoso.com")}},
				Type:      graph.AttendeeTypeRequired,
			},
		}},
		Recurrence: &graph.PatternedRecurrence{
			Pattern: &graph.RecurrencePattern{Type: graph.RecurrencePatternTypeWeekly, Interval: new(int32(1)), DaysOfWeek: []graph.DayOfWeek{graph.DayOfWeekMonday}},
			Range:   &graph.RecurrenceRange{Type: graph.RecurrenceRangeTypeEndDate, StartDate: &graph.Date{Year: 2026, Month: time.May, Day: 4}, EndDate: &graph.Date{Year: 2026, Month: time.December, Day: 31}},
		},
		IsOnlineMeeting: new(true),
	}, graph.Prefer(`outlook.timezone="Europe/Berlin"`))
	if err != nil {
		return "", err
	}
	return event.ID, nil
}

// Week prints the events of a week, those of series, too.
func Week(ctx context.Context, client *graph.Client, monday time.Time) error {
	for event, err := range client.Me().CalendarView().All(ctx,
		graph.QueryStartDateTime(monday), graph.QueryEndDateTime(monday.AddDate(0, 0, 7)), graph.OrderBy("start/dateTime")) {
		if err != nil {
			return err
		}
		fmt.Println(*event.Start.DateTime, *event.Subject)
	}
	return nil
}

// ChangedWeek prints what has changed in a week of the calendar since a link that was stored, and
// returns the next one.
func ChangedWeek(ctx context.Context, client *graph.Client, monday time.Time, stored string) (string, error) {
	changes := client.Me().CalendarView().Delta(
		graph.QueryStartDateTime(monday), graph.QueryEndDateTime(monday.AddDate(0, 0, 7))).Since(stored)
	for change, err := range changes.All(ctx) {
		switch {
		case err != nil:
			return "", err
		case change.Removed != "":
			fmt.Println(change.Value.ID, "is gone")
		default:
			fmt.Println(change.Value.ID, "is", *change.Value.Subject)
		}
	}
	return changes.Link(), nil
}

// FreeTime prints when somebody has time for an hour.
func FreeTime(ctx context.Context, client *graph.Client) error {
	found, err := client.Me().FindMeetingTimes(ctx, graph.UserFindMeetingTimesParameters{
		Attendees: []graph.AnyAttendeeBase{
			&graph.AttendeeBase{Recipient: graph.Recipient{EmailAddress: &graph.EmailAddress{Address: new("adele@contoso.com")}}},
		},
		MeetingDuration: new(graph.Duration("PT1H")),
	})
	if err != nil {
		return err
	}
	for _, suggestion := range found.MeetingTimeSuggestions {
		fmt.Println(*suggestion.MeetingTimeSlot.Start.DateTime)
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
