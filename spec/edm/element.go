package edm

// Element returns what an operation is called in findings and reports: its name, and what
// it is bound to.
func (o *Operation) Element() string {
	if b := o.Binding(); b != nil {
		return o.Name.String() + "(" + b.Type.String() + ")"
	}
	return o.Name.String() + "()"
}
