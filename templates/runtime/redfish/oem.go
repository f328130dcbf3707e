package redfish

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// OemOf decodes what a vendor has added to a resource, which is in its property Oem by the name
// of the vendor (DSP0266, "OEM resources and properties"). V is the resource, or its Oem part. T
// is any type that JSON decodes into, one of the program or a generated one. OemOf reports whether
// there is something of that vendor; letter case is ignored if the name is not found otherwise.
func OemOf[T any](v codec.Value, vendor string) (value T, found bool, err error) {
	raw := oemIn(v, vendor)
	if raw == nil {
		return value, false, nil
	}
	if err := json.Unmarshal(raw, &value); err != nil {
		return value, true, fmt.Errorf("the Oem part of %s does not fit: %w", vendor, err)
	}
	return value, true, nil
}

// oemIn returns the JSON of a vendor's part, or nil.
func oemIn(v codec.Value, vendor string) json.RawMessage {
	if v == nil || codec.IsNil(v) || codec.AdditionalOf(v) == nil {
		return nil
	}
	if oem := oemField(reflect.ValueOf(v).Elem()); oem != nil {
		return oemIn(oem, vendor)
	}
	ad := codec.AdditionalOf(v)
	if raw, ok := ad.Get("Oem"); ok { // of a resource whose type declares no Oem
		var parts map[string]json.RawMessage
		_ = json.Unmarshal(raw, &parts)
		return byVendor(parts, vendor)
	}
	parts := make(map[string]json.RawMessage)
	for name, raw := range ad.All() {
		parts[name] = raw
	}
	return byVendor(parts, vendor)
}

// byVendor returns a member by its name, or else by its name in other letter case.
func byVendor(parts map[string]json.RawMessage, vendor string) json.RawMessage {
	if raw, ok := parts[vendor]; ok {
		return raw
	}
	var found string
	for name := range parts {
		if strings.EqualFold(name, vendor) && (found == "" || name < found) {
			found = name
		}
	}
	return parts[found]
}

// oemField returns the property Oem of a struct or of those that it embeds, or nil.
func oemField(v reflect.Value) codec.Value {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "Oem" && field.IsExported():
			oem, _ := v.Field(i).Interface().(codec.Value)
			if oem != nil && !codec.IsNil(oem) {
				return oem
			}
		case field.Anonymous && v.Field(i).Kind() == reflect.Struct:
			if oem := oemField(v.Field(i)); oem != nil {
				return oem
			}
		}
	}
	return nil
}
