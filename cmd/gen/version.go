package main

import (
	"fmt"
	"runtime/debug"
	"strings"
)

func versioning() subcommand {
	return subcommand{
		name: "version", short: "print the version of gen, its commit if that is known, and the version of Go",
		run: func(c command, _ *options) int {
			fmt.Fprintln(c.stdout, version())
			return exitOK
		},
		help: `  gen version
        what a report of a fault should name
`,
	}
}

// version returns the version of the module, as recorded by the go command.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "gen (unknown version)"
	}
	return versionOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	var revision, modified string
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = "commit " + s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "modified"
		}
	}
	if revision == "" {
		modified = ""
	}
	of := []string{}
	for _, text := range []string{revision, modified, info.GoVersion} {
		if text != "" {
			of = append(of, text)
		}
	}
	return fmt.Sprintf("gen %s (%s)", info.Main.Version, strings.Join(of, ", "))
}
