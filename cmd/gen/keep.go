package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/spec/diag"
)

// failGenerating reports an error of generating. If wanted, it keeps the files that failed
// the check in a folder for inspection.
func (c command) failGenerating(o *options, err error, outcome string) int {
	failed, isCheck := errors.AsType[*generator.CheckError](err)
	_, hasFindings := errors.AsType[*diag.Error](err)
	switch {
	case !isCheck, !hasFindings, !o.command.takes("keep"):
	case !o.keep:
		outcome += "; use --keep to keep the files that failed the check"
	default:
		dir, err := keep(failed.Files)
		if err != nil {
			outcome += fmt.Sprintf("; the files that failed the check cannot be kept: %v", err)
			break
		}
		outcome += "; the files that failed the check are in " + filepath.ToSlash(dir)
	}
	return c.fail(err, outcome)
}

// keep writes files to a new temporary folder: beside the package they would be part of the
// user's module.
func keep(files []output.File) (dir string, err error) {
	if dir, err = os.MkdirTemp("", "gen-failed-"); err != nil {
		return "", err
	}
	for _, f := range files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil { // a part of a package that is split
			return "", err
		}
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			return "", err
		}
	}
	return dir, nil
}
