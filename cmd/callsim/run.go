package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/callgen/callgen/callsim"
	"github.com/callgen/callgen/callsim/emulator"
	"github.com/callgen/callgen/callsim/page"
)

// Exit codes.
const (
	exitOK    = 0
	exitFound = 1 // the bot did not do as expected
	exitUsage = 2
)

const defaultPort = 8350

// run runs the command, apart from the process around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err == nil {
		var code int
		if code, err = work(ctx, o, stdout); err == nil {
			return code
		}
	}
	fmt.Fprintf(stderr, "callsim: %v\n", err)
	if _, ok := errors.AsType[*os.PathError](err); !ok {
		fmt.Fprintln(stderr, `"callsim --help" explains it`)
	}
	return exitUsage
}

// work starts the emulator, plays scenarios, and goes on until ctx ends unless there is no page.
func work(ctx context.Context, o *options, out io.Writer) (code int, err error) {
	var scenarios []*callsim.Scenario
	for _, name := range o.scenarios {
		s, err := callsim.Find(name)
		if err != nil {
			return exitUsage, err
		}
		scenarios = append(scenarios, s)
	}
	e, err := start(o, out)
	if err != nil {
		return exitUsage, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	address := ""
	if !o.noUI {
		stop, at, err := serve(e, o)
		if err != nil {
			return exitUsage, err
		}
		defer stop()
		address = at
	}
	introduce(out, e, address)
	if o.record != "" {
		e.Record(o.record)
	}
	if len(scenarios) > 0 {
		code, err = play(ctx, e, o, scenarios, out)
	}
	if err != nil || o.noUI && len(scenarios) > 0 {
		return code, err
	}
	<-ctx.Done()
	return code, leave(e, o, out)
}

// start starts the emulator, at a free port if the usual one is taken and none was named.
func start(o *options, out io.Writer) (*emulator.Emulator, error) {
	e, err := emulator.Start(o.emulator)
	if errors.Is(err, syscall.EADDRINUSE) && !o.portGiven {
		fmt.Fprintf(out, "Port %d is taken, perhaps by another callsim, which a bot then goes on to talk to:\n"+
			"end it, or point the bot at the addresses below.\n\n", o.emulator.Port)
		o.emulator.Port = 0
		e, err = emulator.Start(o.emulator)
	}
	return e, err
}

// serve serves the page beside the API.
func serve(e *emulator.Emulator, o *options) (stop func(), address string, err error) {
	p, err := page.New(e)
	if err != nil {
		return nil, "", err
	}
	port := o.emulator.Port
	if port > 0 {
		port++
	}
	l, err := net.Listen("tcp", net.JoinHostPort(o.emulator.Listen, fmt.Sprint(port)))
	if errors.Is(err, syscall.EADDRINUSE) && !o.portGiven {
		l, err = net.Listen("tcp", net.JoinHostPort(o.emulator.Listen, "0"))
	}
	if err != nil {
		return nil, "", err
	}
	server := &http.Server{
		Handler: emulator.Guard(p, l.Addr().String(), o.emulator.Names, 1<<20), ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10,
	}
	go func() { _ = server.Serve(l) }() // ends at stop
	return func() { server.Close() }, "http://" + l.Addr().String(), nil
}

// introduce says where things are.
func introduce(out io.Writer, e *emulator.Emulator, page string) {
	fmt.Fprintf(out, "API     %s\nIssuer  %s\nPage    %s\n\n", e.URL(), e.Metadata(), cmp.Or(page, "none (--no-ui)"))
	fmt.Fprintf(out, "Two lines point a bot in Go here (others have settings of the same meaning):\n"+
		"  client   := communications.NewClient(tokens, communications.WithBaseURL(%q))\n"+
		"  verifier, err := callbackauth.New(%q, callbackauth.WithMetadataURL(%q))\n"+
		"Calls to the bot go to %s (--callback). ^C ends callsim.\n", e.URL(), e.AppID, e.Metadata(), e.Callback)
}

// play plays scenarios with the bot, and reports what came of it.
func play(ctx context.Context, e *emulator.Emulator, o *options, scenarios []*callsim.Scenario, out io.Writer) (int, error) {
	const patience = 10 * time.Second
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := e.WaitForBot(waiting); err != nil {
		return exitUsage, err
	}
	code := exitOK
	var results []emulator.Result
	for i, s := range scenarios {
		begun := time.Now()
		err := e.Play(ctx, s)
		r := emulator.Result{Name: cmp.Or(s.Name, o.scenarios[i]), Took: time.Since(begun), Err: err}
		results = append(results, r)
		if err != nil {
			code = exitFound
			fmt.Fprintf(out, "FAIL  %s\n      %s\n", r.Name, strings.ReplaceAll(err.Error(), "\n", "\n      "))
			continue
		}
		fmt.Fprintf(out, "ok    %s\n", r.Name)
	}
	if o.junit == "" {
		return code, nil
	}
	var report bytes.Buffer
	if err := emulator.WriteJUnit(&report, results); err != nil {
		return code, err
	}
	return code, os.WriteFile(o.junit, report.Bytes(), 0o644)
}

// leave says what is left open, and writes what was recorded.
func leave(e *emulator.Emulator, o *options, out io.Writer) error {
	for _, open := range e.Open() {
		fmt.Fprintln(out, "left open:", open)
	}
	for _, c := range e.Complaints() {
		fmt.Fprintf(out, "wrong with the bot: %s: %s\n", c.Code, c.Text)
	}
	if o.record == "" {
		return nil
	}
	text, err := e.Recorded()
	if err != nil || text == nil {
		fmt.Fprintln(out, "nothing was recorded")
		return err
	}
	fmt.Fprintln(out, "recorded:", o.record)
	return os.WriteFile(o.record, text, 0o644)
}
