SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := generate

SOAK ?= 10m
SEED ?= 1

.PHONY: help
help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: generate
generate: ## Generate generated/communications and spec/communications.openapi.yaml from spec/ (the default)
	go run ./cmd/gen
	go run ./cmd/gen convert --spec spec/communications.csdl.xml --server https://graph.microsoft.com/beta --out spec/communications.openapi.yaml

.PHONY: test
test: ## Run every test, with the race detector; a stale generated/ fails
	go test -race ./...
	go test -tags purego ./templates/... ./generated/...
	cd callbackauth && go test -race ./...
	cd examples/tokens && go test ./...
	cd examples/bot && go test -race ./...
	cd bench && go test ./...

.PHONY: test-short
test-short: ## Run the tests that take less than a minute together: no race detector, nothing built downstream, not all of Graph
	go test -short ./...

.PHONY: e2e
e2e: e2e-install ## Try the generated client against a mock server that is not ours; needs npm
	go test -tags e2e ./generated -run Mock

.PHONY: e2e-install
e2e-install:
	cd generated/e2e && npm install --no-package-lock --no-audit --no-fund --silent

.PHONY: lint
lint: ## Vet, staticcheck and gofmt, generated code too
	go vet ./...
	go vet -tags e2e ./generated
	go vet -tags purego ./templates/... ./generated/...
	go tool staticcheck ./...
	cd bench && go vet ./...
	cd examples/tokens && go vet ./...
	cd examples/bot && go vet ./...
	cd callbackauth && go vet ./... && $$(go -C .. tool -n staticcheck) ./...
	@test -z "$$(gofmt -l . | tee /dev/stderr)"

.PHONY: golden
golden: ## Rewrite the wanted files of the golden cases; read the diff afterwards
	go test ./generator -run TestGolden -update

.PHONY: fuzz
fuzz: ## Fuzz the decoder, the answers to requests, the paths of resources and the readers, half a minute each
	go test ./templates/runtime/codec -run '^$$' -fuzz FuzzUnmarshal -fuzztime 30s
	go test ./templates/runtime/client -run '^$$' -fuzz FuzzAnswers -fuzztime 30s
	go test ./templates/runtime/callback -run '^$$' -fuzz FuzzParseCallResource -fuzztime 30s
	go test ./spec/csdl -run '^$$' -fuzz FuzzRead -fuzztime 30s
	go test ./spec/openapi -run '^$$' -fuzz FuzzRead -fuzztime 30s
	go test ./generator/config -run '^$$' -fuzz FuzzRead -fuzztime 30s

.PHONY: soak
soak: ## Generate from random descriptions for SOAK, ten minutes unless it says otherwise, from SEED on
	go test ./generator -run '^TestRandomDescriptions$$' -v -timeout 0 -soak $(SOAK) -seed $(SEED)

.PHONY: bench
bench: ## Compare with others, side by side, and write the figures down: ten minutes, with the go command's proxy
	cd bench && go run ./cmd/ratios && go run ./cmd/corpus && go run ./cmd/cost && go run ./cmd/load && go run ./cmd/report
