package codec

import (
	"errors"
	"strconv"
	"strings"
)

// Condition is a filter condition for [Where]. Build conditions from properties, such as
// fields.CallState.Eq(CallStateEstablished), and combine them with [And], [Or] and [Not].
type Condition struct {
	text  string
	typed string // the text with the types of enum members, "" if it has none
	err   error
}

// String returns the condition as written in $filter, with enum members as [WithEnumTypes] of
// false has them.
func (c Condition) String() string { return c.text }

// RawCondition returns a condition with the given $filter text, which is not escaped.
func RawCondition(text string) Condition { return Condition{text: text} }

// And returns a condition that is true when all of the given ones are.
func And(list ...Condition) Condition { return joinedConditions(" and ", list) }

// Or returns a condition that is true when at least one of the given ones is.
func Or(list ...Condition) Condition { return joinedConditions(" or ", list) }

// Not returns a condition that is true when the given one is false.
func Not(c Condition) Condition {
	return conditionOf(conditionError(c), func(types bool) string { return "not (" + conditionText(c, types) + ")" })
}

// conditionOf returns a condition, whose text may depend on whether enum members stand with
// their types.
func conditionOf(err error, text func(types bool) string) Condition {
	c := Condition{text: text(false), err: err}
	if typed := text(true); typed != c.text {
		c.typed = typed
	}
	return c
}

// conditionText returns the text of a condition, with the types of enum members or without.
func conditionText(c Condition, types bool) string {
	if types && c.typed != "" {
		return c.typed
	}
	return c.text
}

func joinedConditions(operator string, list []Condition) Condition {
	if len(list) == 1 {
		return list[0]
	}
	var err error
	for _, c := range list {
		if of := conditionError(c); of != nil {
			err = of
		}
	}
	return conditionOf(err, func(types bool) string {
		var parts []string
		for _, c := range list {
			parts = append(parts, "("+conditionText(c, types)+")")
		}
		return strings.Join(parts, operator)
	})
}

// conditionError returns an error if the service could not read c.
func conditionError(c Condition) error {
	if c.err == nil && strings.TrimSpace(c.text) == "" {
		return errors.New("the condition is empty")
	}
	return c.err
}

// Order is a sort order for [OrderBy]; see [Property.Asc] and [Property.Desc].
type Order string

// Path returns the path to a property of the value of p: "p/sub".
func (p Property) Path(sub Property) Property { return Property(p.String()) + "/" + sub }

// Asc returns the ascending order by p.
func (p Property) Asc() Order { return Order(p.String()) }

// Desc returns the descending order by p.
func (p Property) Desc() Order { return Order(p.String() + " desc") }

// Eq returns a condition that is true when p equals value; nil means null. The value can be of
// the Go type of the property, a pointer to one, a [GUID], or another property.
func (p Property) Eq(value any) Condition { return p.compared("eq", value) }

// Ne returns a condition that is true when p does not equal value. See [Property.Eq] for
// values.
func (p Property) Ne(value any) Condition { return p.compared("ne", value) }

// Gt returns a condition that is true when p is greater than value. See [Property.Eq] for
// values.
func (p Property) Gt(value any) Condition { return p.compared("gt", value) }

// Ge returns a condition that is true when p is greater than or equal to value. See
// [Property.Eq] for values.
func (p Property) Ge(value any) Condition { return p.compared("ge", value) }

// Lt returns a condition that is true when p is less than value. See [Property.Eq] for values.
func (p Property) Lt(value any) Condition { return p.compared("lt", value) }

// Le returns a condition that is true when p is less than or equal to value. See [Property.Eq]
// for values.
func (p Property) Le(value any) Condition { return p.compared("le", value) }

// Has returns a condition that is true when the enumeration p has the given flag.
func (p Property) Has(flag any) Condition { return p.compared("has", flag) }

// In returns a condition that is true when p equals one of the given values.
func (p Property) In(values ...any) Condition {
	if len(values) == 0 {
		return Condition{err: errors.New("a list of values to look in is empty")}
	}
	return conditionOf(p.errOf(values), func(types bool) string {
		var parts []string
		for _, v := range values {
			text, _ := p.operand(v, types)
			parts = append(parts, text)
		}
		return p.String() + " in (" + strings.Join(parts, ",") + ")"
	})
}

// errOf returns an error if one of some values cannot stand in a condition.
func (p Property) errOf(values []any) error {
	for _, v := range values {
		if _, err := p.operand(v, false); err != nil {
			return err
		}
	}
	return nil
}

// StartsWith returns a condition that is true when p starts with the given text.
func (p Property) StartsWith(text string) Condition { return p.function("startswith", text) }

// EndsWith returns a condition that is true when p ends with the given text.
func (p Property) EndsWith(text string) Condition { return p.function("endswith", text) }

// Contains returns a condition that is true when p contains the given text.
func (p Property) Contains(text string) Condition { return p.function("contains", text) }

// Any returns a condition that is true when at least one item of the collection p meets a
// condition, which the function returns for the item. The function may be called more than
// once.
func (p Property) Any(of func(item Property) Condition) Condition { return p.lambda("any", of) }

// Every returns a condition that is true when all items of the collection p meet a condition,
// which the function returns for the item. The function may be called more than once.
func (p Property) Every(of func(item Property) Condition) Condition { return p.lambda("all", of) }

func (p Property) lambda(name string, of func(Property) Condition) Condition {
	path, edmType := p.cut()
	// The variable must differ from those of inner conditions.
	for i := 0; ; i++ {
		variable := "x"
		if i > 0 {
			variable += strconv.Itoa(i)
		}
		c := of(Property(variable + edmType))
		if !strings.Contains(c.text, "("+variable+":") {
			return conditionOf(conditionError(c), func(types bool) string {
				return path + "/" + name + "(" + variable + ":" + conditionText(c, types) + ")"
			})
		}
	}
}

func (p Property) compared(operator string, value any) Condition {
	return conditionOf(p.errOf([]any{value}), func(types bool) string {
		text, _ := p.operand(value, types)
		return p.String() + " " + operator + " " + text
	})
}

func (p Property) function(name, text string) Condition {
	return Condition{text: name + "(" + p.String() + "," + quoteLiteral(text) + ")"}
}

// operand returns a value as written in a condition of p.
func (p Property) operand(value any, enumTypes bool) (string, error) {
	if other, ok := value.(Property); ok {
		return other.String(), nil
	}
	if _, edmType := p.cut(); edmType == guidType {
		value = guidOf(value)
	}
	text, err := literal(value, enumTypes)
	if text == "" && err == nil {
		text = "null"
	}
	return text, err
}

// guidOf returns text as a GUID, and everything else as it is.
func guidOf(value any) any {
	switch v := value.(type) {
	case string:
		return GUID(v)
	case *string:
		return (*GUID)(v)
	}
	return value
}
