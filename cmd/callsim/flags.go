package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/callgen/callgen/callsim"
	"github.com/callgen/callgen/callsim/emulator"
)

// options are what the flags say.
type options struct {
	emulator  emulator.Options
	scenarios []string
	record    string
	junit     string
	noUI      bool
	portGiven bool
}

const help = `callsim emulates the calling API of Microsoft Graph on this machine: a bot in any language calls
it, is called by it, and is told of its calls with signed notifications, without an account.

  callsim                                the API, an issuer of tokens, and a page to drive them
  callsim --scenario busy                the same, after a scenario was played with the bot
  callsim --scenario FILE --no-ui        plays the scenario and ends: 0 if the bot did as expected,
                                         1 if not, 2 if it could not be played
  callsim --scenario A --scenario B --no-ui --junit report.xml

A bot needs two settings: the address of the API in place of https://graph.microsoft.com/beta, with
any bearer token, and the address of the issuer's OpenID document, which names the keys that sign
notifications. Both are printed. The bot listens at the address that --callback names.

Scenarios are files in YAML, or come with callsim: %s.
The page records them: Record, click, Show scenario. --record FILE does so from the beginning.

Time passes as it does, and faster when a scenario or the page moves the clock: a bot in another
process does not notice that, so that one that keeps its calls alive is late after half an hour.
--limits shortens the service's limits instead, for a bot whose own times are shortened, too.

Flags:
`

// parse reads the flags. The error is flag.ErrHelp if help was asked for, and printed.
func parse(args []string, out io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("callsim", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Func("scenario", "play this `FILE` with the bot; again for more than one", func(s string) error { o.scenarios = append(o.scenarios, s); return nil })
	f.Uint64Var(&o.emulator.Seed, "seed", 0, "post notifications out of order and twice, as this `NUMBER` has it (0: in order, and once)")
	f.StringVar(&o.emulator.Callback, "callback", emulator.DefaultCallback, "`URL` at which the bot is told of incoming calls")
	f.BoolVar(&o.noUI, "no-ui", false, "serve no page")
	f.StringVar(&o.record, "record", "", "write what is done, and what the bot does, to this `FILE` at the end")
	f.StringVar(&o.junit, "junit", "", "write the results of the scenarios to this `FILE`, as JUnit XML")
	f.StringVar(&o.emulator.Listen, "listen", "127.0.0.1", "`HOST` to listen at; other machines reach it if it is not loopback")
	f.Func("host", "another `NAME` by which bots and browsers reach --listen", func(s string) error { o.emulator.Names = append(o.emulator.Names, s); return nil })
	f.IntVar(&o.emulator.Port, "port", defaultPort, "`PORT` of the API, 0 for a free one; the page has the next one")
	f.Float64Var(&o.emulator.Limits, "limits", 1, "`FACTOR` of the service's limits, such as 0.01 for 27 s without a keepalive instead of 45 minutes")
	f.StringVar(&o.emulator.AppID, "app-id", emulator.DefaultApp, "`ID` of the bot's application, for which tokens are")
	f.StringVar(&o.emulator.Tenant, "tenant", emulator.DefaultTenant, "`ID` of the bot's tenant")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(out, help, wrapped(callsim.Library()))
		f.SetOutput(out)
		f.PrintDefaults()
		return nil, err
	}
	f.Visit(func(f *flag.Flag) { o.portGiven = o.portGiven || f.Name == "port" })
	switch {
	case err != nil:
		return nil, err
	case f.NArg() > 0:
		return nil, fmt.Errorf("%q is no flag: a scenario is named with --scenario", f.Arg(0))
	case o.emulator.Limits <= 0:
		return nil, errors.New("--limits is a factor above 0")
	case len(o.scenarios) == 0 && o.junit != "":
		return nil, errors.New("--junit writes the results of scenarios: add --scenario FILE")
	case len(o.scenarios) > 0 && o.record != "":
		return nil, errors.New("--record writes a scenario of what is clicked: leave out --scenario")
	}
	return o, nil
}

// wrapped is a list of words in lines.
func wrapped(words []string) string {
	const most = 70
	text, line := "", 0
	for i, w := range words {
		switch {
		case i == 0:
		case line+len(w) > most:
			text, line = text+",\n", 0
		default:
			text += ", "
		}
		text += w
		line += len(w) + 2
	}
	return strings.TrimSpace(text)
}
