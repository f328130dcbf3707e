package client

import (
	"fmt"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file has what requests and answers carry beside entities.

// Page is a part of a collection, as the service sends it.
//
// AdditionalData has the members beside it, such as "@odata.context". Links are absolute,
// also where the service sends them relative to the URL of the request. An item can be nil
// where the service sends null.
//
// A service can fail within a page, after it has answered with status 200. The error is an
// [*Error] with that status, and beside it stands the page, with the items that the service
// had until then.
type Page[T any] struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Value          []T                  `json:"value,omitempty"`
	Count          *int64               `json:"@odata.count,omitempty"`     // of the whole collection, if it was asked for
	NextLink       string               `json:"@odata.nextLink,omitempty"`  // "" on the last page
	DeltaLink      string               `json:"@odata.deltaLink,omitempty"` // on the last page of changes
}

// encodeBody encodes what a request sends: a value, or the parameters of an operation.
func encodeBody(body any) ([]byte, error) {
	v, ok := body.(codec.Value)
	if !ok {
		return codec.EncodeEnvelope(body)
	}
	if codec.IsNil(v) {
		return nil, fmt.Errorf("a nil %T cannot be sent", v)
	}
	return codec.EncodeSent(v)
}
