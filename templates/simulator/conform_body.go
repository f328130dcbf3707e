package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// body returns what is wrong with the body of a request.
func (t *target) body(m *description, r checked) []string {
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodDelete:
		if len(r.Body) > 0 {
			return []string{r.Method + " has a body"}
		}
		return nil
	case t.isStream():
		return nil
	case t.Operation != nil && len(r.Body) == 0 && !t.needsParameters():
		return nil
	}
	if media, _, err := mime.ParseMediaType(r.ContentType); err != nil || media != "application/json" {
		return []string{fmt.Sprintf("the content type is %q, not application/json", r.ContentType)}
	}
	v, err := decode(r.Body)
	if err != nil {
		return []string{"the body is not JSON: " + err.Error()}
	}
	object, ok := v.(map[string]any)
	if !ok {
		return []string{"the body is not a JSON object"}
	}
	c := &checker{model: m, whole: r.Method == http.MethodPost, standsFor: r.StandsFor}
	switch {
	case t.Suffix == "$ref":
		if _, ok := object["@odata.id"].(string); !ok {
			c.add("$", "@odata.id is missing")
		}
	case t.Operation != nil:
		c.parameters(t, object)
	case t.Property != nil && t.Property.Type.Type != any(t.Type):
		c.value("$.value", t.Property.Type, object["value"])
	default:
		c.object("$", t.Type, object)
	}
	return c.problems
}

// isStream reports whether what is sent is not JSON.
func (t *target) isStream() bool {
	return t.Suffix == "$value" || t.Property != nil && t.Property.Type.Name == "Edm.Stream"
}

func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("something follows the value")
	}
	return v, nil
}

// checker checks the values of a body.
type checker struct {
	model     *description
	whole     bool // what must be there must be there
	standsFor map[string]string
	problems  []string
}

func (c *checker) add(path, format string, args ...any) {
	c.problems = append(c.problems, path+": "+fmt.Sprintf(format, args...))
}

func isRequired(p *parameter) bool {
	return !p.Type.IsNullable() && !p.Type.Collection && !p.Optional
}

func (t *target) needsParameters() bool {
	return !slices.ContainsFunc(t.overloads, func(op *boundOperation) bool { return !slices.ContainsFunc(op.Parameters, isRequired) })
}

// parameters checks those of an action. Overloads are told apart by their names alone.
func (c *checker) parameters(t *target, object map[string]any) {
	known := make(map[string]*parameter)
	for _, op := range t.overloads {
		for _, p := range op.Parameters {
			known[p.Name] = p
			if _, there := object[p.Name]; !there && isRequired(p) && len(t.overloads) == 1 {
				c.add("$", "the parameter %s is missing", p.Name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		p, ok := known[name]
		switch {
		case ok:
			c.value("$."+name, p.Type, object[name])
		case !strings.Contains(name, "@"):
			c.add("$", "%s has no parameter %s", t.Operation.Name, name)
		}
	}
}

// object checks an object of a structured type, which can name a derived one.
func (c *checker) object(path string, t *structuredType, object map[string]any) {
	if named, there := object["@odata.type"]; there {
		t = c.named(path, t, named)
		if t == nil {
			return
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		c.member(path, t, name, object[name])
	}
}

func (c *checker) member(path string, t *structuredType, name string, v any) {
	if strings.Contains(name, "@") {
		return // control information and annotations
	}
	if p := t.Property(name); p != nil {
		c.value(path+"."+name, p.Type, v)
		return
	}
	if n := t.NavigationProperty(name); n != nil {
		c.value(path+"."+name, n.Type, v)
		return
	}
	if !t.IsOpen() {
		c.add(path, "%s has no property %s", t.Name, name)
	}
}

// named returns the type that an object says it is of, nil if that cannot be.
func (c *checker) named(path string, declared *structuredType, named any) *structuredType {
	name, ok := named.(string)
	if !ok {
		c.add(path, "@odata.type must be text")
		return nil
	}
	t := c.model.Structured(strings.TrimPrefix(name, "#"))
	switch {
	case t == nil:
		c.add(path, "the description has no type %s", name)
	case c.standsFor[t.Name] == declared.Name:
	case !t.isDerivedFrom(declared):
		c.add(path, "%s is not derived from %s", t.Name, declared.Name)
		return nil
	}
	return t
}

// value checks a value of any type.
func (c *checker) value(path string, ref typeRef, v any) {
	if v == nil {
		if !ref.IsNullable() && c.whole && !ref.Collection {
			c.add(path, "null is not allowed")
		}
		return
	}
	if ref.Collection {
		list, ok := v.([]any)
		if !ok {
			c.add(path, "must be an array")
			return
		}
		item := ref
		item.Collection = false
		for i, v := range list {
			c.value(fmt.Sprintf("%s[%d]", path, i), item, v)
		}
		return
	}
	switch t := ref.Type.(type) {
	case *structuredType:
		object, ok := v.(map[string]any)
		if !ok {
			c.add(path, "must be an object: a %s", t.Name)
			return
		}
		c.object(path, t, object)
	case *enumType:
		c.enum(path, t, v)
	case *typeDefinition:
		c.value(path, t.Underlying, v)
	case *primitiveType:
		c.primitive(path, t.Name, v)
	}
}

// enum takes members in any letter case, as Graph does.
func (c *checker) enum(path string, t *enumType, v any) {
	text, ok := v.(string)
	if !ok {
		c.add(path, "must be text: a member of %s", t.Name)
		return
	}
	names := []string{text}
	if t.Flags {
		names = strings.Split(text, ",")
	}
	for _, name := range names {
		name = strings.TrimSpace(name)
		if !slices.ContainsFunc(t.Members, func(m string) bool { return strings.EqualFold(m, name) }) {
			c.add(path, "%s has no member %s", t.Name, name)
		}
	}
}
