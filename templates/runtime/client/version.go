package client

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file is about versions of OData, and about the headers in which client and service
// agree on what bodies look like.

// WithODataVersion makes requests name a version of OData, "4.0" or "4.01", in OData-Version
// and OData-MaxVersion. Their bodies are written in this version, and the service answers in it
// or in an earlier one; answers of both versions are read in any case. The default is what the
// package was generated for; packages for Microsoft Graph name no version.
func WithODataVersion(version string) ClientOption {
	return func(c *Client) {
		if version != version40 && version != version401 {
			c.err = fmt.Errorf("OData has no version %q that can be written: pass %q or %q to WithODataVersion", version, version40, version401)
		}
		c.odata, c.odataMost = version, version
	}
}

const version40, version401 = "4.0", "4.01"

// WithIEEE754Compatible exchanges Edm.Int64 and Edm.Decimal as strings, so that services
// written in JavaScript, whose numbers are of type double, keep all digits.
func WithIEEE754Compatible() ClientOption { return func(c *Client) { c.quoted = true } }

const ieee754Compatible = "IEEE754Compatible"

// wireFormat returns how bodies are written.
func (c *Client) wireFormat() codec.WireFormat {
	return codec.WireFormat{Prefixed: c.odata != "", References: c.odata == version401, Quoted: c.quoted}
}

// jsonType returns the media type of requests and answers.
func (c *Client) jsonType() string {
	if c.quoted {
		return contentJSON + ";" + ieee754Compatible + "=true"
	}
	return contentJSON
}

// setVersion sets the headers for the version of OData, unless the caller has set them.
func (c *Client) setVersion(h http.Header) {
	if c.odata == "" {
		return
	}
	for name, version := range map[string]string{"Odata-Version": c.odata, "Odata-Maxversion": c.odataMost} {
		if h.Get(name) == "" {
			h.Set(name, version)
		}
	}
}

// checkGiven refuses headers of the caller that contradict the request.
func (c *Client) checkGiven(r *request) error {
	if r.header.Get("Authorization") != "" && c.tokens != nil {
		return fmt.Errorf("the header Authorization is given beside a TokenSource: remove one of them")
	}
	given := r.header.Get("Content-Type")
	switch {
	case given == "" || r.contentType == "":
		return nil
	case r.content != nil && given != r.contentType:
		return fmt.Errorf("the content type is given twice, as %q and as the header %q: remove the header", r.contentType, given)
	case r.content != nil:
		return nil
	case !isJSON(given):
		return fmt.Errorf("the body is JSON, but the header Content-Type is %q: remove the header", given)
	}
	_, params, _ := mime.ParseMediaType(given)
	if quoted := strings.EqualFold(params[strings.ToLower(ieee754Compatible)], "true"); quoted != c.quoted {
		return fmt.Errorf("the header Content-Type %q does not agree with how numbers are written: use WithIEEE754Compatible instead", given)
	}
	return nil
}

// isOldVersion reports whether a version of OData is one whose JSON is another format.
func isOldVersion(version string) bool {
	major, _, _ := strings.Cut(strings.TrimSpace(version), ".")
	return major == "1" || major == "2" || major == "3"
}
