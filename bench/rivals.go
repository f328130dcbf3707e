package bench

import (
	jsonv1 "encoding/json"

	"github.com/bytedance/sonic"
	jsonv2 "github.com/go-json-experiment/json"

	"github.com/callgen/callgen/generated/communications"
)

// Rival is a way to decode and encode the documents.
type Rival struct {
	Name   string
	Decode func(d *Document) (any, error)
	Encode func(v any) ([]byte, error)
}

// Rivals returns the ways that are compared. The first is the measure of the others.
func Rivals() []Rival {
	return []Rival{
		{"encoding/json into any", func(d *Document) (any, error) {
			var v any
			err := jsonv1.Unmarshal(d.Text, &v)
			return v, err
		}, jsonv1.Marshal},
		{"encoding/json into plain structs", func(d *Document) (any, error) {
			v := d.Plain()
			return v, jsonv1.Unmarshal(d.Text, v)
		}, jsonv1.Marshal},
		{"go-json-experiment v2 into plain structs", func(d *Document) (any, error) {
			v := d.Plain()
			return v, jsonv2.Unmarshal(d.Text, v)
		}, func(v any) ([]byte, error) { return jsonv2.Marshal(v) }},
		{"sonic into plain structs", func(d *Document) (any, error) {
			v := d.Plain()
			return v, sonic.Unmarshal(d.Text, v)
		}, func(v any) ([]byte, error) { return sonic.Marshal(v) }},
		{"sonic, checking UTF-8 and duplicating strings", func(d *Document) (any, error) {
			v := d.Plain()
			return v, checking.Unmarshal(d.Text, v)
		}, checking.Marshal},
		{"callgen", func(d *Document) (any, error) {
			v := d.New()
			return v, communications.Unmarshal(d.Text, v)
		}, func(v any) ([]byte, error) { return communications.Marshal(v.(communications.Value)) }},
		{"callgen through encoding/json", func(d *Document) (any, error) {
			v := d.New()
			return v, jsonv1.Unmarshal(d.Text, v)
		}, jsonv1.Marshal},
	}
}

// checking is sonic with what encoding/json does and sonic leaves out by default.
var checking = sonic.Config{CopyString: true, ValidateString: true}.Froze()
