package edm

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

// OwnAlternateKeys returns the alternate keys that a type declares.
func (t *StructuredType) OwnAlternateKeys() []AlternateKey {
	a := t.Annotations.Get("Org.OData.Core.V1.AlternateKeys")
	if a == nil || a.Value == nil {
		return nil
	}
	var keys []AlternateKey
	for _, record := range a.Value.Items {
		if key := alternateKey(record.Property("Key")); len(key) > 0 {
			keys = append(keys, key)
		}
	}
	return keys
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
	return key
}
