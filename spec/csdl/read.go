// Package csdl reads CSDL XML, versions 4.0 and 4.01, into an EDM model, as the
// page "OData Common Schema Definition Language (CSDL) XML Representation" has it.
// Nothing is ignored: what is not CSDL is a finding.
package csdl

import (
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

type annotations = edm.Annotations

// Read reads a description and links it. The file name is for positions only;
// nothing but data is read. The error is a [*diag.Error] with every finding.
func Read(file string, data []byte) (*edm.Model, error) {
	m, err := Parse(file, data)
	if err != nil {
		return nil, err
	}
	if err := m.Link(); err != nil {
		return nil, err
	}
	return m, nil
}

// Parse reads a description without linking it, which a fragment does not survive.
func Parse(file string, data []byte) (*edm.Model, error) {
	findings := new(diag.List)
	r := &reader{file: file, findings: findings}
	m := &edm.Model{}
	if root := r.tree(data); root != nil {
		r.edmx(root, m)
	}
	if err := findings.Err(); err != nil {
		return nil, err
	}
	return m, nil
}

func (r *reader) edmx(n *node, m *edm.Model) {
	if n.name != "Edmx" {
		r.findings.Add(n.pos, "", "not CSDL: the document's element is %s, not Edmx", n.name)
		return
	}
	if v := r.need(n, "", "Version"); v != "" && v != "4.0" && v != "4.01" {
		r.findings.Add(n.pos, "", "CSDL version %q is not supported: 4.0 and 4.01 are", v)
	}
	r.done(n, "")
	for _, c := range n.children {
		switch c.name {
		case "DataServices":
			r.dataServices(c, m)
		case "Reference":
			r.reference(c, m)
		default:
			r.unknown(c, "")
		}
	}
	if len(m.Schemas) == 0 && r.findings.Len() == 0 {
		r.findings.Add(n.pos, "", "the document has no Schema")
	}
}

func (r *reader) dataServices(n *node, m *edm.Model) {
	r.done(n, "")
	for _, c := range n.children {
		if c.name == "Schema" {
			m.Schemas = append(m.Schemas, r.schema(c, m))
		} else {
			r.unknown(c, "")
		}
	}
}

// reference reads a reference to another document. It is noted and never followed.
func (r *reader) reference(n *node, m *edm.Model) {
	ref := &edm.Reference{URI: r.need(n, "", "Uri"), Pos: n.pos}
	for _, c := range n.children {
		switch {
		case c.name == "Include":
			ref.Includes = append(ref.Includes, edm.Include{Namespace: r.need(c, "", "Namespace"), Alias: c.str("Alias")})
			r.done(c, "")
		case c.name == "IncludeAnnotations":
			ref.Includes = append(ref.Includes, edm.Include{
				TermNamespace: r.need(c, "", "TermNamespace"), Qualifier: c.str("Qualifier"), TargetNamespace: c.str("TargetNamespace"),
			})
			r.done(c, "")
		case r.annotation(c, "", &ref.Annotations):
		default:
			r.unknown(c, "")
		}
	}
	r.done(n, "")
	m.References = append(m.References, ref)
}

func (r *reader) schema(n *node, m *edm.Model) *edm.Schema {
	s := &edm.Schema{Namespace: r.need(n, "", "Namespace"), Alias: n.str("Alias"), Pos: n.pos}
	if s.Namespace != "" && !edm.IsNamespace(s.Namespace) {
		r.findings.Add(n.pos, "", "%q is not a namespace", s.Namespace)
	}
	if s.Alias != "" && !edm.IsIdentifier(s.Alias) {
		r.findings.Add(n.pos, s.Namespace, "%q is not an alias", s.Alias)
	}
	r.done(n, s.Namespace)
	for _, c := range n.children {
		r.schemaElement(c, s, m)
	}
	return s
}

func (r *reader) schemaElement(n *node, s *edm.Schema, m *edm.Model) {
	switch n.name {
	case "EntityType":
		s.Types = append(s.Types, r.structured(n, s, edm.Entity))
	case "ComplexType":
		s.Types = append(s.Types, r.structured(n, s, edm.Complex))
	case "EnumType":
		s.Types = append(s.Types, r.enum(n, s))
	case "TypeDefinition":
		s.Types = append(s.Types, r.definition(n, s))
	case "Action":
		s.Actions = append(s.Actions, r.operation(n, s, false))
	case "Function":
		s.Functions = append(s.Functions, r.operation(n, s, true))
	case "Term":
		s.Terms = append(s.Terms, r.term(n, s))
	case "Annotations":
		s.External = append(s.External, r.external(n))
	case "EntityContainer":
		if m.Container != nil {
			r.findings.Add(n.pos, s.Namespace, "the document has a second EntityContainer; the first is at %v", m.Container.Pos)
		}
		m.Container = r.container(n, s)
	default:
		if !r.annotation(n, s.Namespace, &s.Annotations) {
			r.unknown(n, s.Namespace)
		}
	}
}
