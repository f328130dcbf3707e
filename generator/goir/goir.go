// Package goir is an intermediate form of the Go declarations of a package: package plan
// creates it, package emit prints it. All names are final, all types can be printed, all
// comments are written. Each declaration knows the schema element that it is made from.
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
	Usage   []string // paragraphs after those, about requests
	Files   []*File  // except for the runtime
	Fields  *Fields  // the names of its properties, a package of their own
	Sources []*Source
	Runtime []string          // folders of the runtime that the package needs besides the codec
	Model   map[string]string // what the runtime calls types of the description, with their names in Go
	Clashes []Clash
	Missing []Missing
}

// Missing is an element without requests, and the reason.
type Missing struct {
	Element string
	Why     string
	Pos     diag.Pos
}

// File is a file of a package.
type File struct {
	Name  string // without extension
	Decls []Decl
}

// Source is a file written by hand.
type Source struct {
	Name string // without extension
	Text string // everything after the package clause
	API  []Symbol
}

// Decl is a declaration: one of the types of this package that embed [Declared].
type Decl interface{ Declaration() *Declared }

// Declared holds what all declarations have in common.
type Declared struct {
	Name    string
	Doc     Doc
	Element string // schema element that it is made from; "" if there is no element
	Type    string // schema type that its lines count for; "" for none
	Pos     diag.Pos
}

// Declaration returns d.
func (d *Declared) Declaration() *Declared { return d }

// Doc is a doc comment: paragraphs, and the reason if the declaration is deprecated.
type Doc struct {
	Paragraphs []string
	Code       string // a line of code after the first paragraph
	Points     Points // after the paragraphs
	Deprecated string
}

// Points is a list with a title. It is omitted if there are no items.
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

// Extend appends a sentence to the last paragraph.
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

// Clash is a name that a declaration did not get because another declaration has it.
type Clash struct {
	Element  string // the element that got another name
	Wanted   string
	Name     string // the name that it got
	Owner    string // owner of the wanted name
	Override string // key of an override that chooses otherwise
	Pos      diag.Pos
	OwnerPos diag.Pos // invalid if the owner is not in the description
}

// Own is a declaration that prints itself, because only one feature has declarations like
// it.
type Own struct {
	Declared
	API  []Symbol          // its exported symbols
	Code func() []jen.Code // returns new code on each call: jennifer's statements must not be reused
}

// Symbol is an exported declaration.
type Symbol struct {
	Name    string // such as NotificationHandler.OnCall
	Kind    string // "type", "function", "method"
	Parent  string // the symbol that it is added and removed with; "" for none
	Type    string // as seen by the compiler, without the names of parameters
	Element string
	Doc     Doc
}
