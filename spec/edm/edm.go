// Package edm is the Entity Data Model of OData CSDL 4.01 as used by the generator: the
// declarations of a description, resolved and linked, with the position of each element. It
// is independent of XML, JSON and Go.
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

// IsZero reports whether n is empty.
func (n QName) IsZero() bool { return n == QName{} }

// Unqualified is the namespace of names without namespace, which occur in OpenAPI but not
// in CSDL.
const Unqualified = "openapi"

// Model is a description: its schemas, linked by [Model.Link].
type Model struct {
	Version    string // version of CSDL: "4.0" or "4.01"
	References []*Reference
	Schemas    []*Schema
	Container  *EntityContainer   // nil if the description has no container
	More       []*EntityContainer // others, which linking merges into Container
	Skipped    []Skipped

	// Folded says that the versions of types are one type each, and that documents name a
	// version: Chassis.v1_28_0.Chassis for Chassis.Chassis.
	Folded bool

	// KeySegments says whether keys are segments of paths, where the description shows paths:
	// nil for CSDL, which has annotations for it.
	KeySegments *bool

	schemas    map[string]*Schema
	types      map[QName]Type
	primitives map[string]*Primitive
	terms      map[QName]*Term
	operations map[QName][]*Operation
	bound      map[binding][]*Operation
	contained  map[string]*Annotations // annotations of the container's elements, by name
	served     map[QName]bool          // names of the container and of the containers merged into it
}

// binding identifies the binding type of an operation.
type binding struct {
	to         Type
	collection bool
}

// Reference names another document that this one uses. It is recorded, but never fetched.
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

// IncludeAnnotations selects annotations of a referenced document.
type IncludeAnnotations struct {
	TermNamespace   string
	Qualifier       string
	TargetNamespace string
	Pos             diag.Pos
}

// Skipped is a part of a document outside CSDL that readers may ignore: an element with its
// content, or an attribute, of a foreign namespace.
type Skipped struct {
	Name string // "{namespace}element" or "@{namespace}attribute"
	Pos  diag.Pos
}

// Schema is one namespace of a description.
type Schema struct {
	Namespace   string
	Alias       string // "" if the schema declares no alias
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

// Kind distinguishes entity types and complex types.
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
	Open        bool // as declared; see IsOpen for inheritance
	HasStream   bool
	Key         []*PropertyRef
	Properties  []*Property
	Navigation  []*NavigationProperty
	Annotations Annotations
	Pos         diag.Pos

	base     QName // BaseName, qualified
	baseless bool  // no schema defines BaseName, which was reported
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
	Name       QName  // type, or item type of the collection; from Text, aliases resolved; Edm.Untyped if undefined
	Type       Type   // the type that Name refers to, never nil in a linked model
	Collection bool   // from Text
	Nullable   *bool  // nil if not stated; about the items if Collection
	MaxLength  string
	Precision  string
	Scale      string
	SRID       string
	Unicode    *bool
}

// IsNullable reports whether null is allowed, which is the default of CSDL.
func (t TypeRef) IsNullable() bool { return t.Nullable == nil || *t.Nullable }

// EnumType is an enumeration type.
type EnumType struct {
	Name        QName
	Underlying  string // "Edm.Int32" if not stated
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
	Value       *int64 // as stated, otherwise nil
	Annotations Annotations
	Pos         diag.Pos
}

// TypeDefinition gives a primitive type a name and its own facets.
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

// Primitive is a type of the Edm namespace, including the abstract ones (Edm.Untyped,
// Edm.PrimitiveType, Edm.ComplexType, Edm.EntityType) and Edm.Stream.
type Primitive struct {
	Name string // without "Edm."
}

// TypeName implements [Type].
func (t *Primitive) TypeName() QName { return QName{"Edm", t.Name} }

// Position implements [Type]; primitive types have no position.
func (t *Primitive) Position() diag.Pos { return diag.Pos{} }

// Operation is one overload of an action or a function.
type Operation struct {
	Function      bool // an action otherwise
	Name          QName
	Bound         bool
	Composable    bool
	EntitySetPath string
	Parameters    []*Parameter // starting with the binding parameter, if Bound
	Return        *ReturnType  // nil if nothing is returned
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

// ReturnType is the return type of an operation.
type ReturnType struct {
	Type        TypeRef
	Annotations Annotations
	Pos         diag.Pos
}

// EntityContainer holds the resources of a service.
type EntityContainer struct {
	Name            QName
	Extends         string // as written
	EntitySets      []*EntitySet
	Singletons      []*Singleton
	ActionImports   []*OperationImport
	FunctionImports []*OperationImport
	Annotations     Annotations
	Referenced      bool // from a document that is only referred to: served if a served container extends it
	Pos             diag.Pos

	extends QName   // qualified Extends
	parts   []QName // containers merged into this one
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

	typeName QName // qualified TypeName
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

	typeName QName // qualified TypeName
}

// Binding names the entity set of a navigation property.
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
	Type        TypeRef // its Type is nil if an included schema defines it, which is not read
	BaseTerm    string
	Default     *string
	AppliesTo   string
	Annotations Annotations
	Pos         diag.Pos

	base QName // qualified BaseTerm
}

// AnnotationTarget is an Annotations element: annotations written apart from their target.
// Linking also adds them to the target.
type AnnotationTarget struct {
	Target      string // as written
	Qualifier   string
	Annotations []*Annotation
	Applied     bool // false if the target is not found in the schemas read
	Pos         diag.Pos

	target *target
}

// Annotations are the annotations of an element, starting with inline ones.
type Annotations []*Annotation

// Annotation applies a term to an element.
type Annotation struct {
	Term        string      // qualified name; aliases are resolved if known
	Written     string      // the original Term
	Qualifier   string      // from here or the enclosing Annotations element
	External    bool        // stated in an Annotations element, apart from the target
	Value       *Expression // nil if not stated: the term's default applies
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
