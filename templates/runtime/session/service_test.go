package session

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/callgen/callgen/templates/runtime/callback"
	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/model"
)

// service is as much of the service as sessions need, without a network: a transport for the
// client, and a sender of notifications.
type service struct {
	t       *testing.T
	handler *callback.NotificationHandler
	random  *rand.Rand // for what repeats
	life    *life
	tenant  string // whose notifications are posted; "" for one that is not known

	mu          sync.Mutex
	state       map[string]string // of the calls
	operations  map[string]object // by path
	people      []object
	requests    []string
	fail        map[string]error // what a request meets, by method and path; errLost after it took effect
	status      map[string]int
	messages    int
	made        int               // calls
	seenBy      []string          // clientContext of each operation, once per begin
	undelivered []func() int      // notifications that a dead bot did not take
	before      func(what string) // called before a request is answered
}

type object = map[string]any

// errLost is the error of an answer that is lost.
var errLost = fmt.Errorf("the connection broke")

func newService(t *testing.T) *service {
	return &service{t: t, state: make(map[string]string), operations: make(map[string]object), fail: make(map[string]error), status: make(map[string]int)}
}

// life is that of a bot: when it is over, nothing of it reaches the service or a store.
type life struct {
	over    atomic.Bool
	service *service
	CallStore
}

// errDead is the error of what a bot does after its life.
var errDead = errors.New("the bot is dead")

func (l *life) RoundTrip(r *http.Request) (*http.Response, error) {
	if l.over.Load() {
		return nil, errDead
	}
	response, err := l.service.RoundTrip(r)
	if l.over.Load() {
		return nil, errDead
	}
	return response, err
}

func (l *life) Save(ctx context.Context, call StoredCall) (uint64, error) {
	if l.over.Load() {
		return 0, errDead
	}
	return l.CallStore.Save(ctx, call)
}

func (l *life) Delete(ctx context.Context, id string, revision uint64) error {
	if l.over.Load() {
		return errDead
	}
	return l.CallStore.Delete(ctx, id, revision)
}

// kill ends the life of the bot that was started last, as a crash does.
func (v *service) kill() { v.life.over.Store(true) }

// bot starts a bot, or its successor, whose client repeats nothing.
func (v *service) bot(options CallsOptions) *Calls {
	v.life = &life{service: v, CallStore: options.Store}
	if options.Store != nil {
		options.Store = v.life
	}
	c := model.NewClient(nil, client.WithBaseURL("http://127.0.0.1/beta"), client.WithHTTPClient(&http.Client{Transport: v.life}), client.WithRetry(client.RetryPolicy{}))
	options.Logger = slog.New(slog.DiscardHandler)
	v.handler = model.NewNotificationHandler(callback.NotificationOptions{Verifier: v, Logger: options.Logger})
	return NewCalls(c, v.handler, options)
}

// VerifyCallback accepts every request, as one of the tenant.
func (v *service) VerifyCallback(*http.Request) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.tenant, nil
}

// of makes the notifications that follow those of a tenant.
func (v *service) of(tenant string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tenant = tenant
}

const callsPath = "/beta/communications/calls"

// RoundTrip answers a request.
func (v *service) RoundTrip(r *http.Request) (*http.Response, error) {
	var body object
	if r.Body != nil {
		data, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(data, &body)
	}
	path := strings.TrimPrefix(r.URL.Path, callsPath)
	what := r.Method + " " + path
	v.mu.Lock()
	before := v.before
	v.mu.Unlock()
	if before != nil {
		before(what)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.requests = append(v.requests, what)
	fail := v.fail[what]
	if fail != nil && fail != errLost {
		return nil, fail
	}
	status, answer := v.status[what], object{}
	if status == 0 {
		status, answer = v.answer(r.Method, path, body)
	}
	if fail != nil {
		return nil, fail
	}
	if status >= 400 {
		answer = object{"error": object{"code": fmt.Sprint(status), "message": "no"}}
	}
	data, _ := json.Marshal(answer)
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(data)), Request: r, ContentLength: int64(len(data)),
	}, nil
}

// answer answers a request; v.mu is held.
func (v *service) answer(method, path string, body object) (int, object) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	id := parts[0]
	if method == http.MethodPost && id == "" {
		v.made++
		id = fmt.Sprintf("call-%d", v.made)
		v.state[id] = "establishing"
		return http.StatusCreated, v.call(id, body)
	}
	if v.state[id] == "" || v.state[id] == "terminated" {
		return http.StatusNotFound, nil
	}
	rest := strings.Join(parts[1:], "/")
	switch {
	case method == http.MethodGet && rest == "":
		return http.StatusOK, v.call(id, nil)
	case method == http.MethodDelete:
		v.state[id] = "terminated"
		return http.StatusNoContent, nil
	case rest == "keepAlive" || rest == "answer" || rest == "reject":
		return http.StatusOK, nil
	case rest == "participants":
		return http.StatusOK, object{"value": v.people}
	case rest == "operations":
		list := []object{}
		for p, o := range v.operations {
			if strings.HasPrefix(p, id+"/") {
				list = append(list, o)
			}
		}
		return http.StatusOK, object{"value": list}
	case method == http.MethodGet:
		if o, ok := v.operations[id+"/"+parts[2]]; ok {
			return http.StatusOK, o
		}
		return http.StatusNotFound, nil
	}
	return http.StatusOK, v.begin(id, body)
}

// begin begins an operation, which ends when the test says so, or is polled.
func (v *service) begin(id string, body object) object {
	o := object{
		"@odata.type": "#microsoft.graph.playPromptOperation", "id": fmt.Sprintf("op-%d", len(v.operations)+1), "status": "running", "clientContext": body["clientContext"],
	}
	v.seenBy = append(v.seenBy, fmt.Sprint(body["clientContext"]))
	v.operations[id+"/"+o["id"].(string)] = o
	return o
}

func (v *service) call(id string, given object) object {
	o := object{"@odata.type": "#microsoft.graph.call", "id": id, "state": v.state[id], "mediaState": nil}
	for name, value := range given {
		o[name] = value
	}
	return o
}

// count returns how many requests began with a text.
func (v *service) count(prefix string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := 0
	for _, r := range v.requests {
		if strings.HasPrefix(r, prefix) {
			n++
		}
	}
	return n
}

// notify posts a notification and returns the status of the answer.
func (v *service) notify(change, path string, data any) int {
	return v.post(v.message(), change, path, data).Code
}

// message is a new message id.
func (v *service) message() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.messages++
	return fmt.Sprint("message-", v.messages)
}

// post posts a notification under a message id.
func (v *service) post(message, change, path string, data any) *httptest.ResponseRecorder {
	body, _ := json.Marshal(object{"value": []object{{"changeType": change, "resourceUrl": "/communications/calls/" + path, "resourceData": data}}})
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Scenario-Id", "scenario")
	if message != "" {
		r.Header.Set("X-Microsoft-Skype-Message-ID", message)
	}
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, r)
	return w
}

// become changes the state of a call and says so.
func (v *service) become(id, state string, more ...object) int {
	v.mu.Lock()
	v.state[id] = state
	v.mu.Unlock()
	data := object{"@odata.type": "#microsoft.graph.call", "id": id, "state": state}
	for _, m := range more {
		for name, value := range m {
			data[name] = value
		}
	}
	change := map[string]string{"incoming": "created", "terminated": "deleted"}[state]
	if change == "" {
		change = "updated"
	}
	return v.notify(change, id, data)
}

// complete ends the operation that was begun last, unless it has ended; nil without one.
func (v *service) complete(id, status string) object {
	v.mu.Lock()
	defer v.mu.Unlock()
	o := v.operations[fmt.Sprintf("%s/op-%d", id, len(v.operations))]
	if o == nil || o["status"] != "running" {
		return nil
	}
	done := object{"resultInfo": object{"code": "200", "subcode": 0, "message": "done"}}
	for name, value := range o {
		done[name] = value
	}
	done["status"] = status
	v.operations[id+"/"+o["id"].(string)] = done
	return done
}

// set changes the state of a call, which nobody is told.
func (v *service) set(id, state string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.state[id] = state
}

// answerWith answers requests of a method and path with a status.
func (v *service) answerWith(what string, status int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.status[what] = status
}

// meet lets requests of a method and path meet an error.
func (v *service) meet(what string, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.fail[what] = err
}

// first lets a function be called before each request is answered.
func (v *service) first(f func(what string)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.before = f
}

// behave ends what meet and first began.
func (v *service) behave() {
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.fail)
	v.before = nil
}

// list says who is in the calls.
func (v *service) list(people ...object) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.people = people
}

func (v *service) press(id string, number int, tone string) int {
	v.mu.Lock()
	state := v.state[id]
	v.mu.Unlock()
	return v.notify("updated", id, object{"@odata.type": "#microsoft.graph.call", "id": id, "state": state, "toneInfo": object{"sequenceId": number, "tone": tone}})
}

// delta posts a change of the roster.
func (v *service) delta(id string, number int, people ...object) int {
	return v.notify("updated", id+"/participants", []object{{"@odata.type": "#microsoft.graph.deltaParticipants", "sequenceNumber": number, "participants": people}})
}

func person(id string, number int) object {
	return object{"@odata.type": "#microsoft.graph.participant", "id": id, "rosterSequenceNumber": number}
}

// record collects the kinds of the events of all calls, with something of their content.
type record struct {
	mu   sync.Mutex
	list []string
	ids  []string
}

func (r *record) of(calls *Calls) {
	calls.OnEvent(func(_ context.Context, e *SessionEvent) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		text := string(e.Kind)
		switch e.Kind {
		case SessionEventState, SessionEventIncoming:
			text += " " + string(e.Old.State) + ">" + string(e.New.State)
		case SessionEventTones:
			text += fmt.Sprint(" ", e.Tones, " missed ", e.MissedTones)
		case SessionEventRoster:
			text += fmt.Sprintf(" +%d ~%d -%d", len(e.Roster.Joined), len(e.Roster.Updated), len(e.Roster.Left))
		case SessionEventOperation:
			text += " " + e.Operation.Action()
		case SessionEventEnded:
			text += " " + e.Err.Error()
		}
		r.list = append(r.list, text)
		r.ids = append(r.ids, e.ID)
		return nil
	})
}

func (r *record) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.list)
}

// create creates a call that is established.
func (v *service) create(calls *Calls) *CallSession {
	s, err := calls.Create(v.t.Context(), &model.Call{CallbackURI: new("https://bot/callback")})
	if !assert.NoError(v.t, err) {
		v.t.FailNow()
	}
	assert.Equal(v.t, http.StatusAccepted, v.become(s.ID(), "established"))
	return s
}

// playParameters are those of playPrompt.
type playParameters struct {
	AdditionalData codec.AdditionalData `json:"-"`
	ClientContext  *string              `json:"clientContext,omitempty"`
}

// play begins to play a prompt.
func play(ctx context.Context, s *CallSession) (CallOperation[*model.PlayPromptOperation], error) {
	p := new(playParameters)
	return typedOperation[*model.PlayPromptOperation](s.begin(ctx, "playPrompt", "microsoft.graph.playPromptOperation", p, &p.ClientContext, nil))
}
