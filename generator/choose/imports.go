package choose

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// imported returns the import of an action or a function that a path names, or nil.
func (c *closure) imported(path string) *edm.OperationImport {
	if c.model.Container == nil {
		return nil
	}
	name, parameters := splitCall(strings.TrimPrefix(path, "/"))
	for _, i := range slices.Concat(c.model.Container.ActionImports, c.model.Container.FunctionImports) {
		if i.Name == name && (parameters == nil || c.importTakes(i, parameters)) {
			return i
		}
	}
	return nil
}

// importTakes reports whether some overload of what is imported has the parameters of given names.
func (c *closure) importTakes(i *edm.OperationImport, names []string) bool {
	return slices.ContainsFunc(c.model.Overloads(edm.ParseQName(i.Operation)), func(op *edm.Operation) bool {
		return !op.Bound && takes(op, names)
	})
}

// importRoot chooses what an import as a root needs: its parameters and its result.
func (c *closure) importRoot(root string, i *edm.OperationImport) {
	if c.sel.Cut[i] {
		c.finding("roots", root, "it is excluded, too: remove one")
		return
	}
	c.sel.Paths = append(c.sel.Paths, "/"+i.Name)
	for _, op := range c.model.Overloads(edm.ParseQName(i.Operation)) {
		if op.Bound || op.Function != i.Function || !c.sel.Cut.Offers(op) {
			continue
		}
		for _, p := range op.Parameters {
			c.chooseWithDerived(p.Type.Type, Reason{How: Root, Name: root})
		}
		if op.Return != nil {
			c.chooseWithDerived(op.Return.Type.Type, Reason{How: Root, Name: root})
		}
	}
}
