package callsim

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"

	sim "github.com/callgen/callgen/generated/communicationstest"
)

// notifications is the page that says how a bot takes notifications.
const notifications = "Incoming call notifications"

// Complaints returns what is wrong with the bot, in the order in which it was found: what the
// service found, and failed or unsigned notifications.
func (p *Player) Complaints() []sim.Complaint {
	p.begin()
	p.look()
	return slices.Clone(p.found)
}

// gather takes what the service has found since.
func (p *Player) gather() {
	all := p.Service.Complaints()
	p.found = append(p.found, all[p.taken:]...)
	p.taken = len(all)
}

// answered complains of a notification at which the bot failed. 503 is not a failure: the bot
// asks to be told later.
func (p *Player) answered(e sim.Entry) {
	if e.Kind != sim.KindDelivery || e.Status < 500 || e.Status == http.StatusServiceUnavailable {
		return
	}
	p.found = append(p.found, sim.Complaint{
		CallID: e.CallID, Code: "notification-failed", Page: notifications,
		Text: fmt.Sprintf("the bot answered a notification with %d: the service posts it again, and drops it after the fourth time", e.Status),
	})
}

// forged reports a call that does not exist.
const forged = `{"@odata.type":"#microsoft.graph.commsNotifications","value":[{"@odata.type":"#microsoft.graph.commsNotification",` +
	`"changeType":"deleted","resourceUrl":"/communications/calls/forged","resourceData":{"@odata.type":"#microsoft.graph.call","id":"forged","state":"terminated"}}]}`

// unsigned posts a notification that is not the service's, which a bot must refuse.
func (p *Player) unsigned(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.callback(), bytes.NewReader([]byte(forged)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	status := 0
	if p.handler != nil {
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, req)
		status = w.Code
	} else {
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		resp.Body.Close()
		status = resp.StatusCode
	}
	if status < 300 {
		p.found = append(p.found, sim.Complaint{
			Code: "unsigned-accepted", Page: notifications,
			Text: fmt.Sprintf("the bot answered a notification without a token of the service with %d: anybody can tell it anything; refuse it with 401", status),
		})
	}
	return nil
}
