package codec

import (
	"errors"
	"strconv"
	"strings"
)

// Condition is a condition of a filter. Conditions are made of properties, such as
// CallPropertyState.Eq(CallStateEstablished), and of each other.
type Condition struct {
	text string
	err  error
}

// String returns the condition as it stands in $filter.
func (c Condition) String() string { return c.text }

// RawCondition is a condition as the service wants it. Nothing in it is escaped.
func RawCondition(text string) Condition { return Condition{text: text} }

// And is the condition that all of some are met.
func And(list ...Condition) Condition { return joinedConditions(" and ", list) }

// Or is the condition that one of some is met.
func Or(list ...Condition) Condition { return joinedConditions(" or ", list) }

// Not is the condition that another is not met.
func Not(c Condition) Condition { return Condition{"not (" + c.text + ")", conditionError(c)} }

func joinedConditions(operator string, list []Condition) Condition {
	if len(list) == 1 {
		return list[0]
	}
	var all Condition
	var parts []string
	for _, c := range list {
		parts = append(parts, "("+c.text+")")
		if err := conditionError(c); err != nil {
			all.err = err
		}
	}
	all.text = strings.Join(parts, operator)
	return all
}

// conditionError says why the service could not read c.
func conditionError(c Condition) error {
	if c.err == nil && strings.TrimSpace(c.text) == "" {
		return errors.New("the condition is empty")
	}
	return c.err
}

// Order is a property to sort by; see [Property.Asc] and [Property.Desc].
type Order string

// Path is the property of what p leads to: "a/b".
func (p Property) Path(sub Property) Property { return p + "/" + sub }

// Asc sorts by p, the least first.
func (p Property) Asc() Order { return Order(p) }

// Desc sorts by p, the greatest first.
func (p Property) Desc() Order { return Order(p + " desc") }

// Eq is the condition that p equals a value; nil stands for null. Values are of the
// Go types of properties, pointers to them, [GUID], and other properties.
func (p Property) Eq(value any) Condition { return p.compared("eq", value) }

// Ne is the condition that p does not equal a value.
func (p Property) Ne(value any) Condition { return p.compared("ne", value) }

// Gt is the condition that p is greater than a value.
func (p Property) Gt(value any) Condition { return p.compared("gt", value) }

// Ge is the condition that p is a value or greater.
func (p Property) Ge(value any) Condition { return p.compared("ge", value) }

// Lt is the condition that p is less than a value.
func (p Property) Lt(value any) Condition { return p.compared("lt", value) }

// Le is the condition that p is a value or less.
func (p Property) Le(value any) Condition { return p.compared("le", value) }

// Has is the condition that p has a flag.
func (p Property) Has(flag any) Condition { return p.compared("has", flag) }

// In is the condition that p equals one of some values.
func (p Property) In(values ...any) Condition {
	if len(values) == 0 {
		return Condition{err: errors.New("a list of values to look in is empty")}
	}
	var parts []string
	for _, v := range values {
		text, err := operand(v)
		if err != nil {
			return Condition{err: err}
		}
		parts = append(parts, text)
	}
	return Condition{text: string(p) + " in (" + strings.Join(parts, ",") + ")"}
}

// StartsWith is the condition that p begins with a text.
func (p Property) StartsWith(text string) Condition { return p.function("startswith", text) }

// EndsWith is the condition that p ends with a text.
func (p Property) EndsWith(text string) Condition { return p.function("endswith", text) }

// Contains is the condition that p contains a text.
func (p Property) Contains(text string) Condition { return p.function("contains", text) }

// Any is the condition that some item of the collection p meets a condition. The item
// is given to the function, which may be called more than once, as a property to make
// the condition of.
func (p Property) Any(of func(item Property) Condition) Condition { return p.lambda("any", of) }

// Every is the condition that all items of the collection p meet a condition.
func (p Property) Every(of func(item Property) Condition) Condition { return p.lambda("all", of) }

func (p Property) lambda(name string, of func(Property) Condition) Condition {
	// The variable must not be one of a condition within.
	for i := 0; ; i++ {
		variable := "x"
		if i > 0 {
			variable += strconv.Itoa(i)
		}
		c := of(Property(variable))
		if !strings.Contains(c.text, "("+variable+":") {
			return Condition{string(p) + "/" + name + "(" + variable + ":" + c.text + ")", conditionError(c)}
		}
	}
}

func (p Property) compared(operator string, value any) Condition {
	text, err := operand(value)
	return Condition{string(p) + " " + operator + " " + text, err}
}

func (p Property) function(name, text string) Condition {
	return Condition{text: name + "(" + string(p) + "," + quoteLiteral(text) + ")"}
}

// operand is a value as it stands in a condition.
func operand(value any) (string, error) {
	if p, ok := value.(Property); ok {
		return string(p), nil
	}
	text, err := literal(value)
	if text == "" && err == nil {
		text = "null"
	}
	return text, err
}
