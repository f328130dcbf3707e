// Command callsim emulates the calling API of Microsoft Graph for a bot in any language:
// "callsim --help" explains it.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
