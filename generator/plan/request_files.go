package plan

import (
	"strings"

	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// requestFiles spreads request builders over files, as files does models: one for
// each namespace, cut by first letter where that would be too long, and a long letter
// in numbered parts.
type requestFiles struct {
	order []string
	of    map[string][]letterRequests
}

// letterRequests are the builders for a type whose name begins with a letter.
type letterRequests struct {
	letter string
	Requests
}

func newRequestFiles() *requestFiles { return &requestFiles{of: make(map[string][]letterRequests)} }

func (f *requestFiles) add(t *edm.StructuredType, r Requests) {
	if len(r.Builders) == 0 {
		return
	}
	stem := "requests"
	if ns := names.File(t.Name.Namespace); ns != "" {
		stem += "_" + ns
	}
	if _, ok := f.of[stem]; !ok {
		f.order = append(f.order, stem)
	}
	letter := strings.ToLower(t.Name.Name[:1])
	if r.lines() > most { // a type with hundreds of operations
		f.of[stem] = append(f.of[stem], letterRequests{letter, Requests{Builders: r.Builders}})
		r.Builders = nil
	}
	f.of[stem] = append(f.of[stem], letterRequests{letter, r})
}

func (f *requestFiles) list() []*File {
	var list []*File
	for _, stem := range f.order {
		all := f.of[stem]
		total := 0
		for _, r := range all {
			total += r.lines()
		}
		name, part, sum := "", 0, 0
		for _, r := range all {
			wanted := stem
			if total > most {
				wanted += "_" + r.letter
			}
			if wanted != name {
				name, part, sum = wanted, 0, most+1
			}
			if sum += r.lines(); sum > most {
				part++
				sum = r.lines()
				list = append(list, &File{Name: partName(name, part)})
			}
			file := list[len(list)-1]
			file.Requests.Builders = append(file.Requests.Builders, r.Builders...)
			file.Requests.Parameters = append(file.Requests.Parameters, r.Parameters...)
		}
	}
	return list
}

// lines estimates how long declarations are.
func (r Requests) lines() int {
	n := 0
	for _, b := range r.Builders {
		n += 8 + 10*len(b.Methods)
	}
	for _, p := range r.Parameters {
		n += 8 + 2*len(p.Fields)
	}
	return n
}
