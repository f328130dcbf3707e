// Command seed runs one rival, or all, on the documents of the "Create call" page:
// see package rivals. "go run ./cmd/ratios" starts it.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/callgen/callgen/bench"
	"github.com/callgen/callgen/bench/rivals"
)

func main() {
	log.SetFlags(0)
	rival := flag.String("rival", "", "the only one to run")
	flag.Parse()
	docs, err := bench.Documents(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	if err := rivals.Serve(os.Stdin, os.Stdout, *rival, []rivals.Set{bench.Set(docs)}); err != nil {
		log.Fatal(err)
	}
}
