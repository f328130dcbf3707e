package main

import (
	"errors"
	"os"
	"runtime"
	"runtime/pprof"
)

// profile starts the requested profiles. The returned function writes them.
func (o *options) profile() (stop func() error, err error) {
	var cpu, mem *os.File
	if o.cpuProfile != "" {
		if cpu, err = os.Create(o.cpuProfile); err != nil {
			return nil, err
		}
		if err := pprof.StartCPUProfile(cpu); err != nil {
			return nil, errors.Join(err, cpu.Close())
		}
	}
	if o.memProfile != "" {
		if mem, err = os.Create(o.memProfile); err != nil {
			return nil, err
		}
	}
	return func() error {
		var errs []error
		if cpu != nil {
			pprof.StopCPUProfile()
			errs = append(errs, cpu.Close())
		}
		if mem != nil {
			runtime.GC() // otherwise the profile shows the last collection
			errs = append(errs, pprof.Lookup("allocs").WriteTo(mem, 0), mem.Close())
		}
		return errors.Join(errs...)
	}, nil
}
