package main

import (
	_ "embed"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/callgen/callgen/bench"
	"github.com/callgen/callgen/bench/plain"
	"github.com/callgen/callgen/bench/scratch"
)

// easyModule generates code for the plain structs, which is built in a module of its own.
const (
	easyModule  = "github.com/mailru/easyjson"
	easyVersion = "v0.9.2"
	easyName    = "easyjson " + easyVersion + ", generated for the plain structs"
)

//go:embed testdata/easy.go.txt
var easyProgram string

// buildEasy builds a program that runs easyjson, and returns its file.
func buildEasy(tmp, dir string) (string, error) {
	docs, err := bench.Documents(dir)
	if err != nil {
		return "", err
	}
	var types []reflect.Type
	for _, d := range docs {
		types = append(types, d.Plain())
	}
	module, err := scratch.WithBench(tmp, "easy")
	if err != nil {
		return "", err
	}
	var makers strings.Builder
	makers.WriteString("package types\n\nimport \"github.com/mailru/easyjson\"\n\n// Makers make a value for each document.\nvar Makers = []func() easyjson.MarshalerUnmarshaler{\n")
	for i := range types {
		fmt.Fprintf(&makers, "\tfunc() easyjson.MarshalerUnmarshaler { return new(T%d) },\n", i)
	}
	makers.WriteString("}\n")
	err = errors.Join(module.Write(filepath.Join("types", "types.go"), plain.Source("types", types)), module.Write("main.go", easyProgram))
	if err != nil {
		return "", err
	}
	if _, err := module.Go("get", easyModule+"/...@"+easyVersion); err != nil {
		return "", err
	}
	if _, err := module.Go("run", easyModule+"/easyjson", "-all", filepath.Join("types", "types.go")); err != nil {
		return "", err
	}
	if err := module.Write(filepath.Join("types", "makers.go"), makers.String()); err != nil {
		return "", err
	}
	program := filepath.Join(tmp, "easy.exe")
	_, err = module.Go("build", "-trimpath", "-o", program, ".")
	return program, err
}
