package openapi_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/openapi"
)

func TestFormatPassword(t *testing.T) {
	m, _, err := openapi.Read("a.yaml", []byte(`openapi: 3.0.3
info: {title: t, version: "1"}
paths: {}
components:
  schemas:
    account: {type: object, properties: {pin: {type: string, format: password}, pinned: {type: string}}}
`), openapi.Options{})
	require.NoError(t, err)
	account := m.Structured("openapi.account")
	require.NotNil(t, account)
	assert.True(t, account.Property("pin").IsSecret())
	assert.False(t, account.Property("pinned").IsSecret())
}
