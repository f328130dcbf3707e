package communicationstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/callgen/callgen/generated/communications"
)

// courier delivers notifications one after the other.
type courier struct {
	client http.Client
	header http.Header
	random *rand.Rand // nil = in order, and once

	mu      sync.Mutex
	wake    *sync.Cond
	waiting []notification
	busy    bool
	over    bool
	done    chan struct{}
	failed  []error
}

// notification is a body on its way to a bot.
type notification struct {
	url  string
	body []byte
}

func newCourier() *courier {
	c := &courier{header: make(http.Header), done: make(chan struct{}), client: http.Client{Timeout: 10 * time.Second}}
	c.wake = sync.NewCond(&c.mu)
	return c
}

func (c *courier) disorder(seed uint64) { c.random = rand.New(rand.NewPCG(seed, seed)) }

func (c *courier) start() { go c.work() }

// add queues a notification, twice if the service is disordered.
func (c *courier) add(n notification) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = append(c.waiting, n)
	if c.random != nil {
		c.waiting = append(c.waiting, n)
		for i := len(c.waiting) - 1; i > max(0, len(c.waiting)-8); i-- {
			j := max(0, i-c.random.IntN(4))
			c.waiting[i], c.waiting[j] = c.waiting[j], c.waiting[i]
		}
	}
	c.wake.Broadcast()
}

func (c *courier) work() {
	defer close(c.done)
	for {
		c.mu.Lock()
		c.busy = false
		c.wake.Broadcast()
		for len(c.waiting) == 0 && !c.over {
			c.wake.Wait()
		}
		if len(c.waiting) == 0 {
			c.mu.Unlock()
			return
		}
		next := c.waiting[0]
		c.waiting, c.busy = slices.Delete(c.waiting, 0, 1), true
		c.mu.Unlock()
		if err := c.deliver(next); err != nil {
			c.mu.Lock()
			c.failed = append(c.failed, err)
			c.mu.Unlock()
		}
	}
}

// deliver posts a notification, and repeats it if the bot asks for that.
func (c *courier) deliver(n notification) error {
	var last error
	for attempt := range 3 {
		time.Sleep(time.Duration(attempt) * 50 * time.Millisecond)
		req, err := http.NewRequest(http.MethodPost, n.url, bytes.NewReader(n.body))
		if err != nil {
			return err
		}
		req.Header = c.header.Clone()
		req.Header.Set("Content-Type", "application/json")
		resp, err := c.client.Do(req)
		if err != nil {
			last = err
			continue
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode < 300 {
			return nil
		}
		last = fmt.Errorf("POST %s: %s", n.url, resp.Status)
		if resp.StatusCode < 500 {
			break
		}
	}
	return last
}

// settle waits until everything is delivered.
func (c *courier) settle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.waiting) > 0 || c.busy {
		c.wake.Wait()
	}
}

func (c *courier) stop() {
	c.mu.Lock()
	c.over = true
	c.wake.Broadcast()
	c.mu.Unlock()
	<-c.done
	c.client.CloseIdleConnections()
}

// Settle waits until all notifications are delivered, and returns the errors of those that
// the bot did not accept.
func (s *Service) Settle() []error {
	s.courier.settle()
	s.courier.mu.Lock()
	defer s.courier.mu.Unlock()
	return slices.Clone(s.courier.failed)
}

// notify notifies the bot of a call of a change, if it has an address.
func (s *Service) notify(call object, change, path string, data any) {
	s.post(call, object{"changeType": change, "resourceUrl": path, "callbackUri": call["callbackUri"], "resourceData": data})
}

// post sends a notification to the bot of a call, if it has an address.
func (s *Service) post(call, n object) {
	url, _ := call["callbackUri"].(string)
	if url == "" {
		return
	}
	n["@odata.type"] = "#microsoft.graph.commsNotification"
	body, err := json.Marshal(object{"@odata.type": "#microsoft.graph.commsNotifications", "value": []object{n}})
	if err == nil {
		s.courier.add(notification{url, body})
	}
}

// remarshal decodes a JSON object into a value of the package.
func remarshal(o object, to communications.Value) error {
	data, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return communications.Unmarshal(data, to)
}
