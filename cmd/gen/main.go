// Command gen writes a Go package from the description of an OData service, such
// as Microsoft Graph's calling API. Run "gen help" for how to use it.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/spec/diag"
)

// Exit codes.
const (
	exitOK      = 0
	exitFound   = 1 // findings or drift
	exitMisused = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the command, without the process around it.
func run(args []string, stdout, stderr io.Writer) int {
	verb := "generate"
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		verb, args = args[0], args[1:]
	}
	switch verb {
	case "generate", "check":
	case "help":
		printHelp(stdout)
		return exitOK
	case "version":
		fmt.Fprintln(stdout, version())
		return exitOK
	default:
		fmt.Fprintf(stderr, "gen: there is no command %q: see gen help\n", verb)
		return exitMisused
	}
	o, code := parse(verb, args, stdout, stderr)
	if o == nil {
		return code
	}
	stop, err := o.profile()
	if err != nil {
		return fail(stderr, err)
	}
	defer stop()
	cfg, err := o.config()
	if err != nil {
		return fail(stderr, err)
	}
	result, err := generator.Generate(cfg)
	if err != nil {
		return fail(stderr, err)
	}
	if verb == "check" {
		return check(cfg.Out, result, stdout, stderr)
	}
	return write(cfg.Out, result, output.Options{Force: o.force}, stdout, stderr)
}

// fail prints an error. Findings have a line each.
func fail(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, err)
	n := 1
	if found, ok := errors.AsType[*diag.Error](err); ok {
		n = len(found.Findings)
	}
	things := "findings"
	if n == 1 {
		things = "finding"
	}
	fmt.Fprintf(stderr, "gen: %d %s; nothing was written\n", n, things)
	return exitFound
}

func write(out string, result *generator.Result, opts output.Options, stdout, stderr io.Writer) int {
	changed, err := output.Write(out, result.Files, opts)
	if err != nil {
		return fail(stderr, err)
	}
	state := fmt.Sprintf("%d changed", len(changed))
	if len(changed) == 0 {
		state = "up to date"
	}
	fmt.Fprintf(stdout, "%s: %d types in %d files, %s\n", out, result.Types, len(result.Files), state)
	return exitOK
}

func check(out string, result *generator.Result, stdout, stderr io.Writer) int {
	diff, err := output.Diff(out, result.Files)
	if err != nil {
		return fail(stderr, err)
	}
	if diff == "" {
		fmt.Fprintf(stdout, "%s: %d types in %d files, up to date\n", out, result.Types, len(result.Files))
		return exitOK
	}
	fmt.Fprint(stdout, diff)
	fmt.Fprintf(stderr, "gen: %s is not what the description gives: run gen to bring it up to date\n", out)
	return exitFound
}

// version is that of the module, as the go command recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "gen (unknown version)"
	}
	return "gen " + info.Main.Version + " " + info.GoVersion
}
