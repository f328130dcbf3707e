package codec

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sent is a value whose mediaConfig and mediaConfigs are as a document has them.
func sent(t *testing.T, text string) *Call {
	t.Helper()
	call := new(Call)
	require.NoError(t, Unmarshal([]byte(text), call))
	return call
}

func TestAbstractTypesAreNotSent(t *testing.T) {
	const refused = "test.mediaConfig is abstract, it was not decoded, and so cannot be sent: use a type derived from it"
	for name, test := range map[string]struct {
		body Value
		want string // "" if it is sent
	}{
		"made":               {&Call{MediaConfig: &MediaConfig{}}, "json: $.mediaConfig: " + refused},
		"made, with members": {&Call{MediaConfig: &MediaConfig{Remove: new(true)}}, "json: $.mediaConfig: " + refused},
		"made, in a list": {&Call{MediaConfigs: []AnyMediaConfig{&AppHostedMediaConfig{}, &MediaConfig{}}},
			"json: $.mediaConfigs[1]: " + refused},
		"derived":                      {&Call{MediaConfig: &AppHostedMediaConfig{}}, ""},
		"nil":                          {&Call{MediaConfig: (*MediaConfig)(nil)}, ""},
		"decoded, of an unknown type":  {sent(t, `{"mediaConfig":{"@odata.type":"#test.other"}}`), ""},
		"decoded, without a type":      {sent(t, `{"mediaConfig":{"remove":true}}`), ""},
		"decoded, of the type itself":  {sent(t, `{"mediaConfig":{"@odata.type":"#test.mediaConfig"}}`), ""},
		"of a base that is not marked": {&Call{Resource: OneOrMany[AnyEntity]{Values: []AnyEntity{&Entity{}}}}, ""},
	} {
		_, err := encodeSent(test.body, wireFormat{})
		if test.want == "" {
			assert.NoError(t, err, name)
		} else {
			assert.EqualError(t, err, test.want, name)
		}
		_, err = Marshal(test.body)
		assert.NoError(t, err, "%s: only requests are refused", name)
	}
}

func TestAbstractTypeThatNamesAnother(t *testing.T) {
	config := &MediaConfig{}
	require.NoError(t, config.AdditionalData.Set("@odata.type", "#test.newer"))
	out, err := encodeSent(&Call{MediaConfig: config}, wireFormat{})
	require.NoError(t, err)
	assert.JSONEq(t, `{"@odata.type":"#test.call","mediaConfig":{"@odata.type":"#test.newer"}}`, string(out))
}
