// Package notifications adds the handler of change notifications to packages of services that
// have them, as Microsoft Graph has: what the service posts for subscriptions to its resources.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package notifications

import (
	"github.com/callgen/callgen/generator/feature"
)

// Types of the description that the parts of the feature belong to.
const (
	collectionType   = "microsoft.graph.changeNotificationCollection"
	subscriptionType = "microsoft.graph.subscription"
)

// Feature is the side of a program that is told of changes.
type Feature struct{}

// Reserved implements [feature.Feature]. The feature is in the runtime, whose names are reserved.
func (Feature) Reserved() []string { return nil }

// Plan implements [feature.Feature]. A package has a handler of change notifications if its
// selection includes their collection, which is the body of the service's requests, and a keeper
// of subscriptions if it has requests for these, too.
func (Feature) Plan(p feature.Planner) *feature.Part {
	part := new(feature.Part)
	if p.Structured(collectionType) == nil {
		return part
	}
	part.Runtime = []string{"notification"}
	part.Doc = []string{
		"[ChangeHandler] is an http.Handler that receives the change notifications of subscriptions to any resource, and decrypts the " +
			"resources in them. [OnChange] adds a function for a type of resource.",
	}
	if t := p.Structured(subscriptionType); t != nil && p.HasRequests(t) {
		part.Runtime = append(part.Runtime, "keeper")
		part.Model = map[string]string{"Subscription": p.Names().Type(t)}
		part.Doc = append(part.Doc, "[SubscriptionKeeper] creates subscriptions, renews them in time, authorizes them again, and creates "+
			"them anew when they are gone.")
	}
	return part
}
