package goir

import (
	"bufio"
	"fmt"
	"io"
)

// Rewrites writes rules of gofmt -r, a line each, that carry programs over which use names of
// a package as it was before its names of properties had a package of their own.
func (p *Package) Rewrites(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, f := range p.Fields.Files {
		for _, d := range f.Decls {
			for _, g := range d.(*PropertyNames).Groups {
				for _, c := range g.Constants {
					fmt.Fprintf(b, "%s.%s -> %s.%s\n", p.Name, c.Was, p.Fields.Name, c.Name)
				}
			}
		}
	}
	return b.Flush()
}
