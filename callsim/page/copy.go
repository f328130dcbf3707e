package page

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/callgen/callgen/callsim/emulator"
	sim "github.com/callgen/callgen/generated/communicationstest"
)

// title is a line in words.
func title(l emulator.Line) string {
	const most = 300
	var text string
	switch l.Kind {
	case sim.KindRequest:
		text = l.Method + " " + l.URL
	case sim.KindNotification:
		text = news(l.Body)
		if l.Attempt > 1 {
			text += fmt.Sprintf(", attempt %d", l.Attempt)
		}
	case sim.KindAnswer, sim.KindDelivery:
		text = fmt.Sprint(l.Status)
	}
	if l.Text != "" {
		text = strings.TrimSpace(text + " " + l.Text)
	}
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// news is what a notification tells, in words.
func news(body []byte) string {
	var n struct {
		Value []struct {
			ChangeType, ResourceURL string
			ResourceData            json.RawMessage
		}
	}
	if json.Unmarshal(body, &n) != nil || len(n.Value) == 0 {
		return ""
	}
	var data struct {
		State, Status string
		ToneInfo      struct{ Tone string }
		MediaState    struct{ Audio string }
	}
	_ = json.Unmarshal(n.Value[0].ResourceData, &data) // a roster is a list
	text := n.Value[0].ChangeType + " " + n.Value[0].ResourceURL
	switch {
	case data.ToneInfo.Tone != "":
		text += ": tone " + data.ToneInfo.Tone
	case data.MediaState.Audio != "":
		text += ": audio " + data.MediaState.Audio
	case data.State+data.Status != "":
		text += ": " + data.State + data.Status
	}
	return text
}

// curl is a request or notification as a command; "" for other lines.
func curl(l emulator.Line, api string) string {
	if l.Method == "" || l.Kind != sim.KindRequest && l.Kind != sim.KindNotification {
		return ""
	}
	address, token := l.URL, "$TOKEN"
	if l.Kind == sim.KindRequest {
		address, token = api+l.URL, "token"
	}
	command := "curl -X " + quoted(l.Method) + " " + quoted(address) + ` -H "Authorization: Bearer ` + token + `"`
	if len(l.Body) > 0 {
		command += " -H 'Content-Type: application/json' --data-raw " + quoted(string(l.Body))
	}
	return command
}

// quoted is a word of a shell's command.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// goTest is a request or notification as a test; "" for other lines.
func goTest(l emulator.Line) string {
	switch {
	case l.Method == "":
		return ""
	case l.Kind == sim.KindNotification:
		return fmt.Sprintf(`func TestNotification(t *testing.T) {
	r := httptest.NewRequest(%q, %q, strings.NewReader(%q))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	bot.ServeHTTP(w, r)
	if w.Code != http.StatusAccepted {
		t.Errorf("the bot answered %%d: %%s", w.Code, w.Body)
	}
}
`, l.Method, l.URL, l.Body)
	case l.Kind == sim.KindRequest:
		return fmt.Sprintf(`func TestRequest(t *testing.T) {
	service, err := communicationstest.NewService()
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	r, err := http.NewRequestWithContext(t.Context(), %q, service.URL+%q, strings.NewReader(%q))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer token")
	r.Header.Set("Content-Type", "application/json")
	answer, err := service.HTTPClient().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	t.Log(answer.Status)
}
`, l.Method, l.URL, l.Body)
	}
	return ""
}
