package bench

import (
	"reflect"
	"strings"

	"github.com/callgen/callgen/generated/communications"
)

// plain makes struct types without a codec of their own from generated ones: with
// the same fields of the same Go types, those of base types among them, and
// @odata.type. A polymorphic property has the fields of all types that the
// documents put there. This is what encoding/json and its rivals are given: they
// drop members that are not declared, and explicit nulls.
type plain struct {
	made map[reflect.Type]reflect.Type
}

// variants are the types that the documents have where an interface is declared.
var variants = map[reflect.Type][]reflect.Type{
	reflect.TypeFor[communications.AnyMediaConfig](): {
		reflect.TypeFor[communications.AppHostedMediaConfig](), reflect.TypeFor[communications.ServiceHostedMediaConfig](),
	},
	reflect.TypeFor[communications.AnyMeetingInfo](): {
		reflect.TypeFor[communications.OrganizerMeetingInfo](), reflect.TypeFor[communications.JoinMeetingIDMeetingInfo](),
	},
	reflect.TypeFor[communications.AnyCallOptions](): {reflect.TypeFor[communications.OutgoingCallOptions]()},
	reflect.TypeFor[communications.AnyIdentitySet](): {reflect.TypeFor[communications.IdentitySet]()},
	reflect.TypeFor[communications.AnyIdentity]():    {reflect.TypeFor[communications.Identity]()},
}

// structOf returns the plain struct with the fields of all the given types. The
// resource is the type of the field that holds one or many resources.
func (p *plain) structOf(resource reflect.Type, types ...reflect.Type) reflect.Type {
	fields := []reflect.StructField{{
		Name: "ODataType", Type: reflect.TypeFor[string](), Tag: `json:"@odata.type,omitempty"`,
	}}
	seen := map[string]bool{"ODataType": true}
	for _, t := range types {
		for _, f := range reflect.VisibleFields(t) {
			if f.Anonymous || f.Tag.Get("json") == "-" || seen[f.Name] {
				continue
			}
			ft := p.fieldType(f.Type, resource)
			if ft == nil {
				continue
			}
			seen[f.Name] = true
			tag := f.Tag
			if strings.HasPrefix(f.Type.Name(), "OneOrMany") {
				tag = `json:"resourceData,omitzero"`
			}
			fields = append(fields, reflect.StructField{Name: f.Name, Type: ft, Tag: tag})
		}
	}
	return reflect.StructOf(fields)
}

func (p *plain) fieldType(t, resource reflect.Type) reflect.Type {
	switch {
	case strings.HasPrefix(t.Name(), "OneOrMany"):
		return resource
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		if elem := p.fieldType(t.Elem(), resource); elem != nil {
			return reflect.SliceOf(elem)
		}
		return nil
	case t.Kind() == reflect.Interface:
		if of, ok := variants[t]; ok {
			return reflect.PointerTo(p.once(t, resource, of...))
		}
		return nil // nothing in the documents
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && t.Implements(reflect.TypeFor[communications.Value]()):
		return reflect.PointerTo(p.once(t, resource, t.Elem()))
	}
	return t
}

func (p *plain) once(key, resource reflect.Type, of ...reflect.Type) reflect.Type {
	if made, ok := p.made[key]; ok {
		return made
	}
	made := p.structOf(resource, of...)
	p.made[key] = made
	return made
}

// plainFor returns the plain struct type for a document.
func plainFor(d *Document) reflect.Type {
	p := &plain{made: make(map[reflect.Type]reflect.Type)}
	if !d.Notification {
		return p.structOf(nil, reflect.TypeFor[communications.Call]())
	}
	var envelope communications.CommsNotifications
	if err := communications.Unmarshal(d.Text, &envelope); err != nil {
		panic(err) // the documents are known to decode
	}
	resource := p.structOf(nil, reflect.TypeOf(envelope.Value[0].ResourceData.Values[0]).Elem())
	if d.Many {
		resource = reflect.SliceOf(resource)
	}
	return p.structOf(resource, reflect.TypeFor[communications.CommsNotifications]())
}
