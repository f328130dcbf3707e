package edm_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIsSecret(t *testing.T) {
	m := read(t, `
<ComplexType Name="keyCredential"><Property Name="key" Type="Edm.Binary"/><Property Name="keyId" Type="Edm.Guid"/></ComplexType>
<ComplexType Name="pair"><Property Name="key" Type="Edm.String"/><Property Name="value" Type="Edm.String">
	<Annotation Term="Callgen.Secret"/></Property></ComplexType>
<ComplexType Name="all">
	<Property Name="password" Type="Edm.String"/><Property Name="NewPassword" Type="Edm.String"/>
	<Property Name="passwordRequired" Type="Edm.Boolean"/><Property Name="passwordPolicies" Type="Edm.String"/>
	<Property Name="passwordProfile" Type="ns.pair"/><Property Name="validationTokens" Type="Collection(Edm.String)"/>
	<Property Name="tokenLifetime" Type="Edm.Duration"/><Property Name="publicKey" Type="Edm.String"/>
	<Property Name="pageToken" Type="Edm.String"><Annotation Term="Callgen.Secret" Bool="false"/></Property>
	<Property Name="count" Type="Edm.Int32"><Annotation Term="Callgen.Secret" Bool="true"/></Property>
</ComplexType>`)
	var secret []string
	for _, name := range []string{"ns.keyCredential", "ns.pair", "ns.all"} {
		for _, p := range m.Structured(name).Properties {
			if p.IsSecret() {
				secret = append(secret, p.Owner.Name.Name+"/"+p.Name)
			}
		}
	}
	assert.Equal(t, []string{"keyCredential/key", "pair/value", "all/password", "all/NewPassword", "all/validationTokens", "all/count"}, secret)
}
