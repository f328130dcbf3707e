package redfish

import "github.com/callgen/callgen/templates/runtime/client"

// OnlyMember asks a collection that has one member for this member in place of the collection
// (DSP0266, "Query parameters": only): follow the link to the collection with the type of its
// members. A collection of none or several is returned itself, and so it is by a controller that
// does not know the option; ServiceRoot.ProtocolFeaturesSupported tells.
func OnlyMember() client.RequestOption { return client.BareOption("only") }

// Excerpt asks for the few properties that matter most, such as the reading of a sensor
// (DSP0266, "Query parameters": excerpt). Controllers that do not know the option return the
// resource, or refuse the request; ServiceRoot.ProtocolFeaturesSupported tells.
func Excerpt() client.RequestOption { return client.BareOption("excerpt") }
