package main

import (
	"net/http"
	"sync"
)

// proxy passes requests to instances in turn.
type proxy struct {
	mu   sync.Mutex
	bots []*process // nil for one that has gone
	next int
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b := p.turn(); b != nil {
		b.proxy.ServeHTTP(w, r)
		return
	}
	http.Error(w, "no instance", http.StatusBadGateway)
}

// turn returns the instance whose turn it is, or nil if all have gone.
func (p *proxy) turn() *process {
	p.mu.Lock()
	defer p.mu.Unlock()
	for range p.bots {
		p.next = (p.next + 1) % len(p.bots)
		if b := p.bots[p.next]; b != nil {
			return b
		}
	}
	return nil
}

// set puts an instance into a place and returns the one that was there.
func (p *proxy) set(i int, b *process) *process {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.bots[i]
	p.bots[i] = b
	return before
}

func (p *proxy) get(i int) *process {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bots[i]
}

func (p *proxy) all() []*process {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []*process
	for _, b := range p.bots {
		if b != nil {
			list = append(list, b)
		}
	}
	return list
}
