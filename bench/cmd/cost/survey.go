package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// survey is what the Go files of a package hold, tests left out.
type survey struct {
	Lines, Files, Longest int
	Structs               []string // exported
	Enums                 []string // exported types that are numbers or strings
	Factories             []string // X of functions CreateXFromDiscriminatorValue
}

func surveyOf(dir string) (*survey, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	s := new(survey)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		lines := strings.Count(string(text), "\n")
		s.Lines += lines
		s.Files++
		s.Longest = max(s.Longest, lines)
		if strings.HasPrefix(filepath.Base(file), "runtime_") {
			continue // counted as lines; its types are not Graph's
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.declarations(parsed)
	}
	return s, nil
}

func (s *survey) declarations(file *ast.File) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name, ok := strings.CutSuffix(d.Name.Name, "FromDiscriminatorValue")
			if name, ok2 := strings.CutPrefix(name, "Create"); ok && ok2 && d.Recv == nil {
				s.Factories = append(s.Factories, name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok && t.Name.IsExported() && t.TypeParams == nil {
					s.typ(t)
				}
			}
		}
	}
}

func (s *survey) typ(t *ast.TypeSpec) {
	switch of := t.Type.(type) {
	case *ast.StructType:
		s.Structs = append(s.Structs, t.Name.Name)
	case *ast.Ident:
		if of.Name == "string" || of.Name == "int" || of.Name == "int64" {
			s.Enums = append(s.Enums, t.Name.Name)
		}
	}
}
