package fleet

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"time"

	"github.com/nats-io/nats.go"
)

// Options configures [Start]. Either Conn or Dir must be set.
type Options struct {
	// Conn is a connection to servers with JetStream, made with the program's own credentials
	// and TLS. Let it reconnect without end: nats.MaxReconnects(-1). The program closes it.
	Conn *nats.Conn
	// Dir is a folder in which a server within this process keeps its files, for a bot on a
	// single machine. One process at a time may use a folder.
	Dir string

	// Name is that of the fleet, of letters, digits, dashes and underscores; by default
	// "callgen". It begins the names of the streams.
	Name string
	// Instance names this process in logs and in the status; by default the host. A random
	// part is added.
	Instance string
	// Replicas is how many servers keep each stream that is created: 1, which is the default, 3
	// or 5.
	Replicas int
	// Lease is how long the others wait for an instance that has gone before they take its
	// calls over, by default 10 seconds, at least 2.
	Lease time.Duration
	// StoreTimeout is how long the servers may take to confirm a notification, by default 5
	// seconds. After that it is refused, and the service sends it again.
	StoreTimeout time.Duration
	// KeepFor is how long notifications of a call are kept, by default 48 hours, at least a
	// minute. They are removed when the call has ended.
	KeepFor time.Duration
	// Unclaimed is how long notifications of a call that nobody follows wait for somebody who
	// does, by default a minute.
	Unclaimed time.Duration
	// Rebalance is how many calls an instance with more than its share hands over in the time
	// of a lease, by default 10; a negative value hands none over.
	Rebalance int

	// Logger is told of takeovers and failures; by default slog.Default().
	Logger *slog.Logger
}

const (
	defaultName         = "callgen"
	defaultLease        = 10 * time.Second
	leastLease          = 2 * time.Second
	defaultStoreTimeout = 5 * time.Second
	defaultKeepFor      = 48 * time.Hour
	leastKeepFor        = time.Minute
	defaultUnclaimed    = time.Minute
	defaultRebalance    = 10
)

// withDefaults returns the options with the values that they stand for.
func (o Options) withDefaults() (Options, error) {
	o.Name = cmp.Or(o.Name, defaultName)
	host, _ := os.Hostname()
	o.Instance = cmp.Or(o.Instance, host, "bot")
	o.Replicas = cmp.Or(o.Replicas, 1)
	o.Lease = cmp.Or(o.Lease, defaultLease)
	o.StoreTimeout = cmp.Or(o.StoreTimeout, defaultStoreTimeout)
	o.KeepFor = cmp.Or(o.KeepFor, defaultKeepFor)
	o.Unclaimed = cmp.Or(o.Unclaimed, defaultUnclaimed)
	o.Rebalance = cmp.Or(o.Rebalance, defaultRebalance)
	o.Logger = cmp.Or(o.Logger, slog.Default())
	switch {
	case (o.Conn == nil) == (o.Dir == ""):
		return o, errors.New("set Options.Conn to a connection, or Options.Dir to a folder for a server within this process")
	case !regexp.MustCompile(`^[A-Za-z0-9_-]+$`).MatchString(o.Name):
		return o, fmt.Errorf("Options.Name is %q: use letters, digits, dashes and underscores only", o.Name)
	case o.Lease < leastLease:
		return o, fmt.Errorf("Options.Lease is %v: give it at least %v", o.Lease, leastLease)
	case o.Replicas != 1 && o.Replicas != 3 && o.Replicas != 5:
		return o, fmt.Errorf("Options.Replicas is %d: give it 1, 3 or 5", o.Replicas)
	case o.KeepFor < leastKeepFor:
		return o, fmt.Errorf("Options.KeepFor is %v: give it at least %v", o.KeepFor, leastKeepFor)
	case o.StoreTimeout < 0:
		return o, fmt.Errorf("Options.StoreTimeout is %v: give it some time", o.StoreTimeout)
	case o.Unclaimed < 0:
		return o, fmt.Errorf("Options.Unclaimed is %v: give it some time", o.Unclaimed)
	}
	o.Instance = plainToken(o.Instance) + "-" + rand.Text()[:8]
	return o, nil
}

// plainToken replaces what the subject of a stream cannot hold.
func plainToken(s string) string {
	return regexp.MustCompile(`[^A-Za-z0-9_-]`).ReplaceAllString(s, "_")
}
