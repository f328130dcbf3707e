package simulator

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// courier delivers notifications. What stands from pending on is used under the simulator's lock.
type courier struct {
	client http.Client
	header http.Header
	sign   func(*http.Request) error
	hosts  []string // to which notifications may go besides this machine
	serial bool

	pending      int // notifications that are not delivered yet
	lanes        map[string]*lane
	late         map[*post]Timer // that are posted later
	failed       []error
	disorder     *rand.Rand // nil = in order, and once
	losing       *rand.Rand // nil = nothing is lost
	part         float64
	disturbances []*Disturbance
	handlers     []connection
}

// lane are the notifications of a call that wait for those before them.
type lane struct{ queue []*post }

// connection is a handler that is reached in memory, under an address.
type connection struct {
	address string
	handler http.Handler
}

// post is a notification on its way to a bot.
type post struct {
	callID, chain, tenant, url string
	body                       []byte
	original                   string // the id of the message
	posted                     bool   // at least once
	first                      bool   // it reports an incoming call
}

func (c *courier) begin() {
	c.header, c.lanes, c.late = make(http.Header), make(map[string]*lane), make(map[*post]Timer)
	c.client = http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 64},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Connect delivers notifications to a handler in memory, whatever their address. Nothing is
// posted to an address then.
func (s *Simulator) Connect(h http.Handler) { s.ConnectAt("", h) }

// ConnectAt delivers the notifications for addresses that begin so to a handler in memory. Of
// several the longest address counts.
func (s *Simulator) ConnectAt(address string, h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rest := slices.DeleteFunc(s.courier.handlers, func(c connection) bool { return c.address == address })
	if h != nil {
		rest = append(rest, connection{address, h})
	}
	slices.SortFunc(rest, func(a, b connection) int { return len(b.address) - len(a.address) })
	s.courier.handlers = rest
}

// send puts a notification on its way; s.mu is held.
func (s *Simulator) send(p *post) {
	if s.ctx.Err() != nil {
		return
	}
	c := &s.courier
	p.original = s.newID()
	if c.losing != nil && c.losing.Float64() < c.part {
		s.lost(p)
		return
	}
	if s.disturbed(p) {
		return
	}
	if c.disorder == nil {
		s.enqueue(p)
		return
	}
	const spread = int64(3 * time.Millisecond)
	for i := range 2 {
		s.delayed(p.copy(i > 0), time.Duration(c.disorder.Int64N(spread)))
	}
}

// copy returns a notification that is posted on its own, under an id of its own if it is a
// repetition.
func (p *post) copy(repeated bool) *post {
	other := *p
	other.posted = repeated
	return &other
}

func (s *Simulator) lost(p *post) {
	s.record(Entry{Kind: KindNetwork, CallID: p.callID, URL: p.url, Body: raw(p.body), Text: "loses a notification"})
}

// delayed enqueues a notification later.
func (s *Simulator) delayed(p *post, d time.Duration) {
	s.courier.pending++
	s.courier.late[p] = s.clock.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.courier.late, p)
		s.enqueue(p)
		s.delivered()
	})
}

// drop forgets the notifications that are posted later; s.mu is held.
func (s *Simulator) drop() {
	for p, timer := range s.courier.late {
		if timer.Stop() {
			delete(s.courier.late, p)
			s.delivered()
		}
	}
}

// enqueue adds a notification to those of its call.
func (s *Simulator) enqueue(p *post) {
	s.courier.pending++
	l := s.courier.lanes[p.callID]
	if l != nil {
		l.queue = append(l.queue, p)
		return
	}
	l = &lane{queue: []*post{p}}
	s.courier.lanes[p.callID] = l
	end := working(s.clock)
	go func() {
		defer end()
		s.work(p.callID, l)
	}()
}

// work delivers the notifications of a call until all are delivered.
func (s *Simulator) work(id string, l *lane) {
	for {
		s.mu.Lock()
		if len(l.queue) == 0 {
			delete(s.courier.lanes, id)
			s.mu.Unlock()
			return
		}
		next := l.queue[0]
		l.queue = slices.Delete(l.queue, 0, 1)
		s.mu.Unlock()
		arrived, end := make(chan struct{}), working(s.clock)
		go func() {
			defer end()
			s.deliver(next, sync.OnceFunc(func() { close(arrived) }))
		}()
		<-arrived
	}
}

// deliver posts a notification, again if the bot asks for that. It calls arrived when the next
// one of the call may be posted.
func (s *Simulator) deliver(p *post, arrived func()) {
	defer arrived()
	begun := arrived
	if s.courier.serial {
		begun = func() {}
	}
	const attempts = 4
	var err error
	for attempt := range attempts {
		if !sleep(s.ctx, s.clock, time.Duration(attempt)*s.timing.Retry) {
			err = cmp.Or(err, errClosed)
			break
		}
		var again bool
		if again, err = s.post(p, attempt+1, begun); err == nil || !again {
			break
		}
		arrived() // the others need not wait for this one
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.courier.failed = append(s.courier.failed, err)
		s.complain(p.callID, "notification-refused", err.Error(), "")
		if p.first {
			s.notTaken(p.callID)
		}
	}
	s.delivered()
}

// delivered counts a notification less; s.mu is held.
func (s *Simulator) delivered() {
	s.courier.pending--
	s.changed.Broadcast()
}

// post posts a notification once. It reports whether it can be tried again.
func (s *Simulator) post(p *post, attempt int, begun func()) (again bool, err error) {
	req, err := s.posting(p)
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	number := s.record(Entry{Kind: KindNotification, CallID: p.callID, Method: req.Method, URL: p.url, Header: req.Header, Body: raw(p.body), Attempt: attempt})
	s.mu.Unlock()
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	limit := s.clock.AfterFunc(s.timing.Post, cancel)
	defer limit.Stop()
	response, err := s.carry(req.WithContext(ctx), p, begun)
	status, location := 0, ""
	if err == nil {
		_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
		response.Body.Close()
		status, location = response.StatusCode, response.Header.Get("Location")
	}
	s.mu.Lock()
	s.record(Entry{Kind: KindDelivery, CallID: p.callID, Of: number, URL: p.url, Status: status, Attempt: attempt, Text: text(err)})
	s.mu.Unlock()
	switch {
	case err != nil:
		return true, err
	case status < 300:
		return false, nil
	case status < 400 && location != "" && p.first:
		return true, s.sentElsewhere(p, location)
	}
	again = status >= 500 || status == http.StatusRequestTimeout || status == http.StatusTooManyRequests
	return again, fmt.Errorf("POST %s: %s", p.url, response.Status)
}

// posting returns the request of a notification, with the headers that the service sends.
func (s *Simulator) posting(p *post) (*http.Request, error) {
	req, err := http.NewRequest(http.MethodPost, p.url, bytes.NewReader(p.body))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	id := p.original
	h := s.courier.header.Clone()
	if p.posted {
		id = s.newID()
		h.Set("X-Microsoft-Skype-Original-Message-ID", p.original)
	}
	p.posted = true
	s.mu.Unlock()
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "Microsoft-Skype/3.0,(Calling/1.0)")
	h.Set("X-Microsoft-Skype-Message-ID", id)
	h.Set("X-Microsoft-Skype-Chain-ID", p.chain)
	h.Set("Scenario-Id", p.chain)
	h.Set("MS-Teams-Ring", "general")
	h.Set("MS-Teams-Partition", "simulated01")
	h.Set("MS-Teams-Region", "local")
	req.Header = h
	if s.courier.sign != nil {
		err = s.courier.sign(req)
	}
	return req, err
}

// carry brings a request to the bot: in memory, or through a socket of this machine.
func (s *Simulator) carry(req *http.Request, p *post, begun func()) (*http.Response, error) {
	s.mu.Lock()
	handlers := s.courier.handlers
	s.mu.Unlock()
	for _, c := range handlers {
		if strings.HasPrefix(p.url, c.address) {
			return exchange(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				begun()
				c.handler.ServeHTTP(w, r)
			}), req)
		}
	}
	if !s.courier.mayPostTo(req.URL) {
		return nil, fmt.Errorf("%s is not on this machine: nothing is posted there; use a callback address on loopback, Connect or AllowCallbacksTo", p.url)
	}
	trace := &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { begun() }}
	return s.courier.client.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
}

// mayPostTo reports whether an address is on this machine or allowed.
func (c *courier) mayPostTo(u *url.URL) bool {
	host := u.Hostname()
	return host == "localhost" || net.ParseIP(host).IsLoopback() || slices.Contains(c.hosts, host) || slices.Contains(c.hosts, u.Host)
}

// sentElsewhere lets another deployment of the bot have an incoming call: that which the first
// notification was answered with. The error makes the courier post it there.
func (s *Simulator) sentElsewhere(p *post, location string) error {
	from, err := url.Parse(p.url)
	if err != nil {
		return err
	}
	to, err := from.Parse(location)
	if err != nil {
		return fmt.Errorf("POST %s: the bot sends the call to %q, which is no address: %w", p.url, location, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p.url = to.String()
	if call, ok := s.entities.change(callsPath+"/"+p.callID, object{"callbackUri": p.url}); ok {
		if body, err := withCallback(p.body, call["callbackUri"]); err == nil {
			p.body = body
		}
	}
	return errors.New("the bot sent the call to " + p.url)
}

// withCallback replaces the callback address in a notification.
func withCallback(body []byte, address any) ([]byte, error) {
	var envelope struct {
		Type  string   `json:"@odata.type"`
		Value []object `json:"value"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return nil, err
	}
	for _, n := range envelope.Value {
		n["callbackUri"] = address
	}
	return json.Marshal(object{"@odata.type": envelope.Type, "value": envelope.Value})
}
