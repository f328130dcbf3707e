package names

import (
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// operations names the methods for the operations bound to a type, or to a collection of
// it, and then the methods that continue from their results.
func (t *Table) operations(s *edm.StructuredType, scope *Scope, collection bool) {
	var claims []*claim
	for _, o := range GroupOverloads(t.model, t.model.BoundTo(s, collection)) {
		if _, ok := o.Merge(); ok {
			claims = append(claims, t.operationClaim(s, scope, o.List[0], o.List))
			continue
		}
		for _, op := range o.List {
			claims = append(claims, t.operationClaim(s, scope, op, nil))
		}
	}
	scope.resolve(t.unhidden(claims, scope), t.overrides)
	var further []*claim
	for _, c := range claims {
		if op := c.operation; op.Composable {
			name := c.given + "Resource"
			further = append(further, &claim{owner: c.owner, override: c.override, name: name, spelling: op.Name.Name, overload: c.overload,
				give: t.put(resourceName, op), others: func() []string { return []string{c.given + "_Resource"} }})
		}
	}
	scope.resolve(t.unhidden(further, scope), t.overrides)
}

// operationClaim returns the claim of an operation's method. A method for all overloads is
// recorded for each of them.
func (t *Table) operationClaim(s *edm.StructuredType, scope *Scope, op *edm.Operation, all []*edm.Operation) *claim {
	c := &claim{
		owner: Owner{Element: op.Element(), Pos: op.Pos, op: op.Name}, override: op.Name.String(), own: true,
		spelling: op.Name.Name, overload: op.Overload() + " " + parameterTypes(op), operation: op,
	}
	kind := "Action"
	if op.Function {
		kind = "Function"
	}
	name := t.operationName(s, op, Pascal)
	if all == nil {
		c.after = by(op)
	}
	if other, taken := scope.owner(name); taken && other.op != op.Name && c.after != "" {
		name += kind
	}
	c.name = name + c.after
	c.others = func() []string {
		return []string{t.operationName(s, op, apart) + c.after, strings.TrimSuffix(name, kind) + kind + c.after}
	}
	c.give = func(name string, clash *Clash) {
		c.given = name
		for _, each := range all {
			t.putMore(operationName, each, "all")(name, clash)
		}
		if all == nil {
			t.put(operationName, op)(name, clash)
		}
	}
	return c
}

// operationName returns the Go name of an operation, with its namespace if the type has
// another.
func (t *Table) operationName(s *edm.StructuredType, op *edm.Operation, pascal func(string) string) string {
	if op.Name.Namespace != s.Name.Namespace {
		return t.qualified(op.Name, pascal)
	}
	return pascal(op.Name.Name)
}

// unhidden gives operations with the same name as one of the base type the same method,
// which hides the inherited one, and returns the other claims.
func (t *Table) unhidden(claims []*claim, scope *Scope) []*claim {
	var rest []*claim
	for _, c := range claims {
		other, taken := scope.owner(c.name)
		_, ours := scope.taken[c.name]
		if taken && !ours && other.op == c.owner.op && !other.op.IsZero() {
			scope.taken[c.name] = &c.owner
			c.give(c.name, nil)
			continue
		}
		rest = append(rest, c)
	}
	return rest
}

func parameterTypes(op *edm.Operation) string {
	var b strings.Builder
	for _, p := range op.Parameters {
		b.WriteString(p.Type.String() + ",")
	}
	return b.String()
}

// ParametersStruct returns the name of the struct of an operation's parameters.
func (t *Table) ParametersStruct(op *edm.Operation) string { return t.get(parametersName, op) }

// Parameter returns the name of the field for a parameter.
func (t *Table) Parameter(p *edm.Parameter) string { return t.get(parameterName, p) }

// parameters names the structs of parameters, and their fields.
func (t *Table) parameters() {
	var claims []*claim
	for s := range structured(t.model) {
		for _, collection := range []bool{false, true} {
			for _, o := range GroupOverloads(t.model, t.model.BoundTo(s, collection)) {
				claims = append(claims, t.parametersOf(s, collection, o)...)
			}
		}
	}
	t.pkg.resolve(claims, t.overrides)
}

func (t *Table) parametersOf(s *edm.StructuredType, collection bool, o Overloads) []*claim {
	builder := t.names[key{itemBuilder, s, ""}].name
	if collection {
		builder = t.names[key{collectionBuilder, s, ""}].name
	}
	before := strings.TrimSuffix(builder, itemSuffix)
	_, merged := o.Merge()
	var claims []*claim
	structOf := func(op *edm.Operation, all []*edm.Operation, method string) {
		name := before + method + parametersSuffix
		t.parameterFields(all)
		claims = append(claims, &claim{
			owner: Owner{Element: op.Element(), Pos: op.Pos}, override: op.Name.String(), name: name, rank: rankParameters, spelling: op.Name.Name,
			overload: op.Overload() + " " + parameterTypes(op),
			others:   func() []string { return []string{before + method + "_" + parametersSuffix} },
			give: func(name string, clash *Clash) {
				for _, each := range all {
					t.put(parametersName, each)(name, clash)
				}
			},
		})
	}
	if merged {
		structOf(o.List[0], o.List, t.names[key{operationName, o.List[0], "all"}].name)
		return claims
	}
	for _, op := range o.List {
		structOf(op, []*edm.Operation{op}, t.names[key{operationName, op, ""}].name)
	}
	return claims
}

// parameterFields names the fields for the parameters of overloads that share a struct.
func (t *Table) parameterFields(all []*edm.Operation) {
	scope := NewScope("every struct", "AdditionalData")
	byName := make(map[string][]*edm.Parameter)
	var claims []*claim
	for _, op := range all {
		for _, p := range op.CallParameters() {
			if byName[p.Name] = append(byName[p.Name], p); len(byName[p.Name]) > 1 {
				continue
			}
			give := func(name string, clash *Clash) {
				for _, each := range byName[p.Name] {
					t.put(parameterName, each)(name, clash)
				}
			}
			c := t.fieldClaim(op.Name.String()+"/"+p.Name, p.Name, p.Pos, give)
			c.others = func() []string { return []string{apart(p.Name), Pascal(p.Name) + "Parameter"} }
			claims = append(claims, c)
		}
	}
	scope.resolve(claims, t.overrides)
}

// Container returns the method of the client for an entity set or singleton.
func (t *Table) Container(element any) string { return t.get(containerName, element) }

// container names the methods of the client.
func (t *Table) container() {
	c := t.model.Container
	if c == nil {
		return
	}
	scope := NewScope("the client", t.in.Runtime.Members["Client"]...)
	var claims []*claim
	for _, s := range c.EntitySets {
		claims = append(claims, t.containerClaim(s, s.Name, "Set", Owner{Element: "/" + s.Name, Pos: s.Pos}))
	}
	for _, s := range c.Singletons {
		claims = append(claims, t.containerClaim(s, s.Name, "Singleton", Owner{Element: "/" + s.Name, Pos: s.Pos}))
	}
	claims = append(claims, t.importClaims()...)
	scope.resolve(claims, t.overrides)
	t.furtherImports(scope, claims)
}

func (t *Table) containerClaim(of any, name, kind string, owner Owner) *claim {
	return &claim{
		owner: owner, override: owner.Element, own: true, name: Pascal(name), spelling: name, give: t.put(containerName, of),
		others: func() []string { return []string{apart(name), Pascal(name) + kind} },
	}
}
