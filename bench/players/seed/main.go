// Command seed plays one rival, or all, on the documents of the "Create call" page:
// see package slots. "go run ./cmd/ratios" starts it.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/callgen/callgen/bench"
	"github.com/callgen/callgen/bench/slots"
)

func main() {
	log.SetFlags(0)
	rival := flag.String("rival", "", "the only one to play")
	flag.Parse()
	docs, err := bench.Documents(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	if err := slots.Serve(os.Stdin, os.Stdout, *rival, []slots.Set{bench.Set(docs)}); err != nil {
		log.Fatal(err)
	}
}
