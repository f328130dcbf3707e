package report

import (
	"fmt"
	"strings"
	"time"
)

// Callbacks says how fast a handler takes the roster notifications of a large meeting.
type Callbacks struct {
	Run     Run
	People  int
	Senders int
	Rows    []CallbackRow
}

// CallbackRow is one kind of notification.
type CallbackRow struct {
	About         string
	Notifications int // posted
	Unique        int // of them
	Bytes         int // of all
	Took          time.Duration
	Early, Late   int64 // bytes in use, after half of the first round and at the end
}

// Markdown draws a table.
func (c Callbacks) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nA meeting of %d participants; %d senders:\n\n", c.Run, c.People, c.Senders)
	b.WriteString("| a notification shows | posted | of them different | KB each | notifications/s | MB/s | MB in use after half | at the end |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, r := range c.Rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %.1f | %s | %.0f | %.1f | %.1f |\n", r.About, thousands(r.Notifications), thousands(r.Unique),
			float64(r.Bytes)/float64(r.Notifications)/1e3, thousands(int(float64(r.Notifications)/r.Took.Seconds())),
			float64(r.Bytes)/1e6/r.Took.Seconds(), float64(r.Early)/1e6, float64(r.Late)/1e6)
	}
	return b.String()
}
