package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	sim "github.com/callgen/callgen/generated/communicationstest"
)

// Timeline is what has happened, by call. Its methods are safe for concurrent use.
type Timeline struct {
	service *sim.Service

	mu      sync.Mutex
	number  int
	bytes   int // of the bodies of all lines
	all     []*Line
	byCall  map[string][]*Line
	order   []string // calls, in the order in which they came
	about   map[string]*About
	created map[int]*Line // requests for calls that are not answered
	changed chan struct{} // closed at the next change
}

// Line is an entry of a timeline. Its number counts all lines.
type Line struct {
	Line int
	sim.Entry
}

// About is what is known of a call, also after its end.
type About struct {
	ID, State, With, Direction string
	Since, Changed             time.Time
	Result                     string // why it ended
	Lines                      int
}

const (
	mostLines = 20_000 // of a timeline
	mostCalls = 2_000
	mostBody  = 64 << 10 // of a line
	mostBytes = 64 << 20 // of the bodies of all lines
)

func newTimeline(s *sim.Service) *Timeline {
	return &Timeline{
		service: s, byCall: make(map[string][]*Line), about: make(map[string]*About), created: make(map[int]*Line), changed: make(chan struct{}),
	}
}

// clock notes what the clock did.
func (t *Timeline) clock(text string) {
	t.add(sim.Entry{Kind: sim.KindClock, Time: time.Now(), Text: text})
}

// add adds an entry of the log. The simulator is locked meanwhile.
func (t *Timeline) add(e sim.Entry) {
	if len(e.Body) > mostBody {
		e.Body, _ = json.Marshal(fmt.Sprintf("%.2000s… (%d bytes)", e.Body, len(e.Body)))
	}
	e.Header = withoutTokens(e.Header)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.number++
	line := &Line{t.number, e}
	t.all = capped(append(t.all, line))
	if t.bytes += len(line.Body); t.bytes > mostBytes {
		t.lighten()
	}
	switch {
	case e.Kind == sim.KindRequest && e.CallID == "" && e.Method == http.MethodPost && strings.HasSuffix(e.URL, "/calls"):
		t.created[e.Number] = line
	case e.Kind == sim.KindAnswer && t.created[e.Of] != nil:
		request := t.created[e.Of]
		delete(t.created, e.Of)
		var made struct{ ID string }
		if e.Status == http.StatusCreated && json.Unmarshal(e.Body, &made) == nil && made.ID != "" {
			request.CallID, line.CallID = made.ID, made.ID
			t.to(request)
		}
	}
	if line.CallID != "" {
		t.to(line)
	}
	close(t.changed)
	t.changed = make(chan struct{})
}

// to adds a line to those of its call; t.mu is held.
func (t *Timeline) to(line *Line) {
	id := line.CallID
	about := t.about[id]
	if about == nil {
		about = &About{ID: id, Since: line.Time}
		t.about[id] = about
		t.order = append(t.order, id)
		if len(t.order) > mostCalls {
			delete(t.about, t.order[0])
			delete(t.byCall, t.order[0])
			t.order = slices.Delete(t.order, 0, 1)
		}
	}
	t.byCall[id] = capped(append(t.byCall[id], line))
	about.Changed = line.Time
	about.Lines++
	if line.Kind == sim.KindNotification && bytes.Contains(line.Body, []byte(`"terminated"`)) {
		about.Result = result(line.Body)
	}
}

// lighten forgets the bodies of the older half of the lines; t.mu is held. Lines that are only
// kept with their calls have theirs until then, too.
func (t *Timeline) lighten() {
	t.bytes = 0
	newest := t.number - len(t.all)/2
	forget := func(lines []*Line) {
		for _, l := range lines {
			if l.Line <= newest {
				l.Body = nil
			}
		}
	}
	forget(t.all)
	for _, lines := range t.byCall {
		forget(lines)
	}
	for _, l := range t.all {
		t.bytes += len(l.Body)
	}
}

// capped forgets the first half of what is too long.
func capped(lines []*Line) []*Line {
	if len(lines) > mostLines {
		return slices.Delete(lines, 0, mostLines/2)
	}
	return lines
}

// withoutTokens hides what must not be copied from a screen.
func withoutTokens(h http.Header) http.Header {
	if h.Get("Authorization") == "" {
		return h
	}
	h = h.Clone()
	h.Set("Authorization", "Bearer …")
	return h
}

// result is why a call ended.
func result(body []byte) string {
	var n struct {
		Value []struct {
			ResourceData struct {
				ResultInfo struct {
					Code, Subcode int
					Message       string
				}
			}
		}
	}
	if json.Unmarshal(body, &n) != nil || len(n.Value) == 0 {
		return ""
	}
	r := n.Value[0].ResourceData.ResultInfo
	return fmt.Sprintf("%d/%d %s", r.Code, r.Subcode, r.Message)
}

// Changed returns a channel that is closed when something happens.
func (t *Timeline) Changed() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.changed
}

// Last returns the number of the last line.
func (t *Timeline) Last() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.number
}

// Calls returns calls, the latest first, and how many there are.
func (t *Timeline) Calls(offset, limit int) ([]About, int) {
	t.mu.Lock()
	var page []About
	total := len(t.order)
	for i := total - 1 - max(offset, 0); i >= 0 && len(page) < limit; i-- {
		page = append(page, *t.about[t.order[i]])
	}
	t.mu.Unlock()
	for i := range page {
		t.describe(&page[i])
	}
	return page, total
}

// Call returns what is known of a call.
func (t *Timeline) Call(id string) (About, bool) {
	t.mu.Lock()
	a, ok := t.about[id]
	var about About
	if ok {
		about = *a
	}
	t.mu.Unlock()
	if ok {
		t.describe(&about)
	}
	return about, ok
}

// describe says how a call is now, and remembers who is at its other end.
func (t *Timeline) describe(a *About) {
	call, there := t.service.Simulator.Call(a.ID)
	if !there {
		a.State = "terminated"
		return
	}
	a.State, _ = call["state"].(string)
	a.Direction, _ = call["direction"].(string)
	if a.With == "" {
		a.With = other(call)
		t.mu.Lock()
		if known := t.about[a.ID]; known != nil {
			known.With, known.Direction = a.With, a.Direction
		}
		t.mu.Unlock()
	}
}

// other is who is at the other end of a call.
func other(call map[string]any) string {
	if info, ok := call["meetingInfo"].(map[string]any); ok {
		id, _ := info["joinMeetingId"].(string)
		return strings.TrimSpace("meeting " + id)
	}
	end, _ := call["source"].(map[string]any)
	if call["direction"] != "incoming" {
		targets, _ := call["targets"].([]any)
		if len(targets) > 0 {
			end, _ = targets[0].(map[string]any)
		}
	}
	identity, _ := end["identity"].(map[string]any)
	return Name(identity)
}

// Name is how a set of identities is shown.
func Name(set map[string]any) string {
	for _, kind := range []string{"user", "guest", "phone", "application"} {
		identity, _ := set[kind].(map[string]any)
		for _, member := range []string{"displayName", "id"} {
			if text, _ := identity[member].(string); text != "" {
				return text
			}
		}
	}
	return ""
}

// Lines returns the lines of a call, or of all for "", with numbers below before (0 for the
// latest ones), in order: at most limit.
func (t *Timeline) Lines(call string, before, limit int) []Line {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := t.all
	if call != "" {
		lines = t.byCall[call]
	}
	var page []Line
	for i := len(lines) - 1; i >= 0 && len(page) < limit; i-- {
		if before == 0 || lines[i].Line < before {
			page = append(page, *lines[i])
		}
	}
	slices.Reverse(page)
	return page
}

// First returns the first lines of a call, in order: at most limit.
func (t *Timeline) First(call string, limit int) []Line {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := t.byCall[call]
	first := make([]Line, min(len(lines), limit))
	for i := range first {
		first[i] = *lines[i]
	}
	return first
}

// Line returns one line.
func (t *Timeline) Line(number int) (Line, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := len(t.all) - 1; i >= 0; i-- {
		if t.all[i].Line == number {
			return *t.all[i], true
		}
	}
	return Line{}, false
}
