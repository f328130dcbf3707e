package callsim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	sim "github.com/callgen/callgen/generated/communicationstest"
)

// look again after this time when something is not there yet.
const again = 50 * time.Millisecond

// expect waits until an expectation holds.
func (p *Player) expect(e *Expect) error {
	left := time.Duration(e.Within)
	for {
		p.look()
		err := p.holds(e)
		if (err == nil) != (e.None != "") || left <= 0 { // what must not happen must not for the whole time
			return err
		}
		p.Pace.Advance(min(again, left))
		left -= again
	}
}

// holds says what does not hold.
func (p *Player) holds(e *Expect) error {
	if err := p.requested(e); err != nil {
		return err
	}
	if e.None != "" {
		if n := p.request(&Expect{Request: e.None}); n > 0 {
			return fmt.Errorf("%s was not expected", e.None)
		}
	}
	if len(e.Complaints) > 0 {
		return p.complained(e.Complaints)
	}
	if e.State == "" && e.People == 0 && e.Code == 0 && e.Subcode == 0 {
		return nil
	}
	id, err := p.call(e.Call)
	if err != nil {
		return err
	}
	call, there := p.Service.Simulator.Call(id)
	state := "terminated"
	if there {
		state = fmt.Sprint(call["state"])
	}
	switch ending := p.endings[id]; {
	case e.State != "" && state != e.State:
		return fmt.Errorf("the call is %s, not %s", state, e.State)
	case e.People > 0 && len(p.Service.Participants(id)) != e.People:
		return fmt.Errorf("%d are in the call, not %d", len(p.Service.Participants(id)), e.People)
	case e.Code > 0 && fmt.Sprint(ending["code"]) != fmt.Sprint(e.Code), e.Subcode > 0 && fmt.Sprint(ending["subcode"]) != fmt.Sprint(e.Subcode):
		return fmt.Errorf("the call has the result %v/%v, not %d/%d", ending["code"], ending["subcode"], e.Code, e.Subcode)
	}
	return nil
}

// complained holds the complaints since the last time against those expected.
func (p *Player) complained(want []string) error {
	var got []string
	all := p.Complaints()
	for _, c := range all[p.complaints:] {
		got = append(got, c.Code)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("what is wrong with the bot is %q, not %q", got, want)
	}
	p.complaints = len(all)
	return nil
}

// requested finds the request that is expected, which no other step can expect then.
func (p *Player) requested(e *Expect) error {
	if e.Request == "" {
		return nil
	}
	if n := p.request(e); n > 0 {
		p.used[n] = true
		return nil
	}
	return fmt.Errorf("the bot did not send %s%s", e.Request, described(e))
}

func described(e *Expect) string {
	text := ""
	if e.Body != nil {
		data, _ := json.Marshal(e.Body)
		text += " with " + string(data)
	}
	if e.Status != 0 {
		text += fmt.Sprintf(" that was answered with %d", e.Status)
	}
	return text
}

// request returns the number of a request in the log, 0 for none.
func (p *Player) request(e *Expect) int {
	method, path, _ := strings.Cut(e.Request, " ")
	statuses := make(map[int]int)
	log := p.Service.Log()
	for _, entry := range log {
		if entry.Kind == sim.KindAnswer {
			statuses[entry.Of] = entry.Status
		}
	}
	want, _ := plain(e.Body).(map[string]any)
	for _, entry := range log {
		if entry.Kind != sim.KindRequest || p.used[entry.Number] || entry.Method != method || !fits(path, entry.URL) {
			continue
		}
		var body any
		_ = json.Unmarshal(entry.Body, &body)
		if (e.Body == nil || contains(body, want)) && (e.Status == 0 || statuses[entry.Number] == e.Status) {
			return entry.Number
		}
	}
	return 0
}

// fits reports whether a path has the form of another one, with "{id}" for a segment.
func fits(form, path string) bool {
	want, got := strings.Split(form, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || w == "{id}" && g != "" })
}

// contains reports whether a value has the members of another one.
func contains(got, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return false
		}
		for name, v := range want {
			if !contains(g[name], v) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		return ok && slices.EqualFunc(g, want, func(g, w any) bool { return contains(g, w) })
	}
	return got == want
}

// plain is a value of YAML as JSON has it.
func plain(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var out any
	_ = json.Unmarshal(data, &out)
	return out
}

// resultOf returns the result in the notification of a call that has ended, or failed to be
// handed over.
func resultOf(body []byte) map[string]any {
	var envelope struct{ Value []struct{ ResourceData any } }
	if json.Unmarshal(body, &envelope) != nil || len(envelope.Value) == 0 {
		return nil
	}
	data, _ := envelope.Value[0].ResourceData.(map[string]any)
	if data["@odata.type"] != "#microsoft.graph.call" {
		return nil
	}
	info, _ := data["resultInfo"].(map[string]any)
	return info
}

// history is the end of the log, for who reads why a step failed.
func (p *Player) history() string {
	log := p.Service.Log()
	var b strings.Builder
	b.WriteString("what happened before:")
	for _, e := range log[max(0, len(log)-12):] {
		fmt.Fprintf(&b, "\n  %s %s", e.Time.Format("15:04:05.000"), Line(e))
	}
	return b.String()
}

// Line is an entry of the log in a line, without times and headers.
func Line(e sim.Entry) string {
	const most = 200
	parts := []string{string(e.Kind), e.Method, e.URL}
	if e.Status != 0 {
		parts = append(parts, fmt.Sprint(e.Status))
	}
	parts = append(parts, e.Text, string(e.Body))
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	text := strings.Join(parts, " ")
	if len(text) > most {
		text = text[:most] + "…"
	}
	return text
}
