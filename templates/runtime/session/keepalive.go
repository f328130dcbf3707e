package session

import (
	"context"
	"hash/fnv"
	"net/http"
	"time"

	"github.com/callgen/callgen/templates/runtime/client"
)

// keepAliveFrom sends the first keepalive after a while, unless it has one to send already. s.mu
// is held.
func (s *CallSession) keepAliveFrom(wait time.Duration) {
	if s.calls.options.KeepAlive > 0 && s.keepAlive == nil {
		s.keepAliveAfter(wait)
	}
}

// keepAliveAfter sends a keepalive after a while, or up to a tenth earlier. s.mu is held.
func (s *CallSession) keepAliveAfter(wait time.Duration) {
	s.keepAlives++
	s.keepAlive = s.later(wait-s.jitter(wait/10), s.sendKeepAlive)
}

// jitter returns a duration below a limit that differs from call to call and from time to time,
// and is the same in each run.
func (s *CallSession) jitter(limit time.Duration) time.Duration {
	if limit <= 0 {
		return 0
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.id)) // never fails
	_, _ = h.Write([]byte{byte(s.keepAlives), byte(s.keepAlives >> 8)})
	return time.Duration(h.Sum64() % uint64(limit))
}

// sendKeepAlive tells the service that the bot is still there.
func (s *CallSession) sendKeepAlive(ctx context.Context) {
	err := client.SendAt(ctx, s.calls.client, http.MethodPost, s.path("/keepAlive"), nil, nil)
	if isGone(err) || !isState(s.State(), stateEstablished) {
		// This ends the session if the call is gone, too. Of a call that is not established after
		// so long a notification may have been lost.
		s.reportOther(s.fetchCall(ctx))
	}
	if s.take(ctx) != nil {
		return
	}
	defer s.yield()
	s.mu.Lock()
	if s.over() != nil || s.leaving {
		s.mu.Unlock()
		return
	}
	if err == nil {
		s.keepAliveAfter(s.calls.options.KeepAlive)
	} else {
		s.keepAliveAfter(min(keepAliveAgain, s.calls.options.KeepAlive))
		if len(s.mailbox) < s.calls.options.Mailbox { // or the functions know already that something is wrong
			s.dirty = true
			s.queue(&SessionEvent{Kind: SessionEventKeepAliveFailed, Err: err, Old: s.call, New: s.call})
		}
	}
	s.mu.Unlock()
	s.saveLater(s.save(ctx)) // also to keep a quiet call from expiring
	if err != nil {
		s.report(err)
	}
}

// watchIncoming looks after a call that may end before it is answered, and so gets no keepalive:
// the notification of its end can be lost. s.mu is held.
func (s *CallSession) watchIncoming() {
	s.incomingTimer = s.later(incomingFor, func(ctx context.Context) {
		if !isState(s.State(), stateIncoming) {
			return
		}
		s.reportOther(s.fetchCall(ctx))
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.over() == nil {
			s.watchIncoming()
		}
	})
}
