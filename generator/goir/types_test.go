package goir_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/callgen/callgen/generator/goir"
)

func TestTypesAsSource(t *testing.T) {
	for want, typ := range map[string]goir.Type{
		"string":                     {Name: "string"},
		"[]*Call":                    {Prefix: "[]*", Name: "Call"},
		"time.Time":                  {Import: "time", Name: "Time"},
		"*json.RawMessage":           {Prefix: "*", Import: "encoding/json", Name: "RawMessage"},
		"*Page[AnyCall, []*v2.Part]": {Prefix: "*", Name: "Page", Args: []goir.Type{{Name: "AnyCall"}, {Prefix: "[]*", Import: "example.com/v2", Name: "Part"}}},
	} {
		assert.Equal(t, want, typ.String())
	}
}

func TestSignatures(t *testing.T) {
	call, err := goir.Type{Prefix: "*", Name: "Call"}, goir.Type{Name: "error"}
	ctx := goir.Param{Name: "ctx", Type: goir.Type{Import: "context", Name: "Context"}}
	for want, method := range map[string]goir.Method{
		"func()":                      {},
		"func(context.Context) error": {Params: []goir.Param{ctx}, Results: []goir.Type{err}},
		"func(context.Context, *Call) (*Call, error)": {Params: []goir.Param{ctx, {Name: "call", Type: call}}, Results: []goir.Type{call, err}},
	} {
		assert.Equal(t, want, method.Signature(), "names of parameters are no part of it")
	}
}

func TestParagraphsOfComments(t *testing.T) {
	var doc goir.Doc
	doc.Add("")
	assert.Empty(t, doc.Paragraphs, "a description without text makes no paragraph")
	doc.Extend("Call is a call.")
	doc.Extend("")
	doc.Extend("It ends.")
	doc.Add("Another paragraph.")
	assert.Equal(t, []string{"Call is a call. It ends.", "Another paragraph."}, doc.Paragraphs)
	assert.Equal(t, goir.Doc{Paragraphs: []string{"One."}}, goir.Paragraph("One."))
}
