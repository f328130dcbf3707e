package generator_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/internal/randcsdl"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/templates"
)

var (
	firstSeed    = flag.Uint64("seed", 1, "seed of the first random description")
	descriptions = flag.Int("descriptions", 60, "how many random descriptions to try")
	soak         = flag.Duration("soak", 0, "try random descriptions for so long instead")
)

// maxFailures is how many failures are worth reading.
const maxFailures = 10

// TestRandomDescriptions generates from random legal descriptions: a package comes of each
// that compiles on every system, the same whatever the order of the description is.
func TestRandomDescriptions(t *testing.T) {
	runtimeNames, err := templates.Declarations()
	require.NoError(t, err)
	options := randcsdl.Options{Reserved: runtimeNames.Names}
	tryAll(t, *descriptions, func(c *typeChecker, seed uint64) error {
		return explained(randcsdl.New(seed, options), func(d *randcsdl.Description) error { return tryLegal(c, d, seed) })
	})
}

// TestPlainDescriptions is the same with names that clash with nothing.
func TestPlainDescriptions(t *testing.T) {
	options := randcsdl.Options{Plain: true}
	tryAll(t, max(*descriptions/4, 1), func(c *typeChecker, seed uint64) error {
		return explained(randcsdl.New(seed, options), func(d *randcsdl.Description) error { return tryLegal(c, d, seed) })
	})
}

// TestInvalidDescriptions generates from descriptions that are broken in a known way, which
// is what is found in them, and nothing else.
func TestInvalidDescriptions(t *testing.T) {
	runtimeNames, err := templates.Declarations()
	require.NoError(t, err)
	tryAll(t, *descriptions, func(_ *typeChecker, seed uint64) error {
		d := randcsdl.Invalid(seed, randcsdl.Options{Reserved: runtimeNames.Names})
		if err := tryInvalid(d); err != nil {
			return fmt.Errorf("%s: %w", d.Broken, err)
		}
		return tryTruncated(randcsdl.New(seed, randcsdl.Options{}), seed)
	})
}

// TestWholeCheckAgrees gives a few of the random packages to the check that generation ends
// with, which reads the bodies of the runtime's functions too.
func TestWholeCheckAgrees(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it type-checks six packages for each system")
	}
	for seed := *firstSeed; seed < *firstSeed+3; seed++ {
		for _, plain := range []bool{true, false} {
			model, err := csdl.Read("in.csdl", randcsdl.New(seed, randcsdl.Options{Plain: plain}).Text())
			require.NoError(t, err)
			_, err = generator.FromModel(randomConfig(), model)
			assert.NoError(t, err, "seed %d, plain: %v", seed, plain)
		}
	}
}

// tryAll tries so many seeds, or as many as the time that the flag gives allows, on all
// processors.
func tryAll(t *testing.T, count int, try func(c *typeChecker, seed uint64) error) {
	t.Helper()
	switch {
	case testing.Short():
		count = max(count/25, 1)
	case raced:
		count = max(count/10, 1)
	}
	export, err := exportData()
	require.NoError(t, err)
	var (
		next, failed atomic.Uint64
		start        = time.Now()
		done         sync.WaitGroup
		mu           sync.Mutex
		failures     = make(map[uint64]error)
	)
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			c := newTypeChecker(export)
			for {
				i := next.Add(1) - 1
				if *soak > 0 && time.Since(start) > *soak || *soak == 0 && i >= uint64(count) {
					next.Add(^uint64(0))
					return
				}
				if err := try(c, *firstSeed+i); err != nil {
					if failed.Add(1) <= maxFailures {
						mu.Lock()
						failures[*firstSeed+i] = err
						mu.Unlock()
					}
				}
				if i%200 == 199 {
					c = newTypeChecker(export) // positions of all files add up
				}
			}
		})
	}
	done.Wait()
	for _, seed := range slices.Sorted(maps.Keys(failures)) {
		t.Errorf("seed %d: %v\nAgain: go test ./generator -run '^%s$' -seed %d -descriptions 1", seed, failures[seed], t.Name(), seed)
	}
	t.Logf("%d descriptions tried from seed %d, %d failed, in %v", next.Load(), *firstSeed, failed.Load(), time.Since(start).Round(time.Millisecond))
}

func randomConfig() *config.Config {
	return &config.Config{
		Source:  config.Source{Spec: "in.csdl"},
		Choice:  config.Choice{All: true},
		Package: config.Package{APIVersion: "v1.0", Name: "random", Out: "random"},
	}
}

// stepError is an error of a step of a try.
type stepError struct {
	step string
	err  error
}

func (e *stepError) Error() string { return e.step + ": " + e.err.Error() }

// generated generates from a description, without checking what comes of it.
func generated(d *randcsdl.Description) (*generator.Result, error) {
	model, err := csdl.Read("in.csdl", d.Text())
	if err != nil {
		return nil, &stepError{"reading", err}
	}
	result, err := generator.Unchecked(randomConfig(), model)
	if err != nil {
		return nil, &stepError{"generating", err}
	}
	return result, nil
}

// tryLegal tries a legal description.
func tryLegal(c *typeChecker, d *randcsdl.Description, seed uint64) error {
	result, err := generated(d)
	if err != nil {
		return err
	}
	own, err := c.check(result.Files)
	if err != nil {
		return &stepError{"type-checking", err}
	}
	if err := sameOnAllSystems(result.Files); err != nil {
		return &stepError{"other systems", err}
	}
	for _, n := range result.Notes {
		if !n.Pos.IsValid() || n.Element == "" {
			return &stepError{"notes", fmt.Errorf("a note that does not say where: %s", n)}
		}
	}
	if err := hidden(own); err != nil {
		return &stepError{"members", err}
	}
	shuffled, err := generated(d.Shuffled(seed))
	if err != nil {
		return &stepError{"shuffled", err}
	}
	if name := firstDifference(result.Files, shuffled.Files); name != "" {
		return &stepError{"shuffled", fmt.Errorf("%s is another", name)}
	}
	more, err := generated(d.Unrelated(seed))
	if err != nil {
		return &stepError{"one more element", err}
	}
	ownOfMore, err := c.check(more.Files)
	if err != nil {
		return &stepError{"one more element", err}
	}
	after := api(c.fset, ownOfMore)
	for name, what := range api(c.fset, own) {
		if now, ok := after[name]; !ok || now != what {
			return &stepError{"one more element", fmt.Errorf("%s (%s) is now %q", name, what, now)}
		}
	}
	return nil
}

// firstDifference names a file that differs, "" if none does.
func firstDifference(a, b []output.File) string {
	if len(a) != len(b) {
		return "the number of files"
	}
	for i := range a {
		if a[i].Name != b[i].Name || string(a[i].Data) != string(b[i].Data) {
			return a[i].Name
		}
	}
	return ""
}

// tryInvalid tries a description that is broken: findings say where, or notes do, if a
// package can be made all the same.
func tryInvalid(d *randcsdl.Description) error {
	model, err := csdl.Read("in.csdl", d.Text())
	var told []diag.Finding
	if err == nil {
		var result *generator.Result
		if result, err = generator.Unchecked(randomConfig(), model); err == nil {
			told = result.Notes
		}
	}
	if found, ok := errors.AsType[*diag.Error](err); ok {
		told = found.Findings
	} else if err != nil {
		return err
	}
	about := false
	for _, f := range told {
		about = about || d.Broken.IsAt(f.Element)
		if err != nil && !d.Broken.IsAt(f.Element) {
			return fmt.Errorf("a finding about something else: %s", f)
		}
		if !f.Pos.IsValid() {
			return fmt.Errorf("a finding without position: %s", f)
		}
	}
	if !about {
		return errors.New("nothing was found")
	}
	return nil
}

// tryTruncated tries a description whose end is missing.
func tryTruncated(d *randcsdl.Description, seed uint64) error {
	_, err := csdl.Read("in.csdl", d.Truncated(seed))
	found, ok := errors.AsType[*diag.Error](err)
	if !ok {
		return fmt.Errorf("without its end: %w", err)
	}
	for _, f := range found.Findings {
		if !f.Pos.IsValid() {
			return fmt.Errorf("without its end: a finding without position: %s", f)
		}
	}
	return nil
}

// explained tries a description. If it fails, the error shows the smallest part of it that
// fails in the same step.
func explained(d *randcsdl.Description, try func(*randcsdl.Description) error) error {
	err := try(d)
	failed, ok := errors.AsType[*stepError](err)
	if !ok {
		return err
	}
	if *descriptions > 1 {
		return errors.New(short(err.Error()))
	}
	smallest := d.Shrunk(func(d *randcsdl.Description) bool {
		e, ok := errors.AsType[*stepError](try(d))
		return ok && e.step == failed.step
	})
	return fmt.Errorf("%s\nthe smallest description that fails so:\n%s", short(try(smallest).Error()), smallest.Text())
}

func short(text string) string {
	lines := strings.Split(text, "\n")
	if len(lines) > 3 {
		lines = append(lines[:3], fmt.Sprintf("… and %d lines more", len(lines)-3))
	}
	return strings.Join(lines, "\n")
}
