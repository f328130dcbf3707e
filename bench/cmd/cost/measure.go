package main

import (
	"embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/callgen/callgen/bench/scratch"
)

//go:embed programs/*.txt
var programs embed.FS

// measure gets the package and measures everything except the warm tests.
func (s *subject) measure(tmp string) error {
	if err := s.available(); err != nil {
		return err
	}
	m, err := scratch.New(tmp, "cost")
	if err != nil {
		return err
	}
	s.module = m
	if err := s.fill(s, m); err != nil {
		return err
	}
	dir, err := m.Go("list", "-f", "{{.Dir}}", s.of)
	if err != nil {
		return err
	}
	found, err := surveyOf(strings.TrimSpace(dir))
	if err != nil {
		return err
	}
	s.Structs, s.Enums, s.Lines = len(found.Structs), len(found.Enums), found.Lines
	s.Files, s.Longest = found.Files, found.Longest
	if err := s.write(found); err != nil {
		return err
	}
	if err := s.compile(tmp); err != nil {
		return err
	}
	if s.call {
		if s.Call, err = s.program("call", aCall); err != nil {
			return err
		}
	}
	s.All, err = s.program("all", s.input, s.entry)
	return err
}

// write writes the programs that use the package.
func (s *subject) write(found *survey) error {
	data := struct {
		*survey
		Import string
	}{found, s.of}
	folders := []string{"all"}
	if s.call {
		folders = append(folders, "call", "rival")
	}
	for _, folder := range folders {
		text, err := render(folder+"_"+s.style, data)
		if err != nil {
			return err
		}
		if err := s.module.Write(filepath.Join(folder, "main.go"), text); err != nil {
			return err
		}
	}
	// The programs of the rivals use files that need the standard library only.
	for _, name := range []string{"serve.go", "cpu_unix.go", "cpu_other.go"} {
		text, err := os.ReadFile(filepath.Join("rivals", name))
		if err != nil {
			return err
		}
		if err := s.module.Write(filepath.Join("rivals", name), string(text)); err != nil {
			return err
		}
	}
	err := errors.Join(writeTest(s.module, s.style, s.of, 0))
	if err != nil {
		return err
	}
	_, err = s.module.Go("mod", "tidy")
	return err
}

// writeTest writes the test of package warm; the number makes it a different one.
func writeTest(m *scratch.Module, style, of string, number int) error {
	text, err := render("warm_"+style, struct {
		Import string
		N      int
	}{of, number})
	if err != nil {
		return err
	}
	return m.Write(filepath.Join("warm", "warm_test.go"), text)
}

func render(name string, data any) (string, error) {
	t, err := template.ParseFS(programs, "programs/"+name+".go.txt")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, data)
	return b.String(), err
}

// compile measures the compiler, with a cache that holds only what the package imports.
func (s *subject) compile(tmp string) error {
	list, err := s.module.Go("list", "-deps", s.of)
	if err != nil {
		return err
	}
	base, err := os.MkdirTemp(tmp, "cache-")
	if err != nil {
		return err
	}
	imports := slices.DeleteFunc(strings.Fields(list), func(p string) bool { return p == s.of })
	if _, err := s.module.With("GOCACHE=" + base).Go(append([]string{"build", "-trimpath"}, imports...)...); err != nil {
		return err
	}
	usage, err := medianUsage(s.Runs, func() (scratch.Usage, error) {
		if err := os.RemoveAll(s.cache); err != nil {
			return scratch.Usage{}, err
		}
		if s.cache, err = os.MkdirTemp(tmp, "cache-"); err != nil {
			return scratch.Usage{}, err
		}
		if err := os.CopyFS(s.cache, os.DirFS(base)); err != nil {
			return scratch.Usage{}, err
		}
		_, usage, err := s.module.With("GOCACHE="+s.cache).Run("go", "build", "-trimpath", s.of)
		return usage, err
	})
	s.Compile = &usage
	return err
}

// program builds a program, checks that it works, and returns its size.
func (s *subject) program(name, input string, args ...string) (int64, error) {
	file := filepath.Join(s.module.Dir, name+".exe")
	_, err := s.module.With("GOCACHE="+s.cache).Go("build", "-trimpath", "-ldflags=-s -w", "-o", file, "./"+name)
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(file, args...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "establishing") {
		return 0, fmt.Errorf("the program %s does not decode: %v: %s", name, err, out)
	}
	info, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// warm is a package with a test, beside a package that it imports.
type warm struct {
	module    *scratch.Module
	style, of string
	took      *float64
	all       []float64
}

// warmTests measures go test after an edit of the test, in shuffled order, in rounds. The
// first round fills the caches and does not count.
func warmTests(rounds int, all []*warm) error {
	for round := range rounds + 1 {
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, w := range all {
			if err := writeTest(w.module, w.style, w.of, round); err != nil {
				return err
			}
			_, usage, err := w.module.Run("go", "test", "-trimpath", "./warm")
			if err != nil {
				return err
			}
			if round > 0 {
				w.all = append(w.all, usage.Wall)
			}
		}
	}
	for _, w := range all {
		slices.Sort(w.all)
		*w.took = w.all[len(w.all)/2]
	}
	return nil
}
