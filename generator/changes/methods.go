package changes

import (
	"strings"

	"github.com/callgen/callgen/generator/plan"
)

// methodType is the type of a method, as the emitter gives it.
func methodType(m *plan.Method) string {
	var args []string
	for _, a := range m.Args {
		args = append(args, goType(a.Type))
	}
	switch m.Does {
	case plan.Lead:
		return "func(" + strings.Join(args, ", ") + ") *" + m.Leads[0]
	case plan.Delta:
		return "func(...RequestOption) *Changes[" + goType(m.Result.Type) + "]"
	case plan.Upload:
		args = append(args, "string", "io.Reader")
	case plan.AddRef, plan.SetRef:
		args = append(args, "string")
	}
	args = append(append([]string{"context.Context"}, args...), "...RequestOption")
	return "func(" + strings.Join(args, ", ") + ") " + results(m)
}

func results(m *plan.Method) string {
	t := goType(m.Result.Type)
	switch m.Does {
	case plan.Every:
		return "iter.Seq2[" + t + ", error]"
	case plan.Fetch, plan.Scalar:
		return "(" + t + ", error)"
	case plan.Page:
		return "(*Page[" + t + "], error)"
	case plan.Refs:
		return "iter.Seq2[string, error]"
	case plan.Ref:
		return "(string, error)"
	case plan.Count:
		return "(int64, error)"
	case plan.Open:
		return "(*Stream, error)"
	}
	return "error"
}

// request is what a method adds to the path of its builder, after the HTTP method.
// Arguments of functions are left out: those that are not set are not sent.
func request(m *plan.Method) string {
	var b strings.Builder
	b.WriteString(m.HTTP + " ")
	for _, s := range m.Path {
		switch {
		case s.Call != nil && s.Call.Name != "":
			b.WriteString("/" + s.Call.Name + "()")
		case s.Call != nil:
			for _, v := range s.Call.Values { // a key by its name
				b.WriteString("/{" + v.Name + "}")
			}
		case s.Key != "":
			b.WriteString("/{key}")
		default:
			b.WriteString("/" + s.Text)
		}
	}
	return strings.TrimSpace(b.String())
}
