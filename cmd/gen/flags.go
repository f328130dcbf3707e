package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/pprof"

	"github.com/callgen/callgen/generator/config"
)

// options are the flags of generate and check.
type options struct {
	configFile string
	given      config.Config   // values of the flags that stand for keys
	set        map[string]bool // which of them were given
	force      bool
	cpuProfile string
	memProfile string
}

// list is a flag that may be repeated.
type list struct{ values *[]string }

func (l list) String() string     { return "" }
func (l list) Set(s string) error { *l.values = append(*l.values, s); return nil }

const defaultConfig = "gen.yaml"

// parse reads the flags. It returns nil when there is nothing to run, with the code
// to exit with.
func parse(verb string, args []string, stdout, stderr io.Writer) (*options, int) {
	o := &options{set: make(map[string]bool)}
	f := o.flags(verb)
	f.SetOutput(io.Discard)
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		printHelp(stdout)
		return nil, exitOK
	case err != nil:
		fmt.Fprintf(stderr, "gen: %v: see gen help\n", err)
		return nil, exitMisused
	case f.NArg() > 0:
		fmt.Fprintf(stderr, "gen: %q is not expected after the flags: see gen help\n", f.Arg(0))
		return nil, exitMisused
	}
	f.Visit(func(f *flag.Flag) { o.set[f.Name] = true })
	return o, exitOK
}

func (o *options) flags(verb string) *flag.FlagSet {
	f := flag.NewFlagSet("gen "+verb, flag.ContinueOnError)
	f.StringVar(&o.configFile, "config", defaultConfig, "configuration `file`; it may be missing if flags say enough")
	f.StringVar(&o.given.Spec, "spec", "", "description to read: a CSDL XML `file`")
	f.Var(list{&o.given.Overlays}, "overlay", "overlay `file` to merge into the description; repeatable")
	f.Var(list{&o.given.Roots}, "root", "`path` (/communications/calls) or type (microsoft.graph.call) to generate with all it needs; repeatable")
	f.BoolVar(&o.given.All, "all", false, "generate everything the description holds, instead of roots")
	f.BoolVar(&o.given.Models, "models", false, "generate types without request builders")
	f.StringVar(&o.given.Package, "package", "", "`name` of the package; the last element of the output folder by default")
	f.StringVar(&o.given.Out, "out", "", "output `folder`")
	f.BoolVar(&o.force, "force", false, "replace generated files that were edited by hand")
	f.StringVar(&o.cpuProfile, "cpuprofile", "", "write a CPU profile to `file`")
	f.StringVar(&o.memProfile, "memprofile", "", "write a memory profile to `file`")
	return f
}

// config returns the configuration: the file's, with what flags give instead.
func (o *options) config() (*config.Config, error) {
	cfg, err := config.Load(o.configFile)
	file := o.configFile
	if errors.Is(err, fs.ErrNotExist) && !o.set["config"] {
		cfg, err, file = new(config.Config), nil, ""
	}
	if err != nil {
		return nil, err
	}
	o.apply(cfg)
	return cfg, cfg.Validate(file)
}

// apply puts the flags that were given in place of the file's keys.
func (o *options) apply(cfg *config.Config) {
	replace := func(name string, with func()) {
		if o.set[name] {
			with()
		}
	}
	replace("spec", func() { cfg.Spec = o.given.Spec })
	replace("overlay", func() { cfg.Overlays = o.given.Overlays })
	replace("root", func() { cfg.Roots, cfg.All = o.given.Roots, false })
	replace("all", func() {
		cfg.All = o.given.All
		if cfg.All {
			cfg.Roots = o.given.Roots // those of the file give way
		}
	})
	replace("models", func() { cfg.Models = o.given.Models })
	replace("package", func() { cfg.Package = o.given.Package })
	replace("out", func() {
		cfg.Out = o.given.Out
		if !o.set["package"] {
			cfg.Package = ""
		}
	})
}

// profile starts the profiles that were asked for; stop writes them.
func (o *options) profile() (stop func(), err error) {
	stop = func() {}
	if o.cpuProfile != "" {
		f, err := os.Create(o.cpuProfile)
		if err != nil {
			return nil, err
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return nil, err
		}
		stop = func() { pprof.StopCPUProfile(); f.Close() }
	}
	if o.memProfile == "" {
		return stop, nil
	}
	f, err := os.Create(o.memProfile)
	if err != nil {
		return nil, err
	}
	stopCPU := stop
	return func() {
		stopCPU()
		runtime.GC() // for what is in use now
		if err := pprof.Lookup("allocs").WriteTo(f, 0); err != nil {
			fmt.Fprintln(os.Stderr, "gen:", err)
		}
		f.Close()
	}, nil
}
