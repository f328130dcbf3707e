package edm

// Element returns the name of an operation in findings and reports: its qualified name with
// the binding type.
func (o *Operation) Element() string {
	if b := o.Binding(); b != nil {
		return o.Name.String() + "(" + b.Type.String() + ")"
	}
	return o.Name.String() + "()"
}
