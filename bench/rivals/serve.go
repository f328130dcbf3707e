package rivals

// This file and those of cpuTime need only the standard library: programs built elsewhere, with
// the packages that they measure, get a copy of them.

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"time"
)

// Set is a set of documents that rivals read and write.
type Set struct {
	Name      string
	Documents [][]byte
	Rivals    []Rival // the first is the reference for the others
}

// Rival is a way to decode and encode the documents of a set.
type Rival struct {
	Name   string
	Decode func(i int) (any, error) // document i
	Encode func(v any) ([]byte, error)
}

// Task is a timed task of a rival. A pass covers all documents of the set.
type Task struct {
	Set, Rival, Name string  // decode, encode or round trip
	Allocs           float64 // of a pass
	Bytes            float64 // allocated by a pass

	run func() error // a pass
}

// Standing says how well a rival does on the documents of a set.
type Standing struct {
	Set, Rival string
	Documents  int
	Bytes      int
	Kept       int // documents that come out with the members and values they had
}

// Greeting is the first output of a program.
type Greeting struct {
	Standings []Standing
	Tasks     []Task
}

// turn tells a program to run a task, and for how long.
type turn struct {
	Task int
	Slot time.Duration
}

// Serve is the main function of a [Program]. It prints a greeting, and then answers each
// turn with the nanoseconds of one pass, until the input ends. With a name it runs only the
// rival with that name.
func Serve(in io.Reader, out io.Writer, name string, sets []Set) error {
	// The collector runs as often in every program, whatever else it holds.
	ballast := make([]byte, 16<<20)
	defer runtime.KeepAlive(ballast)
	var greeting Greeting
	for _, s := range sets {
		for _, r := range s.Rivals {
			if name != "" && r.Name != name {
				continue
			}
			values, err := decoded(s, r)
			if err != nil {
				return err
			}
			kept, err := Kept(s, r)
			if err != nil {
				return err
			}
			size := 0
			for _, d := range s.Documents {
				size += len(d)
			}
			greeting.Standings = append(greeting.Standings, Standing{s.Name, r.Name, len(s.Documents), size, kept})
			greeting.Tasks = append(greeting.Tasks, tasks(s, r, values)...)
		}
	}
	for i := range greeting.Tasks {
		if err := allocations(&greeting.Tasks[i]); err != nil {
			return err
		}
	}
	answers := json.NewEncoder(out)
	if err := answers.Encode(greeting); err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var t turn
		if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
			return err
		}
		pass, err := measure(greeting.Tasks[t.Task].run, t.Slot)
		if err != nil {
			return err
		}
		if err := answers.Encode(pass); err != nil {
			return err
		}
	}
	return lines.Err()
}

func decoded(s Set, r Rival) ([]any, error) {
	values := make([]any, len(s.Documents))
	for i := range values {
		v, err := r.Decode(i)
		if err != nil {
			return nil, fmt.Errorf("%s: document %d: %w", r.Name, i, err)
		}
		values[i] = v
	}
	return values, nil
}

func tasks(s Set, r Rival, values []any) []Task {
	decode := func() error {
		for i := range values {
			if _, err := r.Decode(i); err != nil {
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
		for i := range values {
			v, err := r.Decode(i)
			if err != nil {
				return err
			}
			if _, err := r.Encode(v); err != nil {
				return err
			}
		}
		return nil
	}
	return []Task{
		{Set: s.Name, Rival: r.Name, Name: "decode", run: decode},
		{Set: s.Name, Rival: r.Name, Name: "encode", run: encode},
		{Set: s.Name, Rival: r.Name, Name: "round trip", run: both},
	}
}

// measure returns the time of one pass, from as many as fit into a slot: processor time of all
// threads, so that the collector counts and other load on the machine does not, or wall time
// where the system does not tell. The first pass does not count: another process had the caches.
func measure(run func() error, slot time.Duration) (time.Duration, error) {
	if err := run(); err != nil {
		return 0, err
	}
	start, n := time.Now(), 0
	before, tells := cpuTime()
	for time.Since(start) < slot {
		if err := run(); err != nil {
			return 0, err
		}
		n++
	}
	took := time.Since(start)
	if after, ok := cpuTime(); ok && tells {
		took = after - before
	}
	return took / time.Duration(max(n, 1)), nil
}

func allocations(t *Task) error {
	const runs = 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		if err := t.run(); err != nil {
			return err
		}
	}
	runtime.ReadMemStats(&after)
	t.Allocs = float64(after.Mallocs-before.Mallocs) / runs
	t.Bytes = float64(after.TotalAlloc-before.TotalAlloc) / runs
	return nil
}

// Kept counts the documents that a rival returns unchanged: with the same members and
// values, and numbers and strings as spelled.
func Kept(s Set, r Rival) (int, error) {
	kept := 0
	for i, text := range s.Documents {
		v, err := r.Decode(i)
		if err != nil {
			return 0, fmt.Errorf("%s: document %d: %w", r.Name, i, err)
		}
		out, err := r.Encode(v)
		if err != nil {
			return 0, fmt.Errorf("%s: document %d: %w", r.Name, i, err)
		}
		was, err := parsed(text)
		if err != nil {
			return 0, err
		}
		is, err := parsed(out)
		if err != nil {
			return 0, fmt.Errorf("%s: document %d: %w", r.Name, i, err)
		}
		if reflect.DeepEqual(was, is) {
			kept++
		}
	}
	return kept, nil
}

func parsed(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}
