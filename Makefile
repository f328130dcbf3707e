SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := generate

SOAK ?= 10m
SEED ?= 1
NEXT ?= go1.27.4
NPM := npm install --no-save --no-package-lock --no-audit --no-fund --silent

# The packages whose own code runs concurrently. The race detector slows all others down
# tenfold and finds nothing in them.
RACED := ./templates/... ./generated/... ./callsim/... ./cmd/callsim ./examples/ivr ./examples/reminder ./examples/odata/... ./examples/notifications/... ./examples/redfish ./examples/redfish/redfish ./examples/graph/... ./generator/check ./generator/emit ./generator/split

.PHONY: help
help: ## Say what can be made
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: generate
generate: ## Generate generated/communications, the packages of examples/odata, examples/redfish, examples/notifications and examples/graph, and spec/communications.openapi.yaml (the default)
	go run ./cmd/gen
	go run ./cmd/gen --config examples/odata/gen.yaml
	go run ./cmd/gen --config examples/redfish/gen.yaml
	go run ./cmd/gen --config examples/notifications/gen.yaml
	go run ./cmd/gen --config examples/graph/gen.yaml
	go run ./cmd/gen convert --spec spec/communications.csdl.xml --server https://graph.microsoft.com/beta --out spec/communications.openapi.yaml

.PHONY: test
test: ## Run every test, those of code that runs concurrently with the race detector; a stale generated/ fails
	@( failed=0; try() { go -C "$$1" test -json -vet=off "$${@:2}" || failed=1; }; \
	try . -race -timeout 30m $(RACED); \
	try . -race -short ./generator/output; \
	try . -race -run TestGeneratedIsUpToDate ./generator; \
	try . -timeout 30m $$(comm -23 <(go list ./... | sort) <(go list $(RACED) | sort)); \
	try . -short -tags purego ./templates/runtime/... ./generated/...; \
	try callbackauth -race ./...; \
	try fleet -race ./...; \
	try examples/tokens ./...; \
	try examples/bot -race ./...; \
	try callsim/browser ./...; \
	try examples/fleet ./...; \
	try bench ./...; \
	exit $$failed ) 2>&1 | go run ./internal/testreport

.PHONY: test-next
test-next: ## Run every test with the next version of Go, NEXT
	GOTOOLCHAIN=$(NEXT) $(MAKE) test

.PHONY: cross
cross: ## Build, vet and compile the tests for Windows and macOS
	for os in windows darwin; do for module in . callbackauth fleet; do \
		echo "$$os, $$module"; \
		( cd $$module; export GOOS=$$os; go build ./... && go vet ./... && go test -exec true -run '^$$' ./... >/dev/null ) || exit 1; \
	done; done

.PHONY: release-check
release-check: ## Check what a release needs: clean tree, generated code, api.txt, documents, no replace in modules that others require
	@test -z "$$(git status --porcelain)" || { echo "the work tree has changes: commit them first"; exit 1; }
	go run ./cmd/gen check
	CALLGEN_RELEASE=1 go test ./generated ./internal/released -run 'TestAPI|TestDocs|TestReadme|TestLinks|TestCommandsOfDocs|TestModulesFromAProxy'
	CALLGEN_RELEASE=1 go test ./cmd/gen -run 'TestScripts/(docs|install)'
	@! grep -n '^replace' go.mod callbackauth/go.mod fleet/go.mod || { echo "others cannot build on a module with replace: remove it"; exit 1; }
	@last=$$(git describe --tags --match 'v*' --abbrev=0 2>/dev/null || true); \
	if test -n "$$last"; then git diff "$$last" -- generated/communications/api.txt CHANGELOG.md; \
	else echo "there is no earlier release to compare api.txt with"; fi
	@grep -q '^## ' CHANGELOG.md

.PHONY: test-short
test-short: ## Run the quick tests, in a minute or two: no race detector, nothing built downstream, not all of Graph
	go test -short -vet=off ./...

.PHONY: browser
browser: ## Click through the page of callsim in Chromium, and take the screenshots of docs/emulator.md
	go -C callsim/browser test -screenshots ../../docs/images ./...

.PHONY: e2e
e2e: e2e-install e2e-client ## Try generated clients against servers that are not ours; needs npm
	go test -tags e2e ./generated/e2e
	go test -tags e2e ./generated -run Mock

# SAP CAP needs Node.js 22; where it is older, a package has the program.
.PHONY: e2e-install
e2e-install:
	( cd generated/e2e && $(NPM) ) & other=$$!; \
	( cd generated/e2e/cap && $(NPM) $$(node -e 'require("node:sqlite")' 2>/dev/null || node -p '`node-$${process.platform}-$${process.arch}@22`') ) && wait $$other

# The client of the service in generated/e2e/cap is not kept: it is nothing that anyone reads.
.PHONY: e2e-client
e2e-client:
	go run ./cmd/gen --config generated/e2e/cap/gen.yaml

.PHONY: lint
lint: vuln e2e-client ## Vet, staticcheck, gofmt and, where its database can be reached, govulncheck; generated code too
	go vet -tags e2e ./...
	go vet -tags purego ./templates/runtime/codec
	go tool staticcheck ./...
	cd bench && go vet ./...
	cd examples/tokens && go vet ./...
	cd examples/bot && go vet ./...
	cd callsim/browser && go vet ./...
	cd examples/fleet && go vet ./...
	cd callbackauth && go vet ./... && $$(go -C .. tool -n staticcheck) ./...
	cd fleet && go vet ./... && $$(go -C .. tool -n staticcheck) ./...
	@test -z "$$(gofmt -l . | tee /dev/stderr)"

GOVULNDB ?= https://vuln.go.dev

.PHONY: vuln
vuln:
	@if curl -sf -m 10 -o /dev/null $(GOVULNDB)/index/db.json; \
	then GOVULNDB=$(GOVULNDB) go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...; \
	else echo "not run: govulncheck, because its database cannot be reached"; fi

.PHONY: golden
golden: ## Rewrite the wanted files of the golden cases; read the diff afterwards
	go test ./generator -run TestGolden -update

.PHONY: fuzz
fuzz: ## Fuzz the decoder, the answers to requests, the paths of resources and the readers, half a minute each
	go test ./templates/runtime/codec -run '^$$' -fuzz FuzzUnmarshal -fuzztime 30s
	go test ./templates/runtime/client -run '^$$' -fuzz FuzzAnswers -fuzztime 30s
	go test ./templates/runtime/callback -run '^$$' -fuzz FuzzParseCallResource -fuzztime 30s
	go test ./templates/runtime/notification -run '^$$' -fuzz FuzzChangeBody -fuzztime 30s
	go test ./templates/runtime/notification -run '^$$' -fuzz FuzzSealed -fuzztime 30s
	go test ./templates/runtime/redfish -run '^$$' -fuzz FuzzEventStream -fuzztime 30s
	go test ./spec/csdl -run '^$$' -fuzz FuzzRead -fuzztime 30s
	go test ./spec/openapi -run '^$$' -fuzz FuzzRead -fuzztime 30s
	go test ./generator/config -run '^$$' -fuzz FuzzRead -fuzztime 30s

.PHONY: soak
soak: ## Generate from random descriptions for SOAK, ten minutes unless it says otherwise, from SEED on
	go test ./templates/runtime/client -run '^TestUploadThroughFaults$$' -v -timeout 0 -upload 1073741824
	go test ./generator -run '^TestRandomDescriptions$$' -v -timeout 0 -soak $(SOAK) -seed $(SEED)
	go test ./generator -run '^TestOneFaultStillGenerates$$' -v -timeout 0 -soak $(SOAK) -seed $(SEED)
	go test ./spec/csdl -run '^TestOneFault$$' -v -timeout 0 -soak $(SOAK) -seed $(SEED)
	go test ./templates/runtime/session -run '^TestRestartAtEachEvent$$' -v -timeout 0 -soak
	go test ./generated/communicationstest -run '^TestTwoHours$$' -v -timeout 0 -calls 1000
	cd examples/fleet && go test -run '^TestChaos$$' -v -timeout 0 -soak 20 -seed $(SEED) -calls 300 -faults 12
	cd examples/fleet && go test -run '^TestServersGone$$' -v -timeout 0 -seed $(SEED) -calls 300 -gone 30s
	cd examples/bot && go test -run '^TestRichNotifications$$' -v -timeout 0 -changes 10000

.PHONY: bench
bench: ## Compare with others, side by side, and write the figures down: half an hour, with the go command's proxy
	cd bench && go run ./cmd/ratios && go run ./cmd/corpus && go run ./cmd/redfish && go run ./cmd/builds && go run ./cmd/editor && go run ./cmd/cost && go run ./cmd/load && go run ./cmd/report
