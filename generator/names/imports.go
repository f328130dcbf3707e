package names

import (
	"slices"

	"github.com/callgen/callgen/spec/edm"
)

// imported is an operation as an import offers it.
type imported struct {
	by *edm.OperationImport
	op *edm.Operation
}

// Unbound returns the overloads that an import of an action or a function offers.
func Unbound(m *edm.Model, i *edm.OperationImport) []*edm.Operation {
	return slices.DeleteFunc(slices.Clone(m.Overloads(edm.ParseQName(i.Operation))), func(op *edm.Operation) bool {
		return op.Bound || op.Function != i.Function
	})
}

// Import returns the method of the client for an import of an operation, and whether that is
// the method of all overloads.
func (t *Table) Import(i *edm.OperationImport, op *edm.Operation) (name string, all bool) {
	if name = t.getMore(importName, imported{i, op}, "all"); name != "" {
		return name, true
	}
	return t.get(importName, imported{i, op}), false
}

// ImportResource returns the method of the client that goes on from what an imported function
// returns.
func (t *Table) ImportResource(i *edm.OperationImport, op *edm.Operation) string {
	return t.get(importResource, imported{i, op})
}

// ImportParameters returns the name of the struct of the parameters of an imported operation.
func (t *Table) ImportParameters(i *edm.OperationImport, op *edm.Operation) string {
	return t.get(importParameters, imported{i, op})
}

func (t *Table) imports() []*edm.OperationImport {
	return slices.Concat(t.model.Container.ActionImports, t.model.Container.FunctionImports)
}

// importClaims are the claims of the client's methods for imports.
func (t *Table) importClaims() []*claim {
	var claims []*claim
	for _, i := range t.imports() {
		for _, o := range GroupOverloads(t.model, Unbound(t.model, i)) {
			if _, ok := o.Merge(); ok {
				claims = append(claims, t.importClaim(i, o.List[0], o.List))
				continue
			}
			for _, op := range o.List {
				claims = append(claims, t.importClaim(i, op, nil))
			}
		}
	}
	return claims
}

// importClaim is the claim of an import's method. One that stands for all overloads is given
// to each of them.
func (t *Table) importClaim(i *edm.OperationImport, op *edm.Operation, all []*edm.Operation) *claim {
	c := t.containerClaim(nil, i.Name, "Import", Owner{Element: "/" + i.Name, Pos: i.Pos})
	if all == nil {
		c.after = by(op)
	}
	c.name += c.after
	plain := c.others
	c.others = func() []string {
		others := plain()
		for n := range others {
			others[n] += c.after
		}
		return others
	}
	c.overload, c.operation, c.overloads, c.imported = op.Overload()+" "+parameterTypes(op), op, all, i
	if all == nil {
		c.overloads = []*edm.Operation{op}
	}
	c.give = func(name string, clash *Clash) {
		c.given = name
		for _, each := range all {
			t.putMore(importName, imported{i, each}, "all")(name, clash)
		}
		if all == nil {
			t.put(importName, imported{i, op})(name, clash)
		}
	}
	return c
}

// furtherImports names what goes on from imported functions, and the structs of parameters.
func (t *Table) furtherImports(scope *Scope, claims []*claim) {
	var further, parameters []*claim
	for _, c := range claims {
		i, op := c.imported, c.operation
		if i == nil {
			continue
		}
		again := func(name, other string, role role) *claim {
			return &claim{owner: c.owner, override: c.override, name: name, spelling: i.Name, overload: c.overload, rank: rankParameters,
				give: t.put(role, imported{i, op}), others: func() []string { return []string{other} }}
		}
		if op.Composable {
			further = append(further, again(c.given+"Resource", c.given+"_Resource", importResource))
		}
		if len(op.Parameters) > 0 {
			t.parameterFields(c.overloads)
			parameters = append(parameters, again(c.given+parametersSuffix, c.given+"_"+parametersSuffix, importParameters))
		}
	}
	scope.resolve(further, t.overrides)
	t.pkg.resolve(parameters, t.overrides)
}
