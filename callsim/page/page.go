// Package page is the page of an emulator: it shows what a bot does, and lets people do what
// others do in its calls.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package page

import (
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/callgen/callgen/callsim"
	"github.com/callgen/callgen/callsim/emulator"
	sim "github.com/callgen/callgen/generated/communicationstest"
)

//go:embed static
var static embed.FS

const (
	maxBody      = 64 << 10
	callsPerPage = 100
	linesPerPage = 200
	mostReaders  = 32 // of events
	tick         = 250 * time.Millisecond
)

// policy lets the page load its own files and nothing else, and never make markup of texts.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// Page is a handler. It must be served behind [emulator.Guard].
type Page struct {
	emulator *emulator.Emulator
	token    string // of changes
	index    *template.Template
	mux      *http.ServeMux
	readers  atomic.Int64
}

// New returns the page of an emulator.
func New(e *emulator.Emulator) (*Page, error) {
	index, err := template.ParseFS(static, "static/index.html")
	if err != nil {
		return nil, err
	}
	p := &Page{emulator: e, token: rand.Text(), index: index, mux: http.NewServeMux()}
	p.mux.HandleFunc("GET /{$}", p.home)
	for _, file := range []string{"page.js", "page.css"} {
		p.mux.HandleFunc("GET /"+file, func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, static, "static/"+file) })
	}
	p.mux.HandleFunc("GET /events", p.events)
	p.mux.HandleFunc("GET /calls", p.calls)
	p.mux.HandleFunc("GET /call", p.call)
	p.mux.HandleFunc("GET /call.go", p.callTest)
	p.mux.HandleFunc("GET /lines", p.lines)
	p.mux.HandleFunc("GET /line", p.line)
	p.mux.HandleFunc("GET /recorded", p.recorded)
	p.mux.HandleFunc("POST /do", p.change(p.do))
	p.mux.HandleFunc("POST /clock", p.change(p.clock))
	p.mux.HandleFunc("POST /record", p.change(p.record))
	return p, nil
}

// ServeHTTP implements [http.Handler].
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	p.mux.ServeHTTP(w, r)
}

func (p *Page) home(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = p.index.Execute(w, map[string]string{ // who asked may be gone
		"Token": p.token, "API": p.emulator.URL(), "Issuer": p.emulator.Metadata(), "Callback": p.emulator.Callback, "App": p.emulator.AppID,
	})
}

// change lets requests through that have the page's token and JSON, which no form of another
// page can send.
func (p *Page) change(f func(body []byte, r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Callsim-Token")), []byte(p.token)) != 1 {
			http.Error(w, "the token of the page is missing or of another run: reload the page", http.StatusForbidden)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "the body is too long", http.StatusRequestEntityTooLarge)
			return
		}
		if err := f(body, r); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// do does a step.
func (p *Page) do(body []byte, r *http.Request) error {
	step, err := callsim.ParseStep(body)
	if err != nil {
		return err
	}
	return p.emulator.Do(r.Context(), step)
}

// clock stops the clock or lets it go on.
func (p *Page) clock(body []byte, _ *http.Request) error {
	var given struct{ Stand bool }
	if err := json.Unmarshal(body, &given); err != nil {
		return err
	}
	p.emulator.Halt(given.Stand)
	return nil
}

// record begins a recording.
func (p *Page) record(body []byte, _ *http.Request) error {
	var given struct{ Name string }
	if err := json.Unmarshal(body, &given); err != nil {
		return err
	}
	p.emulator.Record(given.Name)
	return nil
}

func (p *Page) recorded(w http.ResponseWriter, _ *http.Request) {
	text, err := p.emulator.Recorded()
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case text == nil:
		http.Error(w, "nothing is recorded yet", http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write(text)
	}
}

// events tells the page when something has happened, at most four times a second.
func (p *Page) events(w http.ResponseWriter, r *http.Request) {
	if p.readers.Add(1) > mostReaders {
		p.readers.Add(-1)
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	defer p.readers.Add(-1)
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for last := -1; ; {
		changed := p.emulator.Timeline().Changed()
		if n := p.emulator.Timeline().Last(); n != last {
			last = n
			if _, err := fmt.Fprintf(w, "data: %d\n\n", n); err != nil || out.Flush() != nil {
				return
			}
		}
		select {
		case <-r.Context().Done():
			return
		case <-changed:
		case <-time.After(15 * time.Second):
			last = -1 // a sign of life, and of another scenario
		}
		select {
		case <-r.Context().Done():
			return
		case <-ticker.C:
		}
	}
}

// calls lists calls, with what is of the whole emulator.
func (p *Page) calls(w http.ResponseWriter, r *http.Request) {
	calls, total := p.emulator.Timeline().Calls(number(r, "offset"), callsPerPage)
	reply(w, map[string]any{
		"calls": calls, "total": total, "now": p.emulator.Clock().Now(), "stands": p.emulator.Clock().Stands(),
		"recording": p.emulator.Recording(), "complaints": latest(p.emulator.Complaints(), ""),
	})
}

// call describes one call.
func (p *Page) call(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	about, ok := p.emulator.Timeline().Call(id)
	if !ok {
		http.NotFound(w, r)
		return
	}
	type person struct {
		Name         string
		Muted, Lobby bool
	}
	roster := []person{}
	for _, one := range p.emulator.Service().Participants(id) {
		info, _ := one["info"].(map[string]any)
		identity, _ := info["identity"].(map[string]any)
		muted, _ := one["isMuted"].(bool)
		lobby, _ := one["isInLobby"].(bool)
		if len(roster) < callsPerPage {
			roster = append(roster, person{emulator.Name(identity), muted, lobby})
		}
	}
	reply(w, map[string]any{"call": about, "number": p.emulator.Number(id), "roster": roster, "complaints": latest(p.emulator.Complaints(), id)})
}

// callTest returns a call as a Go test.
func (p *Page) callTest(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	if _, ok := p.emulator.Timeline().Call(id); !ok || id == "" {
		http.NotFound(w, r)
		return
	}
	const more = 4 // lines of a step at most
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, wholeTest(p.emulator.Timeline().First(id, more*mostSteps))) // who asked may be gone
}

// latest are the last complaints of a call, or of all.
func latest(all []sim.Complaint, id string) []sim.Complaint {
	list := []sim.Complaint{}
	for i := len(all) - 1; i >= 0 && len(list) < 50; i-- {
		if id == "" || all[i].CallID == id {
			list = append(list, all[i])
		}
	}
	return list
}

// lines lists lines of a timeline, without bodies.
func (p *Page) lines(w http.ResponseWriter, r *http.Request) {
	type line struct {
		Line   int
		Time   time.Time
		Kind   sim.EntryKind
		Title  string
		Status int
		Body   bool
	}
	list := []line{}
	for _, l := range p.emulator.Timeline().Lines(r.URL.Query().Get("call"), number(r, "before"), linesPerPage) {
		list = append(list, line{l.Line, l.Time, l.Kind, title(l), l.Status, len(l.Body) > 0 || l.Method != ""})
	}
	reply(w, map[string]any{"lines": list})
}

// line returns one line in full, and what can be copied of it.
func (p *Page) line(w http.ResponseWriter, r *http.Request) {
	l, ok := p.emulator.Timeline().Line(number(r, "n"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	reply(w, map[string]any{"headers": l.Header, "body": l.Body, "curl": curl(l, p.emulator.URL()), "go": goTest(l)})
}

func number(r *http.Request, name string) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil {
		return 0
	}
	return max(n, 0)
}

// reply sends JSON.
func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // who asked may be gone
}
