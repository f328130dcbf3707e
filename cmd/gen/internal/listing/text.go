package listing

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/callgen/callgen/spec/edm"
)

// width is the width of the text in columns.
const width = 100

// Text writes a listing for people.
func (l *Listing) Text(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Roots, with the types that they bring in, and those that no other root brings in:\n\n")
	b.WriteString(" types  props   lines  types  props   lines\n")
	for _, r := range l.Roots {
		row(&b, figures(r.Brings)+" "+figures(r.Only), []string{r.Root})
	}
	b.WriteString("\nTypes, with the reason for including them, and the savings if they and the types derived from them\n" +
		"are excluded:\n\n types  props   lines\n")
	short := l.shorten()
	for _, t := range l.Types {
		name := []string{t.Name}
		if t.Derived > 0 {
			name = append(name, fmt.Sprintf("(and %d derived)", t.Derived))
		}
		row(&b, figures(t.Only), name)
		row(&b, "      ", chain(t, short))
	}
	fmt.Fprintf(&b, "\nTotal: %d types, %d properties, %d lines of Go. Runtime and client: %d lines.\n",
		l.Total.Types, l.Total.Properties, l.Total.Lines, l.OtherLines)
	l.proposals(&b)
	b.WriteString("To leave types out, use exclude in gen.yaml. To keep only some derived types, use hierarchies.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// proposals writes what to exclude, as gen.yaml has it.
func (l *Listing) proposals(b *strings.Builder) {
	if len(l.Exclude) == 0 {
		return
	}
	b.WriteString("\nThe exclusions that save most, each with what it saves after those before it. Copy the lines of what\n" +
		"you can do without to gen.yaml:\n\nexclude:\n")
	widest := 0
	for _, e := range l.Exclude {
		for _, item := range e.Items {
			widest = max(widest, min(len(item), width/2))
		}
	}
	for _, e := range l.Exclude {
		for i, item := range e.Items {
			note := fmt.Sprintf("# %d types, %d lines", e.Saves.Types, e.Saves.Lines)
			if i > 0 {
				note = "# with it"
			}
			fmt.Fprintf(b, "  - %-*s  %s\n", widest, item, note)
		}
	}
	b.WriteString("\n")
}

func figures(s Size) string { return fmt.Sprintf("%6d %6d %7d", s.Types, s.Properties, s.Lines) }

// row writes pieces of text after a first column, on as many lines as needed.
func row(b *strings.Builder, first string, pieces []string) {
	for _, line := range fold(pieces, width-2-utf8.RuneCountInString(first)) {
		b.WriteString(first + "  " + line + "\n")
		first = strings.Repeat(" ", len(first))
	}
}

// shorten returns a function that drops the namespace of a type if no other type has its
// name.
func (l *Listing) shorten() func(string) string {
	count := make(map[string]int)
	for _, t := range l.Types {
		count[edm.ParseQName(t.Name).Name]++
	}
	return func(qualified string) string {
		if name := edm.ParseQName(qualified).Name; count[name] == 1 {
			return name
		}
		return qualified
	}
}

// chain returns the way from a root to a type, in pieces that stay on one line.
func chain(t Type, short func(string) string) []string {
	var pieces []string
	for _, s := range t.Why {
		text := s.Name
		switch {
		case s.By == "":
		case s.Name == "":
			text = short(s.By) + " (" + s.How + ")"
		default:
			text = short(s.By) + "." + s.Name
		}
		pieces = append(pieces, text+" →")
	}
	return append(pieces, short(t.Name))
}

// fold distributes pieces over lines of a width, and breaks pieces that are longer.
func fold(pieces []string, width int) []string {
	const indent = "  "
	var lines []string
	line := ""
	for _, p := range pieces {
		for _, word := range broken(p, width-len(indent)) {
			if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
				lines, line = append(lines, line), indent
			}
			if strings.TrimSpace(line) != "" {
				line += " "
			}
			line += word
		}
	}
	return append(lines, line)
}

func broken(text string, width int) []string {
	var parts []string
	runes := []rune(text)
	for len(runes) > width {
		parts, runes = append(parts, string(runes[:width])), runes[width:]
	}
	return append(parts, string(runes))
}
