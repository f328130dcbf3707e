package redfish

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStreamsGoOnAfterABreak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		turn := 0
		c := dialed(t, func(w http.ResponseWriter, req *http.Request) {
			assert.Equal(t, eventStreamType, req.Header.Get("Accept"))
			asked = append(asked, req.Header.Get("Last-Event-ID"))
			turn++
			write := func(text string) {
				w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
				_, _ = io.WriteString(w, text)
			}
			switch turn {
			case 1:
				write("retry: 7000\n\n:hello\nid: 1\ndata: {\"@odata.type\":\"#Event.v1_9_0.Event\",\ndata: \"Id\":\"a\"}\n\nid: 2\r\ndata:{\"MetricValues\":[]}\r\n\r\n")
				cut(w)
			case 2:
				answer(w, 503, `{}`)
			case 3:
				cut(w)
			case 4:
				write("id: 3\ndata: " + strings.Repeat("x", 200) + "\n\nid: 4\rdata: nonsense\r\rid\ndata: {\"Events\":[]}\n\nevent: end\ndata: {}") // without an end: not an event
			case 5:
				write("id: 5\ndata: {\"@odata.type\":\"#Event.v9_9_9.Event\"}\n\n")
				<-req.Context().Done()
			}
		}, client.WithRetry(client.RetryPolicy{}))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var got, broken []string
		for e, err := range StreamEvents(ctx, c, "/redfish/v1/SSE", StreamOptions{MostOf: 100, OnBreak: func(err error) { broken = append(broken, err.Error()) }}) {
			if err != nil {
				got = append(got, err.Error())
				continue
			}
			got = append(got, fmt.Sprint(e.ID, " ", e.Type, " ", e.Again))
			if e.ID == "5" {
				cancel()
			}
		}
		assert.Equal(t, []string{
			"1 Event false", "2 MetricReport false",
			"an event has more than 100 bytes and was left out: raise StreamOptions.MostOf",
			"the event cannot be read: an event is not a JSON object: invalid character 'o' in literal null (expecting 'u')",
			" Event true", "5 Event true",
		}, got)
		assert.Equal(t, []string{"", "2", "2", "2", ""}, asked)
		assert.Len(t, broken, 4)
	})
}

func TestStreamsThatAreRefusedEnd(t *testing.T) {
	for body, answers := range map[string]http.HandlerFunc{
		"404": func(w http.ResponseWriter, _ *http.Request) { answer(w, 404, `{}`) },
		`the answer is not a stream of events but "application/json": use ServerSentEventUri of the EventService`: func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, `{}`) },
		"leads to": nil,
	} {
		link := "/redfish/v1/SSE"
		if answers == nil {
			link = "https://evil.example/SSE"
		}
		var got []error
		ctx, cancel := context.WithCancel(t.Context())
		for _, err := range StreamEvents(ctx, dialed(t, answers), link, StreamOptions{OnBreak: func(error) { cancel() }}) {
			got = append(got, err)
		}
		cancel()
		if assert.Len(t, got, 1, body) {
			assert.ErrorContains(t, got[0], body)
		}
	}
}

func TestALoopOverAStreamEndsItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan struct{})
		c := dialed(t, func(w http.ResponseWriter, req *http.Request) {
			defer close(ended)
			w.Header().Set("Content-Type", eventStreamType)
			for {
				if _, err := io.WriteString(w, "data: {}\n\n"); err != nil {
					return
				}
			}
		})
		for e, err := range StreamEvents(t.Context(), c, "/redfish/v1/SSE", StreamOptions{}) {
			require.NoError(t, err)
			assert.Empty(t, e.Type)
			break
		}
		<-ended
	})
}

func TestEventsDecodeIntoTheirType(t *testing.T) {
	e, err := newControllerEvent([]byte(`{"@odata.type":"#ComputerSystem.v1_2_3.ComputerSystem","Id":"1"}`))
	require.NoError(t, err)
	v := new(system)
	require.NoError(t, e.decodeAs("ComputerSystem", v))
	assert.Equal(t, "1", v.ID)
	assert.EqualError(t, e.decodeAs("Event", v), "the document is of the type ComputerSystem, not Event")
}

func FuzzEventStream(f *testing.F) {
	f.Add([]byte("id: 1\ndata: {}\n\n"))
	f.Add([]byte("data:{\r\ndata:}\r\r\nretry:5\n:x\n\ndata\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &eventStream{options: StreamOptions{MostOf: 64}}
		lines := &lineReader{from: bufio.NewReader(bytes.NewReader(data)), most: 64}
		for range len(data) + 1 {
			e, err := s.next(lines)
			if e != nil && len(e.Body) > 64 {
				t.Errorf("an event of %d bytes", len(e.Body))
			}
			if errors.Is(err, io.ErrUnexpectedEOF) {
				return
			}
		}
		t.Error("the stream does not end")
	})
}

func TestReceivedEvents(t *testing.T) {
	var log bytes.Buffer
	var got []string
	receiver := NewEventReceiver(ReceiverOptions{Header: "X-Secret", Secret: "s3cret", MostOf: 100, Log: slog.New(slog.NewTextHandler(&log, nil))},
		func(_ context.Context, e *ControllerEvent) error {
			got = append(got, e.Type)
			switch e.Type {
			case "Late":
				return errors.New("not now")
			case "Bad":
				panic("bad")
			}
			return nil
		})
	post := func(body string, change ...func(*http.Request)) int {
		req := httptest.NewRequest(http.MethodPost, "/events", strings.NewReader(body))
		req.Header.Set("X-Secret", "s3cret")
		for _, f := range change {
			f(req)
		}
		w := httptest.NewRecorder()
		receiver.ServeHTTP(w, req)
		return w.Code
	}
	assert.Equal(t, 204, post(`{"@odata.type":"#Event.v1_9_0.Event"}`))
	assert.Equal(t, 204, post(`{"MetricValues":[]}`, func(req *http.Request) { req.Header.Set("Content-Type", "application/json;odata.metadata=minimal") }))
	assert.Equal(t, 503, post(`{"@odata.type":"#Late.v1_0_0.Late"}`))
	assert.Equal(t, 503, post(`{"@odata.type":"#Bad.v1_0_0.Bad"}`))
	assert.Equal(t, []string{"Event", "MetricReport", "Late", "Bad"}, got)
	assert.Equal(t, 400, post(`x`))
	assert.Equal(t, 413, post(`{"x":"`+strings.Repeat("x", 200)+`"}`))
	assert.Equal(t, 401, post(`{}`, func(req *http.Request) { req.Header.Set("X-Secret", "other") }))
	assert.Equal(t, 415, post(`{}`, func(req *http.Request) { req.Header.Set("Content-Type", "text/xml") }))
	assert.Equal(t, 405, post(`{}`, func(req *http.Request) { req.Method = http.MethodGet }))
	assert.Len(t, got, 4)
	assert.NotContains(t, log.String(), "s3cret")
	assert.NotContains(t, fmt.Sprintf("%+v", *receiver), "s3cret")
	open := NewEventReceiver(ReceiverOptions{}, func(context.Context, *ControllerEvent) error { return nil })
	w := httptest.NewRecorder()
	open.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{}`)))
	assert.Equal(t, 204, w.Code)
}

func TestPausesGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for n, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
			begun := time.Now()
			require.NoError(t, client.PausedFor(t.Context(), n, 0))
			assert.Equal(t, want, time.Since(begun))
		}
		begun := time.Now()
		require.NoError(t, client.PausedFor(t.Context(), 100, 7*time.Second))
		assert.Equal(t, time.Minute, time.Since(begun))
	})
}
