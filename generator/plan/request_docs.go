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

func (r *requests) navigationDoc(name, path string, annotations edm.Annotations) goir.Doc {
	d := goir.Doc{Code: path, Deprecated: deprecation(annotations)}
	if text := sentence(annotations.Description()); text != "" {
		d.Add(about(name, text))
	} else {
		d.Add(name + " leads on.")
	}
	return d
}

// requestDoc is the doc comment of a request.
func (r *requests) requestDoc(text, method, path, permissions string) goir.Doc {
	d := goir.Doc{Code: method + " " + path}
	d.Add(text)
	if permissions != "" {
		d.Add("Permissions: " + permissions + ".")
	}
	return d
}

func (r *requests) operationDoc(m *goir.Method, op *edm.Operation, path string) goir.Doc {
	d := goir.Doc{Code: m.HTTP + " " + path, Deprecated: deprecation(op.Annotations)}
	text := sentence(op.Annotations.Description())
	first, rest, _ := strings.Cut(text, " ")
	switch {
	case text == "":
		d.Add(m.Name + " calls " + op.Name.String() + ".")
	case strings.HasSuffix(first, "s") && !strings.HasSuffix(first, "ss"):
		d.Add(m.Name + " " + strings.ToLower(first) + " " + rest)
	default:
		d.Add(about(m.Name, text))
	}
	d.Add(sentence(op.Annotations.LongDescription()))
	if list := scopes(op.Annotations, "OperationRestrictions"); len(list) > 0 {
		d.Add("Permissions: " + strings.Join(list, ", ") + ".")
	}
	return d
}
