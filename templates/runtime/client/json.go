package client

import (
	"fmt"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file holds the JSON of requests and answers other than entities.

// Page is one page of a collection, as the service sent it.
//
// AdditionalData holds members such as "@odata.context". Links are made absolute. An item is
// nil where the service sent null. A link that cannot be read is an error, returned along with
// the page.
//
// A service can fail in the middle of a page, after it has answered with status 200. The error
// is then an [*Error] with that status, and the page, returned along with it, holds the items
// before the failure.
type Page[T any] struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Value          []T                  `json:"value,omitempty"`
	Count          *int64               `json:"@odata.count,omitempty"`     // of items in the whole collection, if requested
	NextLink       string               `json:"@odata.nextLink,omitempty"`  // "" on the last page
	DeltaLink      string               `json:"@odata.deltaLink,omitempty"` // on the last page of changes; see [ChangesSince]
}

// encodeBody encodes the body of a request: a value, or the parameters of an operation.
func (c *Client) encodeBody(body any) ([]byte, error) {
	data, err := c.encoded(body)
	if err != nil || c.service.rewrite == nil {
		return data, err
	}
	return c.service.rewrite(data)
}

func (c *Client) encoded(body any) ([]byte, error) {
	format := c.wireFormat()
	v, ok := body.(codec.Value)
	if !ok {
		return codec.EncodeEnvelope(body, format)
	}
	if codec.IsNil(v) {
		return nil, fmt.Errorf("a nil %T cannot be sent", v)
	}
	return codec.EncodeSent(v, format)
}
