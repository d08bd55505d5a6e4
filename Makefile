# SPDX-License-Identifier: Apache-2.0
# What each target is for stands in README.md. `make` alone lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help
GO ?= go
STATIC := web/assets/static
export CGO_ENABLED ?= 1
# The gate draws the same examples every time; `make properties` draws anew.
export RAPID_SEED ?= 1

.PHONY: help run test check rest quick bench crash fuzz properties fmt assets generate tools system

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

run: assets bin/quanze ## build and start the demonstration on the embedded database
	./bin/quanze demo

bin/quanze: FORCE
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o $@ ./cmd/quanze

FORCE:

assets: $(STATIC)/quanze.css ## build styles and scripts from pinned npm packages

$(STATIC)/quanze.css: $(wildcard web/assets/src/* web/assets/src/*/*) web/assets/package-lock.json web/assets/build.mjs
	cd web/assets && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

test: system assets e2e/node_modules/axe-core/axe.min.js ## every test: both databases, the browser, the shared texts
	$(GO) test -timeout 20m $$($(GO) list ./... | grep -v '/e2e')
	$(GO) test -timeout 20m -count=1 ./e2e/... # they build the program themselves, which the test cache cannot see

e2e/node_modules/axe-core/axe.min.js: e2e/package-lock.json
	cd e2e && npm ci --no-audit --no-fund --loglevel=error && touch -c node_modules/axe-core/axe.min.js

quick: ## while working: build, vet, layout, core, packs, SQLite
	$(GO) build ./... && $(GO) vet ./... && $(GO) test . ./core/... ./packs/... ./office/... ./store -short

check: test rest ## all that CI runs

rest: tools ## what check runs besides the tests
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'gofmt: the files above'; exit 1; }
	$(GO) vet ./...
	./bin/staticcheck ./...
	$(GO) test -race ./store/... ./office/...
	$(GO) test -run '^$$' -bench . -benchtime 1x ./core/... >/dev/null # that they still run; what they measure, make bench tells
	$(GO) build -o bin/quanze-check ./cmd/quanze
	./bin/quanze-check pack check --strict packs/*/
	./bin/quanze-check pack test packs/*/
	./bin/quanze-check pack coverage packs/*/
	$(GO) mod tidy -diff
	./bin/templ generate -path web >/dev/null 2>&1
	git diff --exit-code --stat

bench: ## measure; the figures in docs/benchmarks.md come from here
	$(GO) test -run '^$$' -bench . -benchmem ./core/calendar ./core/regulation ./core/matter ./core/rulepack/...
	$(GO) test -run '^$$' -bench . -benchtime 3s ./store ./office/...
	scripts/bench-start

crash: ## kill with -9 two hundred times on each database
	$(GO) test ./e2e/crash -v -timeout 60m -args -rounds 200

FUZZTIME ?= 10m
fuzz: ## every fuzz target for FUZZTIME (10m)
	scripts/fuzz $(FUZZTIME)

CHECKS ?= 5000
properties: ## every property on CHECKS (5000) examples drawn anew
	RAPID_SEED=0 RAPID_CHECKS=$(CHECKS) $(GO) test -count=1 -timeout 3h $$(git grep -l pgregory.net/rapid -- '*_test.go' | xargs -n1 dirname | sort -u | sed 's,^,./,')

fmt: tools ## format Go and templ
	gofmt -w $$(git ls-files '*.go')
	./bin/templ fmt web

generate: tools ## generate Go from templ, and the schemas of the packs
	./bin/templ generate -path web
	$(GO) run ./cmd/quanze pack schema packs/*/

tools: bin/templ bin/staticcheck
bin/templ bin/staticcheck: tools/go.mod
	cd tools && $(GO) build -o ../bin/ github.com/a-h/templ/cmd/templ honnef.co/go/tools/cmd/staticcheck

system: ## install what the tests need from Debian, where it is missing
	scripts/install-system
