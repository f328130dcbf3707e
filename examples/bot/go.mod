module github.com/callgen/callgen/examples/bot

go 1.26.0

require (
	github.com/callgen/callgen v0.0.0
	github.com/callgen/callgen/callbackauth v0.0.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/oauth2 v0.37.0
)

require (
	github.com/coreos/go-oidc/v3 v3.21.0 // indirect
	github.com/go-jose/go-jose/v4 v4.1.9 // indirect
	go.yaml.in/yaml/v3 v3.0.6 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/text v0.14.0 // indirect
)

replace (
	github.com/callgen/callgen => ../..
	github.com/callgen/callgen/callbackauth => ../../callbackauth
)
