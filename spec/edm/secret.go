package edm

import "strings"

// IsSecret reports whether what a property holds is not to be shown, in a log for one. The
// annotation Callgen.Secret decides; where there is none, text and binary properties are
// secret whose name says that they hold a password, a token or a key to something.
func (p *Property) IsSecret() bool {
	if p.Annotations.Get(TermSecret) != nil {
		return p.Annotations.Bool(TermSecret)
	}
	if p.Type.Name.Namespace != "Edm" || p.Type.Name.Name != "String" && p.Type.Name.Name != "Binary" {
		return false // such as passwordRequired, which is no password
	}
	name := strings.ToLower(p.Name)
	if p.Type.Collection {
		name = strings.TrimSuffix(name, "s")
	}
	if name == "key" && p.Owner != nil { // of a key credential, not of a pair of key and value
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
