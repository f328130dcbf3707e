package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const usage = `fleet shows a bot on several machines.

  go run .                starts servers, instances and callers; -h lists its flags
  go run . kill bot 2     ends an instance at once, of those that another "go run ." has started
  go run . stop bot 2     stops an instance for twice its lease; then it goes on
  go run . drain bot 2    lets an instance hand its calls over and end
  go run . start bot 2    starts an instance again
  go run . kill server 1  ends a server of NATS
  go run . start server 1 starts it again
`

// run does what a command says.
func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("fleet", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() { fmt.Fprint(out, usage, "\n"); flags.PrintDefaults() }
	var d demo
	flags.IntVar(&d.calls, "calls", 300, "how many people are in a call at a time")
	flags.IntVar(&d.setting.bots, "bots", 3, "how many instances there are")
	flags.IntVar(&d.setting.servers, "servers", 3, "how many servers of NATS there are: 1 or 3")
	flags.DurationVar(&d.setting.lease, "lease", 2*time.Second, "the lease of an instance")
	flags.DurationVar(&d.lasts, "for", 0, "how long it runs; 0 is until it is interrupted")
	control := flags.String("control", "127.0.0.1:4249", "the address on this machine at which the other commands reach it")
	if err := flags.Parse(args); err != nil {
		if err == flag.ErrHelp {
			return nil
		}
		return err
	}
	switch rest := flags.Args(); {
	case len(rest) == 0:
		return d.run(ctx, *control, out)
	case len(rest) == 1 && rest[0] == "bot":
		return runBot(in, out)
	case len(rest) == 3:
		return order(ctx, *control, rest, out)
	default:
		flags.Usage()
		return fmt.Errorf("there is no command %q", rest)
	}
}
