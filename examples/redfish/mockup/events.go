package mockup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// event is a document that is sent to those who listen.
type event struct{ body []byte }

// Publish sends an event record to the streams, and to the subscriptions with the next call of
// Deliver.
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

// Deliver sends the events from number first on to the subscriptions, and returns the number of
// the next one. A destination that does not answer with success ends it with an error: call it
// again, as a controller tries again.
func (s *Server) Deliver(send func(destination string, header http.Header, body []byte) (status int, err error), first int) (int, error) {
	s.mu.Lock()
	list := s.events
	var subscriptions []map[string]any
	for at, d := range s.documents {
		if strings.HasPrefix(at, subscriptionsPath) {
			subscriptions = append(subscriptions, d.body)
		}
	}
	s.mu.Unlock()
	for ; first < len(list); first++ {
		for _, to := range subscriptions {
			header := http.Header{"Content-Type": {"application/json"}}
			headers, _ := to["HttpHeaders"].([]any)
			for _, h := range headers {
				fields, _ := h.(map[string]any)
				for name, value := range fields {
					header.Set(name, text(value))
				}
			}
			status, err := send(text(to["Destination"]), header, bytes.Clone(list[first].body))
			if err == nil && status >= 300 {
				err = fmt.Errorf("%v answers %d", to["Destination"], status)
			}
			if err != nil {
				return first, err
			}
		}
	}
	return first, nil
}

const subscriptionsPath = "/redfish/v1/EventService/Subscriptions/"
