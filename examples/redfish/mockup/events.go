package mockup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// event is a document that is sent to those who listen.
type event struct{ body []byte }

// Publish sends an event record to the streams, and to the subscriptions if [Server.Run] runs.
func (s *Server) Publish(record map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.publish(record)
}

func (s *Server) publish(record map[string]any) {
	id := len(s.events) + 1
	record["EventId"], record["MemberId"] = fmt.Sprint(id), "0"
	body, err := json.Marshal(map[string]any{
		"@odata.type": "#Event.v1_10_0.Event", "Id": fmt.Sprint(id), "Name": "Event", "Events": []any{record},
	})
	if err != nil {
		return // a record of the program that is not JSON
	}
	s.events = append(s.events, event{body})
	close(s.news)
	s.news = make(chan struct{})
}

// BreakStreams breaks the connections of all streams of events.
func (s *Server) BreakStreams() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.breaks)
	s.breaks = make(chan struct{})
}

// stream sends events over a connection that stays open, from the one after Last-Event-ID.
func (s *Server) stream(w http.ResponseWriter, req *http.Request) {
	s.mu.Lock()
	next, breaks := len(s.events), s.breaks
	s.mu.Unlock()
	if last, err := strconv.Atoi(req.Header.Get("Last-Event-ID")); err == nil && last >= 0 {
		next = min(last, next)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = fmt.Fprint(w, ": hello\n\n")
	flush := http.NewResponseController(w).Flush
	for {
		s.mu.Lock()
		list, news := s.events, s.news
		s.mu.Unlock()
		for ; next < len(list); next++ {
			if _, err := fmt.Fprintf(w, "id: %d\ndata: %s\n\n", next+1, list[next].body); err != nil {
				return
			}
		}
		if flush() != nil {
			return
		}
		select {
		case <-news:
		case <-breaks:
			panic(http.ErrAbortHandler)
		case <-req.Context().Done():
			return
		}
	}
}

// Run sends events to the destinations of the subscriptions as they come, until ctx is done. What
// is not answered with success is sent again after a second.
func (s *Server) Run(ctx context.Context, client *http.Client) {
	for first := 0; ctx.Err() == nil; {
		s.mu.Lock()
		news := s.news
		s.mu.Unlock()
		var again <-chan time.Time
		var err error
		if first, err = s.deliver(ctx, client, first); err != nil {
			again = time.After(time.Second)
		}
		select {
		case <-news:
		case <-again:
		case <-ctx.Done():
		}
	}
}

// deliver sends the events from a number on, and returns the number of the first one that is left.
func (s *Server) deliver(ctx context.Context, client *http.Client, first int) (int, error) {
	s.mu.Lock()
	list := s.events
	var subscriptions []map[string]any
	for at, d := range s.documents {
		if strings.HasPrefix(at, "/redfish/v1/EventService/Subscriptions/") {
			subscriptions = append(subscriptions, d.body)
		}
	}
	s.mu.Unlock()
	for ; first < len(list); first++ {
		for _, to := range subscriptions {
			if err := post(ctx, client, to, list[first].body); err != nil {
				return first, err
			}
		}
	}
	return first, nil
}

// post sends an event to the destination of a subscription.
func post(ctx context.Context, client *http.Client, subscription map[string]any, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, text(subscription["Destination"]), bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	headers, _ := subscription["HttpHeaders"].([]any)
	for _, h := range headers {
		fields, _ := h.(map[string]any)
		for name, value := range fields {
			req.Header.Set(name, text(value))
		}
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		err = fmt.Errorf("%s answers %d", req.URL.Host, resp.StatusCode)
	}
	return errors.Join(err, resp.Body.Close())
}
