package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/callgen/callgen/bench"
	"github.com/callgen/callgen/bench/report"
	"github.com/callgen/callgen/bench/rivals"
)

// The slots in which the packages decode and encode calls.
const (
	slot   = 12 * time.Millisecond
	rounds = 50
	anyOf  = "encoding/json into any" // what the others are compared with
)

// speeds measures, in one run, how fast the packages with calls decode and encode the
// seed's calls.
func speeds(tmp, seed string, measured []*subject, cost *report.Cost) error {
	file := filepath.Join(tmp, "calls.json")
	if err := writeCalls(seed, file); err != nil {
		return err
	}
	var programs []rivals.Program
	of := make(map[string]*subject)
	for _, s := range measured {
		if s.Missing != "" || !s.call {
			continue
		}
		program := filepath.Join(s.module.Dir, "rival.exe")
		if _, err := s.module.With("GOCACHE="+s.cache).Go("build", "-trimpath", "-o", program, "./rival"); err != nil {
			return err
		}
		if _, _, err := s.module.Run(program, file, s.style); err != nil {
			log.Printf("%s: no speed: %v", s.Name, err)
			continue
		}
		if s.style == "callgen" && len(programs) == 0 {
			programs = append(programs, rivals.Program{Args: []string{program, file, anyOf}})
		}
		of[s.Name] = s
		programs = append(programs, rivals.Program{Args: []string{program, file, s.style}, Name: s.Name})
	}
	if len(programs) <= len(of) {
		log.Print("no speed: it is measured against encoding/json in a program of callgen's")
		return nil
	}
	standings, results, err := rivals.Conduct(programs, rounds, slot)
	if err != nil {
		return err
	}
	ratios := report.NewRatios(rounds, slot, nil, standings, results)
	for _, set := range ratios.Sets {
		cost.Calls = set.Documents
		for _, row := range set.Rows {
			if s := of[row.Rival]; s != nil {
				s.Speed = report.SpeedOf(set.Rows[0], row)
			}
		}
	}
	return nil
}

// writeCalls writes the calls of the seed as one array.
func writeCalls(seed, file string) error {
	documents, err := bench.Documents(seed)
	if err != nil {
		return err
	}
	var calls []json.RawMessage
	for _, d := range documents {
		if !d.Notification {
			calls = append(calls, d.Text)
		}
	}
	if len(calls) == 0 {
		return fmt.Errorf("no calls in %s", seed)
	}
	text, err := json.Marshal(calls)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o666)
}
