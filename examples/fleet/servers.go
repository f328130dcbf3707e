package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// cluster is a number of NATS servers in this process, which listen on loopback.
type cluster struct {
	options []*server.Options

	mu      sync.Mutex
	servers []*server.Server // nil while one is away
}

// startCluster starts n servers, whose files are in folders below dir.
func startCluster(dir string, n int) (*cluster, error) {
	const attempts = 5 // somebody else may take a port
	var err error
	for range attempts {
		var c *cluster
		if c, err = tryCluster(dir, n); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func tryCluster(dir string, n int) (*cluster, error) {
	ports, err := freePorts(2 * n)
	if err != nil {
		return nil, err
	}
	c := &cluster{servers: make([]*server.Server, n)}
	var routes []*url.URL // every server must know all of them before it starts
	for i := range n {
		routes = append(routes, &url.URL{Scheme: "nats", Host: fmt.Sprint("127.0.0.1:", ports[n+i])})
	}
	for i := range n {
		o := &server.Options{
			ServerName: fmt.Sprint("server-", i+1), Host: "127.0.0.1", Port: ports[i], JetStream: true,
			StoreDir: filepath.Join(dir, fmt.Sprint("server-", i+1)), NoSigs: true, NoLog: true,
		}
		if n > 1 {
			o.Cluster = server.ClusterOpts{Name: "fleet", Host: "127.0.0.1", Port: ports[n+i]}
			o.Routes = routes
		}
		c.options = append(c.options, o)
	}
	var all sync.WaitGroup
	failed := make([]error, n)
	for i := range n {
		all.Go(func() { failed[i] = c.start(i) })
	}
	all.Wait()
	if err := errors.Join(failed...); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// freePorts returns ports of loopback that nobody listens to.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// URL returns the addresses of the servers.
func (c *cluster) URL() string {
	var list []string
	for _, o := range c.options {
		list = append(list, fmt.Sprintf("nats://127.0.0.1:%d", o.Port))
	}
	return strings.Join(list, ",")
}

// start starts a server, unless it runs.
func (c *cluster) start(i int) error {
	c.mu.Lock()
	runs := c.servers[i] != nil
	c.mu.Unlock()
	if runs {
		return nil
	}
	options := *c.options[i]
	s, err := server.NewServer(&options)
	if err != nil {
		return err
	}
	s.Start()
	if !s.ReadyForConnections(30 * time.Second) {
		s.Shutdown()
		return fmt.Errorf("%s does not start", options.ServerName)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.servers[i] = s
	return nil
}

// stop ends a server, which keeps its files.
func (c *cluster) stop(i int) {
	c.mu.Lock()
	s := c.servers[i]
	c.servers[i] = nil
	c.mu.Unlock()
	if s != nil {
		s.Shutdown()
		s.WaitForShutdown()
	}
}

// close ends all servers at once.
func (c *cluster) close() {
	var all sync.WaitGroup
	for i := range c.servers {
		all.Go(func() { c.stop(i) })
	}
	all.Wait()
}

// running returns the numbers of the servers that run, from 1.
func (c *cluster) running() []int {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []int
	for i, s := range c.servers {
		if s != nil {
			list = append(list, i+1)
		}
	}
	return list
}
