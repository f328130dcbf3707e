package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// resource matches the structs of gofish that are resources.
var resource = regexp.MustCompile(`(?m)^type (\w+) struct \{\n\tEntity$`)

// typesOf returns a Go file with the types that gofish has for resources, by name.
func typesOf(folder string) (string, error) {
	files, err := filepath.Glob(filepath.Join(folder, "schemas", "*.go"))
	if err != nil {
		return "", err
	}
	var names []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		for _, m := range resource.FindAllSubmatch(text, -1) {
			names = append(names, string(m[1]))
		}
	}
	if len(names) == 0 {
		return "", fmt.Errorf("%s has no resources in the folder schemas: is it gofish?", folder)
	}
	slices.Sort(names)
	var b strings.Builder
	fmt.Fprintf(&b, "package main\n\nimport (\n\t%q\n\t%q\n)\n\n// gofishTypes makes values of gofish's types.\nvar gofishTypes = map[string]func() any{\n", gofish, gofish+"/schemas")
	fmt.Fprintf(&b, "\t\"ServiceRoot\": func() any { return new(gofish.Service) },\n")
	for _, name := range slices.Compact(names) {
		fmt.Fprintf(&b, "\t%q: func() any { return new(schemas.%s) },\n", name, name)
	}
	return b.String() + "}\n", nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSpace(line)
}
