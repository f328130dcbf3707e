// Package slots compares rivals at decoding and encoding JSON. Each rival runs in a
// process of its own, a player, so that none lives with the heap of another; all get
// short slots of time in turn, in shuffled order, round after round, so that whatever
// else the machine does falls on all of them.
package slots

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

// Set is documents that rivals read and write.
type Set struct {
	Name      string
	Documents [][]byte
	Rivals    []Rival // the first is the measure of the others
}

// Rival is a way to decode and encode the documents of a set.
type Rival struct {
	Name   string
	Decode func(i int) (any, error) // document i
	Encode func(v any) ([]byte, error)
}

// Task is what a rival is timed at. A pass goes over all documents of the set.
type Task struct {
	Set, Rival, Name string  // decode, encode or round trip
	Allocs           float64 // of a pass
	Bytes            float64 // allocated by a pass

	// prepare returns a pass. What it needs is made here and lives as long.
	prepare func() (func() error, error)
}

// Standing says what a rival does with the documents of a set.
type Standing struct {
	Set, Rival string
	Documents  int
	Bytes      int
	Kept       int // documents that come out with the members and values they had
}

// Greeting is the first thing that a player says.
type Greeting struct {
	Standings []Standing
	Tasks     []Task
}

// turn is what a player is told to do: the number of a task, and for how long.
type turn struct {
	Task int
	Slot time.Duration
}

// Serve is the main function of a player. It greets, and then answers each turn with
// the nanoseconds of one pass, until there are no more. With a name it plays only
// the rival of that name.
func Serve(in io.Reader, out io.Writer, name string, sets []Set) error {
	var greeting Greeting
	for _, s := range sets {
		for _, r := range s.Rivals {
			if name != "" && r.Name != name {
				continue
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
			greeting.Tasks = append(greeting.Tasks, tasks(s, r)...)
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
		pass, err := measure(&greeting.Tasks[t.Task], t.Slot)
		if err != nil {
			return err
		}
		if err := answers.Encode(pass); err != nil {
			return err
		}
	}
	return lines.Err()
}

func tasks(s Set, r Rival) []Task {
	decode := func() error {
		for i := range s.Documents {
			if _, err := r.Decode(i); err != nil {
				return err
			}
		}
		return nil
	}
	both := func() error {
		for i := range s.Documents {
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
		{Set: s.Name, Rival: r.Name, Name: "decode", prepare: func() (func() error, error) { return decode, nil }},
		{Set: s.Name, Rival: r.Name, Name: "encode", prepare: func() (func() error, error) { return encoder(s, r) }},
		{Set: s.Name, Rival: r.Name, Name: "round trip", prepare: func() (func() error, error) { return both, nil }},
	}
}

// encoder decodes the documents and returns a pass that encodes them.
func encoder(s Set, r Rival) (func() error, error) {
	values := make([]any, len(s.Documents))
	for i := range values {
		v, err := r.Decode(i)
		if err != nil {
			return nil, fmt.Errorf("%s: document %d: %w", r.Name, i, err)
		}
		values[i] = v
	}
	return func() error {
		for _, v := range values {
			if _, err := r.Encode(v); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// warm returns a pass of the task. The heap holds what it needs and nothing else, and
// the pass has run once.
func warm(t *Task) (func() error, error) {
	run, err := t.prepare()
	if err != nil {
		return nil, err
	}
	runtime.GC()
	return run, run()
}

// measure returns the time of one pass, from as many as fit into a slot.
func measure(t *Task, slot time.Duration) (time.Duration, error) {
	run, err := warm(t)
	if err != nil {
		return 0, err
	}
	start, n := time.Now(), 0
	for time.Since(start) < slot {
		if err := run(); err != nil {
			return 0, err
		}
		n++
	}
	return time.Since(start) / time.Duration(max(n, 1)), nil
}

func allocations(t *Task) error {
	const runs = 20
	run, err := warm(t)
	if err != nil {
		return err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		if err := run(); err != nil {
			return err
		}
	}
	runtime.ReadMemStats(&after)
	t.Allocs = float64(after.Mallocs-before.Mallocs) / runs
	t.Bytes = float64(after.TotalAlloc-before.TotalAlloc) / runs
	return nil
}

// Kept counts the documents that a rival gives back whole: the same members and
// values, numbers and strings as they were spelled.
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
