package edm

import "slices"

// AlternateKey identifies an entity like the key of its type
// (Org.OData.Core.V1.AlternateKeys).
type AlternateKey []AlternateKeyPart

// AlternateKeyPart is a property of an alternate key with its name in URLs.
type AlternateKeyPart struct{ Alias, Path string }

// AlternateKeys returns the alternate keys of a type, declared or inherited.
func (t *StructuredType) AlternateKeys() []AlternateKey {
	var keys []AlternateKey
	for ; t != nil; t = t.Base {
		keys = append(keys, t.OwnAlternateKeys()...)
	}
	return keys
}

// OwnAlternateKeys returns the alternate keys that a type declares. Requests tell keys by
// their aliases: one that repeats another, or a base type's, adds nothing.
func (t *StructuredType) OwnAlternateKeys() []AlternateKey {
	a := t.Annotations.Get("Org.OData.Core.V1.AlternateKeys")
	if a == nil || a.Value == nil {
		return nil
	}
	known := t.Base.AlternateKeys()
	inherited := len(known)
	for _, record := range a.Value.Items {
		key := alternateKey(record.Property("Key"))
		if len(key) > 0 && !slices.ContainsFunc(known, key.repeats) {
			known = append(known, key)
		}
	}
	return known[inherited:]
}

// aliases returns the aliases of a key, sorted.
func (k AlternateKey) aliases() []string {
	var names []string
	for _, part := range k {
		names = append(names, part.Alias)
	}
	slices.Sort(names)
	return names
}

func (k AlternateKey) repeats(other AlternateKey) bool {
	return slices.Equal(k.aliases(), other.aliases())
}

func alternateKey(parts *Expression) AlternateKey {
	if parts == nil {
		return nil
	}
	var key AlternateKey
	for _, part := range parts.Items {
		alias, path := part.Property("Alias"), part.Property("Name")
		if path == nil || path.Value == "" {
			return nil
		}
		name := path.Value
		if alias != nil && alias.Value != "" {
			name = alias.Value
		}
		key = append(key, AlternateKeyPart{Alias: name, Path: path.Value})
	}
	if names := key.aliases(); len(slices.Compact(names)) < len(key) {
		return nil // a URL has each name once
	}
	return key
}
