package main

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/callgen/callgen/generated/communicationstest"
)

// stage is a simulated service, NATS servers, and instances of the bot behind a proxy.
type stage struct {
	service *communicationstest.Service
	servers *cluster
	proxy   *proxy
	tally   *tally
	setting setting
}

// setting says what there is on a stage.
type setting struct {
	dir           string // of the servers
	servers, bots int
	lease         time.Duration
	keepAlive     time.Duration
	level         string // of what the instances log
	timing        communicationstest.Timing
	front         func(http.Handler) http.Handler // in front of the proxy, if it is set
	saw           func(line)                      // is told what the instances log
}

func newStage(set setting, options ...communicationstest.Option) (*stage, error) {
	service, err := communicationstest.NewService(append(options, communicationstest.WithTiming(set.timing))...)
	if err != nil {
		return nil, err
	}
	s := &stage{service: service, proxy: &proxy{bots: make([]*process, set.bots)}, tally: newTally(service), setting: set}
	if s.servers, err = startCluster(set.dir, set.servers); err != nil {
		service.Close()
		return nil, err
	}
	var all sync.WaitGroup
	failed := make([]error, set.bots)
	for i := range set.bots {
		all.Go(func() { failed[i] = s.startBot(i) })
	}
	all.Wait()
	if err := errors.Join(failed...); err != nil {
		s.close()
		return nil, err
	}
	var front http.Handler = s.proxy
	if set.front != nil {
		front = set.front(front)
	}
	service.Connect(front)
	return s, nil
}

// startBot starts an instance in a place, unless there is one.
func (s *stage) startBot(i int) error {
	if s.proxy.get(i) != nil {
		return nil
	}
	b, err := spawn(fmt.Sprint("bot-", i+1), []string{
		envServers + "=" + s.servers.URL(), envService + "=" + s.service.URL,
		envLease + "=" + s.setting.lease.String(), envKeepAlive + "=" + s.setting.keepAlive.String(), envLevel + "=" + s.setting.level,
	}, s.setting.saw)
	if err == nil {
		s.proxy.set(i, b)
	}
	return err
}

// killBot ends the instance in a place, which has no time to hand its calls over. It returns its
// name, "" if there was none.
func (s *stage) killBot(i int) string {
	b := s.proxy.set(i, nil)
	if b == nil {
		return ""
	}
	b.kill()
	return b.instance
}

// drainBot lets the instance in a place hand its calls over and end.
func (s *stage) drainBot(i int) string {
	b := s.proxy.set(i, nil)
	if b == nil {
		return ""
	}
	b.leave()
	return b.instance
}

// pauseBot stops the process of the instance in a place for a while. Requests are still sent to it.
func (s *stage) pauseBot(i int, d time.Duration) (string, error) {
	b := s.proxy.get(i)
	if b == nil {
		return "", nil
	}
	if err := b.stop(); err != nil {
		return b.instance, err
	}
	time.Sleep(d)
	return b.instance, b.goOn()
}

// close ends everything.
func (s *stage) close() {
	for i := range s.proxy.bots {
		s.killBot(i)
	}
	s.service.Close()
	s.servers.close()
}
