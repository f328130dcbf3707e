// Package goir is an intermediate form of the Go declarations of a package: package plan
// writes it, package emit prints it. Every name in it is final, every type can be printed,
// every comment is written; a declaration knows the schema element that it is made from.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package goir

import (
	"github.com/callgen/callgen/spec/diag"
	"github.com/dave/jennifer/jen"
)

// Package is a Go package.
type Package struct {
	Name    string
	Header  []string // lines below the marker of each file
	Doc     []string // paragraphs of the package comment
	Files   []*File  // without those of the runtime
	Sources []*Source
	Runtime []string          // parts of the runtime that the package needs beyond the codec, by their folders
	Model   map[string]string // what the runtime calls types of the description, and their Go
	Clashes []Clash
	Missing []Missing
}

// Missing is an element that has no request, and why.
type Missing struct {
	Element string
	Why     string
	Pos     diag.Pos
}

// File is a file of a package.
type File struct {
	Name  string // without the ending
	Decls []Decl
}

// Source is a file that was written as Go, by hand.
type Source struct {
	Name string // without the ending
	Text string // all behind the package clause
	API  []Symbol
}

// Decl is a declaration: one of the types of this package that embed [Declared].
type Decl interface{ Declaration() *Declared }

// Declared is what all declarations have.
type Declared struct {
	Name    string
	Doc     Doc
	Element string // schema element that it is made from; "" if absent
	Type    string // schema type whose lines it adds to; "" if absent
	Pos     diag.Pos
}

// Declaration returns d.
func (d *Declared) Declaration() *Declared { return d }

// Doc is a doc comment: paragraphs, and whether and why the thing is deprecated.
type Doc struct {
	Paragraphs []string
	Code       string // a line that stands as it is, after the first paragraph
	Points     Points // after the paragraphs
	Deprecated string
}

// Points is a list with a title. Without items it is not shown.
type Points struct {
	Title string
	Items []string
}

// Add appends a paragraph, unless it is empty.
func (d *Doc) Add(paragraph string) {
	if paragraph != "" {
		d.Paragraphs = append(d.Paragraphs, paragraph)
	}
}

// Extend adds a sentence to the last paragraph.
func (d *Doc) Extend(text string) {
	n := len(d.Paragraphs)
	switch {
	case text == "":
	case n > 0:
		d.Paragraphs[n-1] += " " + text
	default:
		d.Add(text)
	}
}

// Paragraph returns a doc comment of one paragraph.
func Paragraph(text string) Doc { return Doc{Paragraphs: []string{text}} }

// Clash is a name that a declaration did not get because another one has it.
type Clash struct {
	Element  string // that has another name now
	Wanted   string
	Name     string // the name that it got
	Owner    string // what has the name that was wanted
	Override string // the key of an override that would choose otherwise
	Pos      diag.Pos
	OwnerPos diag.Pos // not valid if the owner is not in the description
}

// Own is a declaration that prints itself, because only one feature has its like.
type Own struct {
	Declared
	API  []Symbol          // what is exported of it
	Code func() []jen.Code // new code at each call: jennifer's statements must not be reused
}

// Symbol is an exported declaration.
type Symbol struct {
	Name    string // such as NotificationHandler.OnCall
	Kind    string // "type", "function", "method"
	Parent  string // the symbol that it comes and goes with; "" if absent
	Type    string // as the compiler sees it, without the names of parameters
	Element string
	Doc     Doc
}
