package edm

// Terms of the OData core vocabulary.
const (
	TermDescription     = "Org.OData.Core.V1.Description"
	TermLongDescription = "Org.OData.Core.V1.LongDescription"
	TermRevisions       = "Org.OData.Core.V1.Revisions"
)

// Terms of this generator. They need neither a schema nor an alias.
const (
	TermReason    = "Callgen.Reason"    // String: the reason for an entry of an overlay
	TermNew       = "Callgen.New"       // Bool: a type of an overlay is missing from the description
	TermHoist     = "Callgen.Hoist"     // Bool: the property moves here from the derived types that declare it
	TermOneOrMany = "Callgen.OneOrMany" // Bool: the service sends one item or a collection
	TermSecret    = "Callgen.Secret"    // Bool: values of the property must not be shown
)

func isCallgenTerm(term string) bool {
	switch term {
	case TermReason, TermNew, TermHoist, TermOneOrMany, TermSecret:
		return true
	}
	return false
}

// Get returns the annotation with a term, given by its full name such as
// "Org.OData.Core.V1.Description", or nil. It prefers one without qualifier.
func (a Annotations) Get(term string) *Annotation {
	var qualified *Annotation
	for _, annotation := range a {
		switch {
		case annotation.Term != term:
		case annotation.Qualifier == "":
			return annotation
		case qualified == nil:
			qualified = annotation
		}
	}
	return qualified
}

// Description returns the text of Org.OData.Core.V1.Description, or "" if absent.
func (a Annotations) Description() string { return a.text(TermDescription) }

// LongDescription returns the text of Org.OData.Core.V1.LongDescription, or "" if absent.
func (a Annotations) LongDescription() string { return a.text(TermLongDescription) }

func (a Annotations) text(term string) string {
	if annotation := a.Get(term); annotation != nil {
		return annotation.Value.text("String")
	}
	return ""
}

// Property returns the value of a property of a Record, or nil.
func (e *Expression) Property(name string) *Expression {
	if e == nil {
		return nil
	}
	for _, p := range e.Properties {
		if p.Property == name {
			return p.Value
		}
	}
	return nil
}

// text returns the text of a constant. It accepts a String for any kind, because Graph
// sometimes writes enum members as strings.
func (e *Expression) text(kind string) string {
	if e != nil && (e.Kind == kind || e.Kind == "String") {
		return e.Value
	}
	return ""
}

// Bool returns the value of a boolean annotation, or the default of such terms, true, if it
// states none. It returns false without such an annotation.
func (a Annotations) Bool(term string) bool {
	annotation := a.Get(term)
	return annotation != nil && (annotation.Value == nil || annotation.Value.Kind == "Bool" && annotation.Value.Value == "true")
}
