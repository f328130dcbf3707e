package main

import (
	"io"

	"github.com/callgen/callgen/cmd/gen/internal/show"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/read"
)

func showing() subcommand {
	return subcommand{
		name: "show", args: "TYPE", least: 1, limit: 1, short: "draw the base types and derived types of a type, and the properties that hold it",
		flags: []string{"config", "spec", "refs", "overlay", "format"},
		check: inFormat("text", "mermaid", "dot", "svg"), run: command.show,
		help: `  gen show commsOperation
        in a terminal; the namespace is needed where two types have the name
  gen show --spec graph.csdl.xml --format svg microsoft.graph.identity > identity.svg
        as a picture; mermaid and dot are for the tools of the same name
`,
	}
}

// show draws a type.
func (c command) show(o *options) int {
	const outcome = "nothing was drawn"
	file, err := o.file()
	if err != nil {
		return c.misused(err)
	}
	source, err := config.LoadSource(file, o.keys...)
	if err != nil {
		return c.fail(err, outcome)
	}
	model, _, err := read.Model(source)
	if err != nil {
		return c.fail(err, outcome)
	}
	t, err := show.Find(model, o.args[0])
	if err != nil {
		return c.fail(err, outcome)
	}
	if _, err := io.WriteString(c.stdout, drawn(show.Of(model, t), o.format)); err != nil {
		return c.fail(err, outcome)
	}
	return exitOK
}

func drawn(v *show.View, format string) string {
	switch format {
	case "mermaid":
		return v.Mermaid()
	case "dot":
		return v.DOT()
	case "svg":
		return v.SVG()
	}
	return v.Text()
}
