package edm

import "strings"

// IsSecret reports whether values of a property must not be shown, for example in logs. The
// annotation Callgen.Secret decides; without it, text and binary properties are secret if
// their name suggests a password, a token or a key to something.
func (p *Property) IsSecret() bool {
	if p.Annotations.Get(TermSecret) != nil {
		return p.Annotations.Bool(TermSecret)
	}
	if p.Type.Name.Namespace != "Edm" || p.Type.Name.Name != "String" && p.Type.Name.Name != "Binary" {
		return false // for example passwordRequired, which is not a password
	}
	name := strings.ToLower(p.Name)
	if p.Type.Collection {
		name = strings.TrimSuffix(name, "s")
	}
	if name == "key" && p.Owner != nil { // secret in a key credential, but not in a pair of key and value
		name = strings.ToLower(p.Owner.Name.Name) + name
	}
	for _, end := range []string{
		"password", "passwordbase64", "passcode", "passphrase", "bypasscode", "unlockpin",
		"secret", "secrettext", "secretkey", "token",
		"accesskey", "apikey", "credentialkey", "decryptionkey", "encryptionkey", "mackey", "privatekey", "recoverykeykey",
	} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}
