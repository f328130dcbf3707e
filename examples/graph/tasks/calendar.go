package tasks

import (
	"context"
	"fmt"
	"time"

	"github.com/callgen/callgen/examples/graph/graph"
)

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
