package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/internal/visible"
)

// progress shows the current step of a long run, on a line of the terminal that it clears
// again.
type progress struct {
	to    io.Writer // nil if nobody watches
	log   io.Writer // gets remarks, watched or not
	after time.Duration
	begun time.Time
	shown bool
}

// progress returns the progress of a run that starts now.
func (c command) progress(o *options) *progress {
	if o.quiet {
		return newProgress(io.Discard)
	}
	return newProgress(c.stderr)
}

// newProgress returns a progress that is silent unless it writes to a terminal, and as long
// as a run may take without a message.
func newProgress(to io.Writer) *progress {
	p := &progress{log: to, after: 500 * time.Millisecond, begun: time.Now()}
	if f, ok := to.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.to = to
		}
	}
	return p
}

const clearLine = "\r\x1b[K"

// step announces a step, or prints a remark.
func (p *progress) step(name string) {
	if remark, ok := strings.CutPrefix(name, generator.Remark); ok {
		p.done()
		fmt.Fprintln(p.log, visible.Escape(remark))
		return
	}
	passed := time.Since(p.begun)
	if p.to == nil || passed < p.after {
		return
	}
	fmt.Fprintf(p.to, "%sgen: %s (%.1f s)", clearLine, visible.Escape(name), passed.Seconds())
	p.shown = true
}

// done clears the line.
func (p *progress) done() {
	if p.shown {
		fmt.Fprint(p.to, clearLine)
		p.shown = false
	}
}
