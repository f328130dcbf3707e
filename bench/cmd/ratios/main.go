// Command ratios measures the rivals of package bench side by side: in short slots
// of time, in shuffled order, round after round, so that whatever else the machine
// does falls on all of them. It prints a table of how many times faster than
// encoding/json into any each of them is.
package main

import (
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/callgen/callgen/bench"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("documents", "../generated/testdata/seed", "`folder` of the documents")
	rounds := flag.Int("rounds", 90, "how often each rival gets a slot")
	slot := flag.Duration("slot", 12*time.Millisecond, "length of a slot")
	flag.Parse()
	docs, err := bench.Documents(*dir)
	if err != nil {
		log.Fatal(err)
	}
	jobs, err := prepare(docs)
	if err != nil {
		log.Fatal(err)
	}
	order := make([]*job, len(jobs))
	for i := range jobs {
		order[i] = &jobs[i]
	}
	for range *rounds {
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, j := range order {
			j.times = append(j.times, measure(j.run, *slot))
		}
	}
	print(docs, jobs)
}

// job is a rival at one task; times are of one pass over all documents.
type job struct {
	rival, task string
	run         func() error
	times       []time.Duration
	allocs      float64
}

func prepare(docs []bench.Document) ([]job, error) {
	var jobs []job
	for _, r := range bench.Rivals() {
		values := make([]any, len(docs))
		for i := range docs {
			v, err := r.Decode(&docs[i])
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", r.Name, docs[i].Name, err)
			}
			values[i] = v
		}
		decode := func() error {
			for i := range docs {
				if _, err := r.Decode(&docs[i]); err != nil {
					return err
				}
			}
			return nil
		}
		encode := func() error {
			for _, v := range values {
				if _, err := r.Encode(v); err != nil {
					return err
				}
			}
			return nil
		}
		both := func() error {
			for i := range docs {
				v, err := r.Decode(&docs[i])
				if err != nil {
					return err
				}
				if _, err := r.Encode(v); err != nil {
					return err
				}
			}
			return nil
		}
		jobs = append(jobs, job{rival: r.Name, task: "decode", run: decode}, job{rival: r.Name, task: "encode", run: encode},
			job{rival: r.Name, task: "round trip", run: both})
	}
	for i := range jobs {
		jobs[i].allocs = allocations(jobs[i].run)
	}
	return jobs, nil
}

// measure returns the time of one run, from as many as fit into a slot.
func measure(run func() error, slot time.Duration) time.Duration {
	start, n := time.Now(), 0
	for time.Since(start) < slot {
		if err := run(); err != nil {
			log.Fatal(err)
		}
		n++
	}
	return time.Since(start) / time.Duration(n)
}

func allocations(run func() error) float64 {
	const runs = 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		if err := run(); err != nil {
			log.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / runs
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

func print(docs []bench.Document, jobs []job) {
	size := 0
	for _, d := range docs {
		size += len(d.Text)
	}
	fmt.Printf("%d documents, %d bytes; %s, %s/%s, GOMAXPROCS %d, %s; commit %s\n\n", len(docs), size,
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), cpu(), commit())
	base := make(map[string]time.Duration)
	for _, j := range jobs {
		if j.rival == jobs[0].rival {
			base[j.task] = median(j.times)
		}
	}
	fmt.Println("| | decode | encode | round trip | decode, µs a pass | encode, µs a pass | allocations of a decode pass |")
	fmt.Println("|---|--:|--:|--:|--:|--:|--:|")
	for i := 0; i < len(jobs); i += 3 {
		d, e, r := jobs[i], jobs[i+1], jobs[i+2]
		ratio := func(j job) float64 { return float64(base[j.task]) / float64(median(j.times)) }
		micros := func(j job) float64 { return float64(median(j.times)) / 1e3 }
		fmt.Printf("| %s | %.2f× | %.2f× | %.2f× | %.0f | %.0f | %.0f |\n", d.rival, ratio(d), ratio(e), ratio(r), micros(d), micros(e), d.allocs)
	}
}

func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// cpu names the processor, where the system tells.
func cpu() string {
	data, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(data)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(name), ":"))
		}
	}
	return "unknown processor"
}
