// Command load posts the notifications of a large meeting's roster to a handler on this
// machine, over HTTP: 20,000 of 200 participants, from 8 senders, out of order, and some
// twice. It stops with an error if one is lost, or the roster is wrong at the end.
package main

import (
	"flag"
	"fmt"
	"log"

	"github.com/callgen/callgen/bench/report"
)

const (
	people        = 200
	senders       = 8
	notifications = 20_000
)

func main() {
	log.SetFlags(0)
	results := flag.String("results", "results", "`folder` of the figures")
	flag.Parse()
	figures := report.Callbacks{Run: report.ThisRun(), People: people, Senders: senders}
	for _, m := range []meeting{
		{about: "those who have changed", notifications: notifications, rounds: 1},
		{about: "everybody", whole: true, notifications: notifications / 10, rounds: 10}, // the bodies take memory, too
	} {
		row, err := m.run()
		if err != nil {
			log.Fatalf("%s: %v", m.about, err)
		}
		figures.Rows = append(figures.Rows, row)
	}
	fmt.Print(figures.Markdown())
	if err := report.Save(*results, "load.json", figures); err != nil {
		log.Fatal(err)
	}
}
