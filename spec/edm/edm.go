// Package edm is the Entity Data Model of OData CSDL 4.01 as the generator uses
// it: what a description declares, resolved and linked, with the position of each
// element. It knows nothing of XML, JSON or Go.
//
// Everything is kept in document order; look-ups by name go through [Model].
//
// Not covered by the compatibility promise of this module: it may change in any version.
package edm

import (
	"strings"

	"github.com/callgen/callgen/spec/diag"
)

// QName is a qualified name: a namespace and a simple name.
type QName struct {
	Namespace string
	Name      string
}

// String returns "namespace.name".
func (n QName) String() string {
	if n.Namespace == "" {
		return n.Name
	}
	return n.Namespace + "." + n.Name
}

// IsZero reports whether n names nothing.
func (n QName) IsZero() bool { return n == QName{} }

// Unqualified is the namespace of what a description names without one. OpenAPI has
// names like that, CSDL has not.
const Unqualified = "openapi"

// Model is one description: its schemas, linked by [Model.Link].
type Model struct {
	Version    string // of CSDL: "4.0" or "4.01"
	References []*Reference
	Schemas    []*Schema
	Container  *EntityContainer   // nil when the description has none
	More       []*EntityContainer // others, until linking: it makes them part of Container
	Skipped    []Skipped

	// KeySegments says whether keys are segments of paths, where the description shows paths:
	// nil for CSDL, which has annotations for it.
	KeySegments *bool

	schemas    map[string]*Schema
	types      map[QName]Type
	primitives map[string]*Primitive
	terms      map[QName]*Term
	operations map[QName][]*Operation
	bound      map[binding][]*Operation
	contained  map[string]*Annotations // of what is in the container, by name
	served     map[QName]bool          // names of the container, and of those that are part of it
}

// binding is what an operation is bound to.
type binding struct {
	to         Type
	collection bool
}

// Reference names another document that this one uses. It is noted, never fetched.
type Reference struct {
	URI                string
	Includes           []*Include
	IncludeAnnotations []*IncludeAnnotations
	Annotations        Annotations
	Pos                diag.Pos
}

// Include names a schema of a referenced document and may give it an alias.
type Include struct {
	Namespace   string
	Alias       string
	Annotations Annotations
	Pos         diag.Pos
}

// IncludeAnnotations says which annotations of a referenced document are of interest.
type IncludeAnnotations struct {
	TermNamespace   string
	Qualifier       string
	TargetNamespace string
	Pos             diag.Pos
}

// Skipped is a part of a document that is not CSDL, which CSDL lets a reader pass
// over: an element, with all that is in it, or an attribute, of a foreign namespace.
type Skipped struct {
	Name string // "{namespace}element" or "@{namespace}attribute"
	Pos  diag.Pos
}

// Schema is one namespace of a description.
type Schema struct {
	Namespace   string
	Alias       string // "" when the schema declares none
	Types       []Type // entity, complex and enum types and type definitions, in document order
	Actions     []*Operation
	Functions   []*Operation
	Terms       []*Term
	Annotations Annotations // of the schema itself
	External    []*AnnotationTarget
	Pos         diag.Pos
}

// Type is an entity or complex type, an enum type, a type definition or a
// primitive type.
type Type interface {
	TypeName() QName
	Position() diag.Pos
}

// Kind tells entity types from complex types.
type Kind int

// The kinds of structured types.
const (
	Entity Kind = iota
	Complex
)

// String returns "entity type" or "complex type".
func (k Kind) String() string {
	if k == Complex {
		return "complex type"
	}
	return "entity type"
}

// StructuredType is an entity type or a complex type.
type StructuredType struct {
	Kind        Kind
	Name        QName
	BaseName    string            // as written; "" if absent
	Base        *StructuredType   // nil if absent
	Derived     []*StructuredType // derived directly, in document order
	Abstract    bool
	Open        bool // as declared; see IsOpen
	HasStream   bool
	Key         []*PropertyRef
	Properties  []*Property
	Navigation  []*NavigationProperty
	Annotations Annotations
	Pos         diag.Pos

	base     QName // BaseName, qualified
	baseless bool  // no schema defines what BaseName names, which was reported
}

// TypeName implements [Type].
func (t *StructuredType) TypeName() QName { return t.Name }

// Position implements [Type].
func (t *StructuredType) Position() diag.Pos { return t.Pos }

// PropertyRef names a key property, by path, with an optional alias.
type PropertyRef struct {
	Name  string
	Alias string
	Pos   diag.Pos
}

// URLName returns the name that a key property has in URLs: its alias, or its own.
func (r *PropertyRef) URLName() string {
	if r.Alias != "" {
		return r.Alias
	}
	return r.Name[strings.LastIndexByte(r.Name, '/')+1:]
}

// Property is a structural property.
type Property struct {
	Name        string
	Type        TypeRef
	Default     *string // DefaultValue, or nil if absent
	Annotations Annotations
	Owner       *StructuredType
	Pos         diag.Pos
}

// NavigationProperty is a navigation property.
type NavigationProperty struct {
	Name                string
	Type                TypeRef // its Type is a *StructuredType of kind Entity, or Edm.EntityType
	Partner             string
	ContainsTarget      bool
	OnDelete            string      // Action of the OnDelete element, or "" if absent
	OnDeleteAnnotations Annotations // of the OnDelete element
	Constraints         []ReferentialConstraint
	Annotations         Annotations
	Owner               *StructuredType
	Pos                 diag.Pos
}

// ReferentialConstraint ties a property to a property of the navigation target.
type ReferentialConstraint struct {
	Property           string
	ReferencedProperty string
	Annotations        Annotations
	Pos                diag.Pos
}

// TypeRef is a use of a type, with its facets.
type TypeRef struct {
	Text       string // the type as written, with Collection(…) if it is one
	Name       QName  // of the type, or of the collection's items; from Text, aliases resolved; Edm.Untyped if nothing defines it
	Type       Type   // what Name names, never nil in a linked model
	Collection bool   // from Text
	Nullable   *bool  // nil when not stated; of the items when Collection
	MaxLength  string
	Precision  string
	Scale      string
	SRID       string
	Unicode    *bool
}

// IsNullable reports whether null is allowed; CSDL says it is when nothing is stated.
func (t TypeRef) IsNullable() bool { return t.Nullable == nil || *t.Nullable }

// EnumType is an enumeration type.
type EnumType struct {
	Name        QName
	Underlying  string // "Edm.Int32" when not stated
	Flags       bool
	Members     []*Member
	Annotations Annotations
	Pos         diag.Pos
}

// TypeName implements [Type].
func (t *EnumType) TypeName() QName { return t.Name }

// Position implements [Type].
func (t *EnumType) Position() diag.Pos { return t.Pos }

// Member is a member of an enumeration type.
type Member struct {
	Name        string
	Value       *int64 // as stated, nil when it is not
	Annotations Annotations
	Pos         diag.Pos
}

// TypeDefinition gives a primitive type a name and facets of its own.
type TypeDefinition struct {
	Name        QName
	Underlying  TypeRef // always a primitive type
	Annotations Annotations
	Pos         diag.Pos
}

// TypeName implements [Type].
func (t *TypeDefinition) TypeName() QName { return t.Name }

// Position implements [Type].
func (t *TypeDefinition) Position() diag.Pos { return t.Pos }

// Primitive is a type of the Edm namespace, the abstract ones (Edm.Untyped,
// Edm.PrimitiveType, Edm.ComplexType, Edm.EntityType) and Edm.Stream included.
type Primitive struct {
	Name string // without "Edm."
}

// TypeName implements [Type].
func (t *Primitive) TypeName() QName { return QName{"Edm", t.Name} }

// Position implements [Type]; primitive types have none.
func (t *Primitive) Position() diag.Pos { return diag.Pos{} }

// Operation is one overload of an action or a function.
type Operation struct {
	Function      bool // an action otherwise
	Name          QName
	Bound         bool
	Composable    bool
	EntitySetPath string
	Parameters    []*Parameter // the binding parameter first, when Bound
	Return        *ReturnType  // nil when nothing is returned
	Annotations   Annotations
	Pos           diag.Pos
}

// Binding returns the binding parameter, or nil.
func (o *Operation) Binding() *Parameter {
	if !o.Bound || len(o.Parameters) == 0 {
		return nil
	}
	return o.Parameters[0]
}

// CallParameters returns the parameters that a call passes: all but the binding parameter.
func (o *Operation) CallParameters() []*Parameter {
	if o.Bound && len(o.Parameters) > 0 {
		return o.Parameters[1:]
	}
	return o.Parameters
}

// Parameter is a parameter of an operation.
type Parameter struct {
	Name        string
	Type        TypeRef
	Annotations Annotations
	Pos         diag.Pos
}

// ReturnType is what an operation returns.
type ReturnType struct {
	Type        TypeRef
	Annotations Annotations
	Pos         diag.Pos
}

// EntityContainer holds what a service serves.
type EntityContainer struct {
	Name            QName
	Extends         string // as written
	EntitySets      []*EntitySet
	Singletons      []*Singleton
	ActionImports   []*OperationImport
	FunctionImports []*OperationImport
	Annotations     Annotations
	Referenced      bool // of a document that is only referred to: it is served if one that is served extends it
	Pos             diag.Pos

	extends QName   // Extends, qualified
	parts   []QName // containers that became part of this one
}

// EntitySet is a named collection of entities.
type EntitySet struct {
	Name                     string
	TypeName                 string // as written
	Type                     *StructuredType
	IncludeInServiceDocument *bool
	Bindings                 []Binding
	Annotations              Annotations
	Pos                      diag.Pos

	typeName QName // TypeName, qualified
}

// Singleton is a named single entity.
type Singleton struct {
	Name        string
	TypeName    string // as written
	Type        *StructuredType
	Nullable    *bool
	Bindings    []Binding
	Annotations Annotations
	Pos         diag.Pos

	typeName QName // TypeName, qualified
}

// Binding says which set a navigation property leads to.
type Binding struct {
	Path   string
	Target string
	Pos    diag.Pos
}

// OperationImport exposes an unbound operation in the container.
type OperationImport struct {
	Name                     string
	Function                 bool   // an action import otherwise
	Operation                string // qualified name, alias resolved
	Written                  string // Operation as written
	EntitySet                string
	IncludeInServiceDocument *bool
	Annotations              Annotations
	Pos                      diag.Pos
}

// Term is the definition of an annotation term.
type Term struct {
	Name        QName
	Type        TypeRef // its Type is nil when an included schema, which is not read, defines it
	BaseTerm    string
	Default     *string
	AppliesTo   string
	Annotations Annotations
	Pos         diag.Pos

	base QName // BaseTerm, qualified
}

// AnnotationTarget is an Annotations element: annotations stated away from the
// element that they are about. Linking also adds them to that element.
type AnnotationTarget struct {
	Target      string // as written
	Qualifier   string
	Annotations []*Annotation
	Applied     bool // false when the target is in no schema read here, or no element of one
	Pos         diag.Pos

	target *target
}

// Annotations are the annotations of one element, inline ones first.
type Annotations []*Annotation

// Annotation applies a term to an element.
type Annotation struct {
	Term        string      // qualified name, alias resolved when the alias is known
	Written     string      // Term as written
	Qualifier   string      // stated here or on the enclosing Annotations element
	External    bool        // stated in an Annotations element, away from what it is about
	Value       *Expression // nil when not stated: the term's default
	Annotations Annotations
	Pos         diag.Pos
}

// Expression is a constant or dynamic annotation expression: one node of a tree.
type Expression struct {
	Kind        string           // as CSDL names it: String, Bool, Int, Date, EnumMember, Record, Collection, Path, PropertyPath, …
	Attribute   bool             // written as an attribute of the enclosing element
	Value       string           // text of a constant or path
	Name        string           // of a LabeledElement; Function of an Apply
	Type        string           // of a Record, Cast or IsOf, as written
	Facets      *TypeRef         // of a Cast or IsOf, nil otherwise
	Properties  []*PropertyValue // of a Record
	Items       []*Expression    // of a Collection, Apply, If, LabeledElement, … and the operators
	Annotations Annotations
	Pos         diag.Pos
}

// PropertyValue is a member of a Record expression.
type PropertyValue struct {
	Property    string
	Value       *Expression
	Annotations Annotations
	Pos         diag.Pos
}
