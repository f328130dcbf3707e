package main

import (
	_ "embed"
	"errors"
	"path/filepath"

	"github.com/callgen/callgen/bench/scratch"
)

//go:embed testdata/before.go.txt
var beforeProgram string

// buildBefore builds a program that runs the package of the calling API which an earlier
// commit generates, and returns its file.
func buildBefore(tmp, commit string) (string, error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return "", err
	}
	earlier, err := scratch.Checkout(root, commit, tmp)
	if err != nil {
		return "", err
	}
	gen, err := scratch.BuildGen(earlier, earlier)
	if err != nil {
		return "", err
	}
	module, err := scratch.WithBench(tmp, "before")
	if err != nil {
		return "", err
	}
	_, _, err = module.Run(gen, "--spec", filepath.Join(earlier, "spec", "communications.csdl.xml"),
		"--overlay", filepath.Join(earlier, "spec", "communications.overlay.xml"), "--all", "--models", "--package", "calls", "--out", "calls")
	if err = errors.Join(err, module.Write("main.go", beforeProgram)); err != nil {
		return "", err
	}
	program := filepath.Join(tmp, "before.exe")
	_, err = module.Go("build", "-trimpath", "-o", program, ".")
	return program, err
}
