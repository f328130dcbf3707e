package page

import (
	"cmp"
	"fmt"
	"go/format"
	"net/http"
	"strings"

	"github.com/callgen/callgen/callsim/emulator"
	sim "github.com/callgen/callgen/generated/communicationstest"
)

// mostSteps is how much of a call becomes a test.
const mostSteps = 500

// wholeTest is what happened in a call as a test of a bot: its notifications are posted, and its
// requests expected, each answered as it was.
func wholeTest(lines []emulator.Line) string {
	answers := make(map[int]emulator.Line)
	for _, l := range lines {
		if l.Kind == sim.KindAnswer {
			answers[l.Of] = l
		}
	}
	var steps strings.Builder
	whole := func() string {
		text := wholeBefore + steps.String() + wholeAfter
		if formatted, err := format.Source([]byte(text)); err == nil {
			return string(formatted)
		}
		return text
	}
	number := 0
	for _, l := range lines {
		switch {
		case number >= mostSteps:
			fmt.Fprintf(&steps, "\t\t// The call went on; a test takes %d steps.\n", mostSteps)
			return whole()
		case l.Kind == sim.KindNotification && l.Attempt <= 1:
			fmt.Fprintf(&steps, "\t\t{notification: %s},\n", literal(string(l.Body)))
		case l.Kind == sim.KindRequest && !strings.HasSuffix(l.URL, "/keepAlive"): // which depends on time
			answer := answers[l.Number]
			fmt.Fprintf(&steps, "\t\t{method: %q, path: %q, status: %d, answer: %s},\n",
				l.Method, l.URL, cmp.Or(answer.Status, http.StatusBadGateway), literal(string(answer.Body)))
		default:
			continue
		}
		number++
	}
	return whole()
}

// literal is a text as Go, without escapes where that can be.
func literal(s string) string {
	if s == "" || strings.Contains(s, "`") || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\ufeff' || r == '\u007f' || r == '\ufffd' }) {
		return fmt.Sprintf("%+q", s)
	}
	return "`" + s + "`"
}

// What stands around the steps of a test.
const (
	wholeBefore = `package bot

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestCall plays a call as it went: notifications are posted to the bot, and its requests are
// expected in their order and answered as they were. Take out what need not be so, such as
// requests by which a bot looks at what there is now and then.
func TestCall(t *testing.T) {
	steps := []struct{ notification, method, path, answer string; status int }{
`
	wholeAfter = `	}
	type request struct {
		what string
		step chan int
	}
	requests, posted := make(chan request), make(chan int, len(steps))
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one := request{r.Method + " " + strings.TrimPrefix(r.URL.Path, "/beta"), make(chan int, 1)}
		select {
		case requests <- one:
		case <-r.Context().Done():
			return
		}
		answer := steps[<-one.step]
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.status)
		_, _ = w.Write([]byte(answer.answer))
	}))
	defer api.Close()
	bot := newBot(api.URL + "/beta") // an http.Handler of yours, whose API is at this address
	var early []request // that came while a notification was posted
	under := 0 // notifications that the bot has not answered
	for i, step := range steps {
		late := time.After(5 * time.Second)
		if step.notification != "" {
			under++
			go func() {
				r := httptest.NewRequest(http.MethodPost, "/callback", strings.NewReader(step.notification))
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				bot.ServeHTTP(w, r)
				posted <- w.Code
			}()
		}
		for done := false; !done; {
			if step.notification == "" && len(early) > 0 {
				one := early[0]
				early = early[1:]
				one.step <- i
				if want := step.method + " " + step.path; one.what != want {
					t.Fatalf("step %d: the bot sent %s, not %s", i, one.what, want)
				}
				break
			}
			select {
			case code := <-posted:
				if under--; code != http.StatusAccepted {
					t.Fatalf("step %d: the bot answered %d", i, code)
				}
				done = step.notification != ""
			case one := <-requests:
				early = append(early, one)
				done = step.notification != ""
			case <-late:
				t.Fatalf("step %d: the bot does not go on: %s %s", i, step.method, step.path)
			}
		}
	}
	for ; under > 0; under-- {
		select {
		case code := <-posted:
			if code != http.StatusAccepted {
				t.Fatalf("the bot answered %d", code)
			}
		case one := <-requests:
			t.Fatalf("the bot also sent %s", one.what)
		case <-time.After(5 * time.Second):
			t.Fatal("the bot has not answered all notifications")
		}
	}
}
`
)
