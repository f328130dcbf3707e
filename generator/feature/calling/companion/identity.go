package companion

import "github.com/callgen/callgen/generated/communications"

// PrimaryIdentity returns the identity that a set of identities stands for, and which one it is:
// "user", "guest", "phone", "applicationInstance", "application", "encrypted" or "device", the
// first that the set has in this order. It returns nil and "" for an empty set.
func PrimaryIdentity(set communications.AnyIdentitySet) (identity *communications.Identity, kind string) {
	if set == nil || set.AsIdentitySet() == nil {
		return nil, ""
	}
	s := set.AsIdentitySet()
	for _, each := range []struct {
		kind  string
		value communications.AnyIdentity
	}{
		{"user", s.User}, {"guest", s.Guest}, {"phone", s.Phone}, {"applicationInstance", s.ApplicationInstance},
		{"application", s.Application}, {"encrypted", s.Encrypted}, {"device", s.Device},
	} {
		if each.value != nil && each.value.AsIdentity() != nil {
			return each.value.AsIdentity(), each.kind
		}
	}
	return nil, ""
}

// IdentityTenant returns the tenant of the identity that a set of identities stands for, or of
// another one in the set if that has none; "" if no identity names its tenant.
func IdentityTenant(set communications.AnyIdentitySet) string {
	if primary, _ := PrimaryIdentity(set); primary != nil && !isEmpty(primary.TenantID) {
		return *primary.TenantID
	}
	if set == nil || set.AsIdentitySet() == nil {
		return ""
	}
	s := set.AsIdentitySet()
	for _, other := range []communications.AnyIdentity{s.User, s.Guest, s.Phone, s.ApplicationInstance, s.Application, s.Encrypted, s.Device} {
		if other != nil && other.AsIdentity() != nil && !isEmpty(other.AsIdentity().TenantID) {
			return *other.AsIdentity().TenantID
		}
	}
	return ""
}

func isEmpty(text *string) bool { return text == nil || *text == "" }
