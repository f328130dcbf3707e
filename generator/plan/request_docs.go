package plan

import (
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/spec/edm"
)

func methodText(first, more string) string {
	if more == "" {
		return first
	}
	return first + " " + more
}

func (r *requests) navigationDoc(name, what, path string, annotations edm.Annotations) goir.Doc {
	d := goir.Doc{Code: path, Deprecated: deprecation(annotations)}
	d.Add(methodText(name+" returns a builder for the "+what+".", sentence(annotations.Description())))
	d.Add(sentence(annotations.LongDescription()))
	return d
}

// requestDoc returns the doc comment of a request.
func (r *requests) requestDoc(text, method, path string, said restriction) goir.Doc {
	d := goir.Doc{Code: method + " " + path}
	d.Add(text)
	said.addTo(&d)
	return d
}

func (r *requests) operationDoc(m *goir.Method, op *edm.Operation, path string) goir.Doc {
	d := goir.Doc{Code: m.HTTP + " " + path, Deprecated: deprecation(op.Annotations)}
	text := sentence(op.Annotations.Description())
	first, rest, _ := strings.Cut(text, " ")
	switch {
	case text == "":
		d.Add(m.Name + " calls the " + op.Name.Name + " " + operationKind(op) + ".")
	case strings.HasSuffix(first, "s") && !strings.HasSuffix(first, "ss"):
		d.Add(m.Name + " " + strings.ToLower(first) + " " + rest)
	default:
		d.Add(about(m.Name, text))
	}
	addOperationTexts(&d, op)
	return d
}

// addOperationTexts adds the description of an operation, except for its first sentence.
func addOperationTexts(d *goir.Doc, op *edm.Operation) {
	d.Add(sentence(op.Annotations.LongDescription()))
	if op.Return != nil {
		d.Add(sentence(op.Return.Annotations.Description()))
		d.Add(sentence(op.Return.Annotations.LongDescription()))
	}
	restrictionOf(op.Annotations, operationRestrictions).addTo(d)
}

func operationKind(op *edm.Operation) string {
	if op.Function {
		return "function"
	}
	return "action"
}
