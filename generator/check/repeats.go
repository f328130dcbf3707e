package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// withoutRepeats checks builds with the bodies left out that repeat others, and once more with
// all bodies if there are problems, for these to be complete.
func withoutRepeats(all []build, r *report, check func(*report)) {
	if len(all) > 0 {
		if left := leaveOut(all[0].part(false)); len(left) > 0 {
			alone := &report{fset: r.fset}
			check(alone)
			putBack(left)
			if len(alone.problems) == 0 {
				return
			}
		}
	}
	check(r)
}

// repeated is a method without its body.
type repeated struct {
	method *ast.FuncDecl
	body   *ast.BlockStmt
}

// leaveOut removes the bodies that repeat what is checked with another type: thousands of types
// are encoded by the same few calls. What it removed can be put back.
func leaveOut(files []*ast.File) []repeated {
	var order []string
	ofType := make(map[string][]*ast.FuncDecl)
	forms := make(map[string]string)
	for _, f := range files {
		for _, decl := range f.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Body == nil {
				continue
			}
			name := receiver(method)
			if form := closedForm(method); form != "" {
				if ofType[name] == nil {
					order = append(order, name)
				}
				ofType[name] = append(ofType[name], method)
				forms[name] += form + "\n"
			}
		}
	}
	var left []repeated
	seen := make(map[string]bool)
	for _, name := range order {
		// All methods of the form together: what one calls may need another one.
		if !seen[forms[name]] {
			seen[forms[name]] = true
			continue
		}
		for _, method := range ofType[name] {
			left = append(left, repeated{method, method.Body})
			method.Body = nil
		}
	}
	return left
}

// putBack puts bodies back.
func putBack(left []repeated) {
	for _, r := range left {
		r.method.Body = r.body
	}
}

// receiver returns the name of the type of a method, "" if it has parameters.
func receiver(method *ast.FuncDecl) string {
	of := method.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	if name, ok := of.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// closedForm returns a text that methods share if they differ only in the type of their receiver
// and in the text of strings, and use nothing of that type but its methods; "" for all others.
func closedForm(method *ast.FuncDecl) string {
	var form strings.Builder
	name, closed := receiver(method), true
	write := func(n ast.Node) bool {
		switch n := n.(type) {
		case nil:
			form.WriteByte(')')
			return false
		case *ast.Ident:
			closed = closed && n.Name != name
			form.WriteString(n.Name)
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				form.WriteByte('"')
			} else {
				form.WriteString(n.Value)
			}
		case *ast.UnaryExpr:
			form.WriteString(n.Op.String())
		case *ast.FuncType, *ast.FieldList, *ast.Field, *ast.ArrayType, *ast.BlockStmt, *ast.ReturnStmt, *ast.CallExpr:
			fmt.Fprintf(&form, "%T", n)
		default:
			closed = false
		}
		form.WriteByte('(')
		return closed
	}
	for _, name := range method.Recv.List[0].Names {
		form.WriteString(name.Name)
	}
	if _, pointer := method.Recv.List[0].Type.(*ast.StarExpr); pointer {
		form.WriteByte('*')
	}
	form.WriteString(method.Name.Name)
	ast.Inspect(method.Type, write)
	ast.Inspect(method.Body, write)
	if !closed || name == "" {
		return ""
	}
	return form.String()
}
