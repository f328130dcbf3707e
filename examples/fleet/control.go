package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// headerOrder is on every order, so that no page of a browser can send one.
const headerOrder = "Fleet-Order"

// order asks the demonstration that another process runs to do something.
func order(ctx context.Context, control string, words []string, out io.Writer) error {
	query := url.Values{"do": {words[0]}, "what": {words[1]}, "number": {words[2]}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+control+"/?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	request.Header.Set(headerOrder, "1")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("nothing is there to be told: start it with \"go run .\" first: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s", strings.TrimSpace(string(text)))
	}
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}

// listenFor listens for orders at an address of this machine.
func listenFor(control string) (net.Listener, error) {
	listener, err := net.Listen("tcp", control)
	if err != nil {
		return nil, fmt.Errorf("orders cannot be taken; another one may run, or choose another address with -control: %w", err)
	}
	if ip := listener.Addr().(*net.TCPAddr).IP; !ip.IsLoopback() {
		listener.Close()
		return nil, fmt.Errorf("%s is not an address of this machine only: choose one of 127.0.0.1", control)
	}
	return listener, nil
}

// takeOrders takes orders until ctx ends.
func (d *demo) takeOrders(ctx context.Context, listener net.Listener) {
	d.address = listener.Addr().String()
	s := &http.Server{Handler: http.HandlerFunc(d.obey)}
	go func() { _ = s.Serve(listener) }()
	context.AfterFunc(ctx, func() { s.Close() })
}

// obey carries an order out.
func (d *demo) obey(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || r.Header.Get(headerOrder) == "" || r.Host != d.address {
		http.Error(w, "not an order", http.StatusForbidden)
		return
	}
	q := r.URL.Query()
	done, err := d.do(q.Get("do"), q.Get("what"), q.Get("number"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	d.say("%s", done)
	fmt.Fprintln(w, done)
}

// do carries an order out and says what it has done.
func (d *demo) do(verb, what, number string) (string, error) {
	s := d.stage
	most := map[string]int{"bot": len(s.proxy.bots), "server": len(s.servers.options)}[what]
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > most {
		return "", fmt.Errorf("there is no %s %s: say bot 1 to %d, or server 1 to %d", what, number, len(s.proxy.bots), len(s.servers.options))
	}
	i := n - 1
	switch verb + " " + what {
	case "kill bot":
		return cmp.Or(s.killBot(i), "bot-"+number) + " is killed", nil
	case "drain bot":
		return cmp.Or(s.drainBot(i), "bot-"+number) + " has handed its calls over and ended", nil
	case "stop bot":
		b := s.proxy.get(i)
		if b == nil {
			return "", fmt.Errorf("bot-%s does not run", number)
		}
		if err := b.stop(); err != nil {
			return "", err
		}
		d.later(2*s.setting.lease, func() {
			if b.goOn() == nil {
				d.say("%s goes on", b.instance)
			}
		})
		return fmt.Sprintf("%s is stopped for %v", b.instance, 2*s.setting.lease), nil
	case "start bot":
		if err := s.startBot(i); err != nil {
			return "", err
		}
		return s.proxy.get(i).instance + " runs", nil
	case "kill server":
		s.servers.stop(i)
		return "server-" + number + " is ended", nil
	case "start server":
		return "server-" + number + " runs", s.servers.start(i)
	}
	return "", fmt.Errorf("%s %s is no order: kill, stop, drain or start a bot, or kill or start a server", verb, what)
}
