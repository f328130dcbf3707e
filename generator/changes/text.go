package changes

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Text writes the changes for people, by descending grade.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	for _, g := range Grades() {
		if r.Count(g) == 0 {
			continue
		}
		fmt.Fprintf(&b, "%s\n\n", headline(g))
		for _, c := range r.Changes {
			if c.Grade == g {
				c.text(&b)
			}
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Summary counts the changes by grade.
func (r *Report) Summary() string {
	if len(r.Changes) == 0 {
		return "no changes"
	}
	var counts []string
	for _, g := range Grades() {
		counts = append(counts, fmt.Sprintf("%d %s", r.Count(g), g))
	}
	return strings.Join(counts, ", ")
}

func headline(g Grade) string {
	switch g {
	case Breaking:
		return "Breaking: code that uses these does not compile any more"
	case Additive:
		return "Additive: code that compiles still does"
	case Docs:
		return "Docs: comments and deprecations"
	}
	return "None: nothing changes for the compiler"
}

func (c *Change) text(b *strings.Builder) {
	if c.Position != "" {
		b.WriteString(clean(c.Position) + ": ")
	}
	fmt.Fprintf(b, "%s %s: %s\n", c.Kind, clean(c.Element), clean(c.facts()))
	for _, e := range c.Go {
		fmt.Fprintf(b, "    → Go: %s\n", clean(e.String()))
	}
}

// facts returns the facts of a change on one line.
func (c *Change) facts() string {
	var list []string
	for _, f := range c.Schema {
		list = append(list, f.String())
	}
	return strings.Join(list, "; ")
}

// String describes the fact.
func (f Fact) String() string {
	switch {
	case f.Old == "" && f.New == "":
		return f.What
	case f.What == factDescription && f.Old != "" && f.New != "":
		return "description changed: " + short(f.New)
	case f.Old == f.New, f.Old == "":
		return f.What + ": " + short(f.New)
	case f.New == "":
		return f.What + ": " + short(f.Old) + suffix(f.What)
	}
	return f.What + ": " + short(f.Old) + " → " + short(f.New)
}

// suffix marks a value as old where the words do not say so.
func suffix(what string) string {
	if strings.HasSuffix(what, factRemoved) {
		return ""
	}
	return " no more"
}

// String describes the effect.
func (e Effect) String() string {
	name := e.Kind + " " + e.Symbol
	switch e.Does {
	case Adds:
		return "adds " + name + typed(e.Kind, e.New)
	case Removes:
		return "removes " + name + typed(e.Kind, e.Old)
	case Retypes:
		return name + " is " + e.New + ", was " + e.Old
	case Renames:
		return e.Kind + " " + e.Old + " is " + e.New + " now"
	case Respells:
		return fmt.Sprintf("%s: %q goes over the wire, not %q; code compiles as before", name, e.New, e.Old)
	case Holds:
		return name + " can hold " + e.New + ": type switches meet another case"
	}
	return "comment of " + name + " changes"
}

// typed returns the type of a declaration if its kind does not say all.
func typed(kind, decl string) string {
	switch kind {
	case "field":
		return " " + decl
	case "method", "function":
		return strings.TrimPrefix(decl, "func")
	}
	return ""
}

// longest is the maximum number of characters shown of a description's text.
const longest = 120

func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	runes := []rune(text)
	if len(runes) <= longest {
		return text
	}
	return string(runes[:longest]) + "…"
}

// clean removes characters that control a terminal or change the direction of text.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
}
