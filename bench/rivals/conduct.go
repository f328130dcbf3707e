package rivals

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"time"
)

// Program is a program that calls [Serve].
type Program struct {
	Args []string
	Name string // of the rival in the result, if not its own
	Set  string // of its sets in the result, if not their own
}

// Result is what a rival did at a task: the median time of a pass, and the quartiles.
type Result struct {
	Task
	Pass, Low, High time.Duration
}

// Conduct starts the programs, gives each of their tasks a slot in every round, and
// ends them.
func Conduct(programs []Program, rounds int, slot time.Duration) ([]Standing, []Result, error) {
	var processes []*process
	defer func() {
		for _, s := range processes {
			s.end()
		}
	}()
	var standings []Standing
	var jobs []*job
	for _, p := range programs {
		started, err := start(p)
		if err != nil {
			return nil, nil, err
		}
		processes = append(processes, started)
		standings = append(standings, started.greeting.Standings...)
		for i, t := range started.greeting.Tasks {
			jobs = append(jobs, &job{process: started, number: i, task: t})
		}
	}
	order := slices.Clone(jobs)
	for range rounds {
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, j := range order {
			pass, err := j.process.take(turn{j.number, slot})
			if err != nil {
				return nil, nil, fmt.Errorf("%s, %s: %w", j.task.Rival, j.task.Name, err)
			}
			j.passes = append(j.passes, pass)
		}
	}
	var results []Result
	for _, j := range jobs {
		slices.Sort(j.passes)
		results = append(results, Result{j.task, at(j.passes, 2), at(j.passes, 1), at(j.passes, 3)})
	}
	return standings, results, nil
}

// job is a task of a program, and the times of its passes.
type job struct {
	process *process
	number  int
	task    Task
	passes  []time.Duration
}

// process is a program that runs.
type process struct {
	cmd      *exec.Cmd
	in       io.WriteCloser
	turns    *json.Encoder
	answers  *json.Decoder
	greeting Greeting
}

func start(p Program) (*process, error) {
	cmd := exec.Command(p.Args[0], p.Args[1:]...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &process{cmd: cmd, in: in, turns: json.NewEncoder(in), answers: json.NewDecoder(bufio.NewReader(out))}
	if err := s.greet(p); err != nil {
		s.end()
		return nil, fmt.Errorf("%v: %w", p.Args, err)
	}
	return s, nil
}

func (s *process) greet(p Program) error {
	if err := s.answers.Decode(&s.greeting); err != nil {
		return err
	}
	if len(s.greeting.Tasks) == 0 {
		return errors.New("it has no rival to run")
	}
	for i := range s.greeting.Tasks {
		if p.Name != "" {
			s.greeting.Tasks[i].Rival = p.Name
		}
		if p.Set != "" {
			s.greeting.Tasks[i].Set = p.Set
		}
	}
	for i := range s.greeting.Standings {
		if p.Name != "" {
			s.greeting.Standings[i].Rival = p.Name
		}
		if p.Set != "" {
			s.greeting.Standings[i].Set = p.Set
		}
	}
	return nil
}

func (s *process) take(t turn) (time.Duration, error) {
	if err := s.turns.Encode(t); err != nil {
		return 0, err
	}
	var pass time.Duration
	err := s.answers.Decode(&pass)
	return pass, err
}

// end lets the process go: it stops when there are no more turns.
func (s *process) end() {
	s.in.Close()
	s.cmd.Wait()
}

// at returns the quartile of sorted times.
func at(times []time.Duration, quartile int) time.Duration {
	if len(times) == 0 {
		return 0
	}
	return times[(len(times)-1)*quartile/4]
}
