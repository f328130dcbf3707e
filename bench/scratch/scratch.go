// Package scratch makes Go modules in temporary folders, and measures programs that run in
// them.
package scratch

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Module is a module in a folder of its own.
type Module struct {
	Dir string
	Env []string // in addition to the environment of this process
}

// New makes an empty module with the given path in a new folder below parent.
func New(parent, path string) (*Module, error) {
	dir, err := os.MkdirTemp(parent, path+"-")
	if err != nil {
		return nil, err
	}
	m := &Module{Dir: dir, Env: []string{"GOFLAGS=", "GOWORK=off"}}
	return m, m.Write("go.mod", "module "+path+"\n\ngo 1.26\n")
}

// Write writes a file of the module, with the folders that it needs.
func (m *Module) Write(name, text string) error {
	file := filepath.Join(m.Dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o666)
}

// With returns the module with additional environment variables.
func (m *Module) With(env ...string) *Module {
	return &Module{Dir: m.Dir, Env: append(slices.Clone(m.Env), env...)}
}

// Go runs the go command in the module and returns its output.
func (m *Module) Go(args ...string) (string, error) {
	out, _, err := m.Run("go", args...)
	return out, err
}

// Usage is the resource usage of a program and its child processes.
type Usage struct {
	CPU    float64 // seconds, user and system
	Wall   float64 // seconds
	PeakMB float64 // of the largest process; 0 where the system does not tell
}

// Run runs a program in the module, and returns its output and usage. An error includes the
// end of its error output.
func (m *Module) Run(name string, args ...string) (string, Usage, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = m.Dir
	cmd.Env = append(os.Environ(), m.Env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return "", Usage{}, fmt.Errorf("%s: %w: %s", short(name, args), err, end(errs.String()))
	}
	return out.String(), Usage{
		CPU:    (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(),
		Wall:   wall.Seconds(),
		PeakMB: peakMB(cmd.ProcessState),
	}, nil
}

func short(name string, args []string) string {
	if len(args) > 3 {
		args = append(args[:3:3], "…")
	}
	return filepath.Base(name) + " " + strings.Join(args, " ")
}

// end returns the last lines of a text, up to a limit.
func end(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	text = strings.Join(lines[max(0, len(lines)-4):], "\n")
	return text[max(0, len(text)-600):]
}

// BuildGen builds the generator of the module in root, and returns the path of the program.
func BuildGen(root, into string) (string, error) {
	file := filepath.Join(into, "gen.exe") // the name serves every system
	m := Module{Dir: root}
	_, err := m.Go("build", "-o", file, "./cmd/gen")
	return file, err
}
