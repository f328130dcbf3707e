// Command redfish talks to a management controller through a package that was generated from a
// description in the shape of DMTF's: an inventory of a rack, a power cycle, an update of
// firmware, and events. Without -url it talks to a mock-up of a rack that is part of the program.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"

	"github.com/callgen/callgen/examples/redfish/mockup"
	"github.com/callgen/callgen/examples/redfish/redfish"
)

const usage = `usage: redfish [flags] inventory
       redfish [flags] power-cycle SYSTEM
       redfish [flags] update IMAGE          a file that is uploaded, or a URL that the controller reads
       redfish [flags] watch                 prints events as they come
       redfish [flags] subscribe ADDRESS URL prints events that the controller sends to a URL, at which ADDRESS is reached
       redfish [flags] tag SYSTEM TEXT       gives a computer an asset tag
       redfish [flags] serve ADDRESS         serves the mock-up

The password is in the environment variable REDFISH_PASSWORD.`

// options are the flags.
type options struct {
	controller     redfish.ControllerOptions
	mockup, mockIs string
}

func main() {
	var o options
	flag.StringVar(&o.controller.URL, "url", "", "`URL` of the controller's host; none for the mock-up")
	flag.StringVar(&o.controller.User, "user", "admin", "`name` to log in with")
	flag.StringVar(&o.controller.Fingerprint, "fingerprint", "", "SHA-256 of the controller's certificate, in `hex`, if no authority that is known issued it")
	flag.BoolVar(&o.controller.Basic, "basic", false, "send name and password with each request instead of logging in")
	flag.BoolVar(&o.controller.Serial, "serial", false, "one request at a time")
	flag.StringVar(&o.mockup, "mockup", "", "`folder` with mock-ups of DMTF, or a file with one per line, instead of the rack")
	flag.StringVar(&o.mockIs, "name", "", "`name` of the mock-up in that file")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), usage)
		flag.PrintDefaults()
	}
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := start(ctx, o, flag.Args(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// start carries out a command.
func start(ctx context.Context, o options, args []string, out io.Writer) (err error) {
	if len(args) == 0 {
		return errors.New("there is no command: run redfish -help")
	}
	if len(args) == 2 && args[0] == "serve" {
		return serve(ctx, o, args[1], out)
	}
	o.controller.Password = os.Getenv("REDFISH_PASSWORD")
	if o.controller.URL == "" {
		address, err := o.ownMockup(ctx)
		if err != nil {
			return err
		}
		o.controller.URL, o.controller.User, o.controller.Password = "http://"+address, "admin", "admin"
	}
	controller, err := redfish.Connect(ctx, o.controller)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, controller.Close(context.WithoutCancel(ctx))) }()
	return run(ctx, controller.Client, args, out)
}

// run carries out a command with a client; the first argument is its name.
func run(ctx context.Context, client *redfish.Client, args []string, out io.Writer) error {
	switch {
	case len(args) == 1 && args[0] == "inventory":
		return inventory(ctx, client, out)
	case len(args) == 2 && args[0] == "power-cycle":
		return powerCycle(ctx, client, args[1], out)
	case len(args) == 2 && args[0] == "update":
		return update(ctx, client, args[1], out)
	case len(args) == 1 && args[0] == "watch":
		return watch(ctx, client, out)
	case len(args) == 3 && args[0] == "subscribe":
		listener, err := net.Listen("tcp", args[1])
		if err != nil {
			return err
		}
		return subscribe(ctx, client, listener, args[2], out)
	case len(args) == 3 && args[0] == "tag":
		return tag(ctx, client, args[1], args[2])
	}
	return fmt.Errorf("there is no command %q with %d arguments: run redfish -help", args[0], len(args)-1)
}

// service returns the mock-up.
func (o options) service() (*mockup.Server, error) {
	if o.mockup == "" {
		return mockup.New()
	}
	return mockup.Load(o.mockup, o.mockIs)
}

// ownMockup serves the mock-up on loopback until ctx is done.
func (o options) ownMockup(ctx context.Context) (address string, err error) {
	s, err := o.service()
	if err != nil {
		return "", err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: s}
	context.AfterFunc(ctx, func() { server.Close() })
	go server.Serve(listener)
	go s.Run(ctx, http.DefaultClient)
	return listener.Addr().String(), nil
}

// serve serves the mock-up at an address until ctx is done.
func serve(ctx context.Context, o options, address string, out io.Writer) error {
	s, err := o.service()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d documents at http://%s, for user %s with password %s\n", s.Len(), listener.Addr(), s.User, s.Password)
	server := &http.Server{Handler: s}
	context.AfterFunc(ctx, func() { server.Close() })
	go s.Run(ctx, http.DefaultClient)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
