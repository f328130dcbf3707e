// Package spec holds the description of the calling API of Microsoft Graph that the package
// communications is generated from, and the overlay with what payloads show beyond it.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package spec

import (
	"bytes"
	_ "embed"

	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/overlay"
)

//go:embed communications.csdl.xml
var communications []byte

//go:embed communications.overlay.xml
var communicationsOverlay []byte

// OverlayFile is the name of the overlay of the calling API.
const OverlayFile = "communications.overlay.xml"

// CommunicationsOverlay returns the overlay of the calling API.
func CommunicationsOverlay() []byte { return bytes.Clone(communicationsOverlay) }

// Communications returns the model of the calling API, including the overlay.
func Communications() (*edm.Model, error) {
	m, err := csdl.Read("communications.csdl.xml", communications)
	if err != nil {
		return nil, err
	}
	return m, overlay.Apply(m, OverlayFile, communicationsOverlay)
}
