# `make run` and `make test` are all one needs; `make help` lists the rest.

GO      ?= go
BIN     ?= bin/jisi
ARGS    ?=
ARCH    ?=
BEFORE  ?= $(shell git describe --tags --abbrev=0 2>/dev/null || git rev-parse HEAD~1)
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

# Enough for the slowest package on two cores that are busy otherwise, too.
TEST_TIMEOUT ?= 30m

# Flags that the binary is built with. The version is stamped here, so that the
# go command need not ask git, which refuses a tree that another user owns.
BUILD_FLAGS = -trimpath -buildvcs=false -ldflags '-s -w -X main.version=$(VERSION)'

# Packages start in the order in which they are named, one more at a time than there are
# processors, since many wait for processes that they have killed or for time to pass:
# those that take minutes first, so that none of them is left to run alone at the end.
AT_ONCE ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
LONGEST = ./e2e ./web/browser ./internal/localpg ./graph ./web ./store ./exchange ./conformance ./backup

LINT = $(GO) tool -modfile=tools/golangci-lint.mod golangci-lint

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## build and serve; ARGS='-listen :9000' passes settings on
	@scripts/setup.sh run
	@$(MAKE) --no-print-directory build
	@exec $(BIN) serve $(ARGS)

.PHONY: install
install: build ## put jisi into PREFIX/bin (/usr/local/bin) and PREFIX/lib/jisi; DESTDIR stands before it
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/jisi
	rm -rf $(DESTDIR)$(PREFIX)/lib/jisi/pdfium
	install -d $(DESTDIR)$(PREFIX)/lib/jisi
	[ ! -d $(dir $(BIN))jisi-pdfium ] || cp -R $(dir $(BIN))jisi-pdfium $(DESTDIR)$(PREFIX)/lib/jisi/pdfium

# A compiled package does not know its folder with -trimpath: the copy in which the
# generators run, the tests and the binary that e2e builds then share all of them.
# What only tests need is installed while the compiler is at work.
.PHONY: test
test: export GOFLAGS := $(GOFLAGS) -trimpath -buildvcs=false
test: ## everything that must hold before a commit
	@scripts/setup.sh compile
	@scripts/setup.sh test & setup=$$!; \
	scripts/generate-check.sh && $(MAKE) --no-print-directory check; code=$$?; \
	wait $$setup && exit $$code
	$(GO) test -vet=off -p $(AT_ONCE) -timeout $(TEST_TIMEOUT) $(LONGEST) ./...

.PHONY: test-clients
test-clients: ## the clients for R, pandas, Jupyter and TypeScript; installs what they need
	@scripts/setup.sh clients
	$(GO) test -tags clients -count=1 -timeout $(TEST_TIMEOUT) -run TestTheClients ./e2e

.PHONY: test-ha
test-ha: ## failovers of a cluster by Patroni under load; installs what it needs
	@scripts/setup.sh ha
	$(GO) test -tags ha -count=1 -timeout 20m -v -run 'TestReadingNeverStops' ./e2e

.PHONY: test-rolling
test-rolling: ## this version beside the one of BEFORE=COMMIT on one database under load
	@rm -rf bin/before && git worktree prune && git worktree add --force --detach bin/before $(BEFORE)
	cd bin/before && $(GO) build $(BUILD_FLAGS) -o ../jisi-before ./cmd/jisi
	@git worktree remove --force bin/before
	JISI_BEFORE=$(CURDIR)/bin/jisi-before $(GO) test -tags rolling -count=1 -timeout 20m -v -run 'TestTwoVersions' ./e2e

.PHONY: test-arm64
test-arm64: ## the packages for arm64, run by qemu; installs what it needs
	@rm -rf dist/arm64
	@$(MAKE) --no-print-directory dist ARCH=arm64 DIST=dist/arm64
	JISI_DIST=$(CURDIR)/dist/arm64 $(GO) test -tags emulated -count=1 -timeout 20m -v -run 'TestThePackagesForArm64' ./e2e

.PHONY: check
check: ## format and vet
	@stale=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go' 2>/dev/null || find . -name '*.go')); \
	if [ -n "$$stale" ]; then echo "gofmt: format these files:" >&2; echo "$$stale" >&2; exit 1; fi
	$(GO) vet ./...

.PHONY: lint
lint: ## golangci-lint, as .golangci.yml says
	@scripts/setup.sh run
	$(LINT) run ./...

.PHONY: generate
generate: ## make the generated code anew
	$(GO) run ./internal/workflowgen
	$(GO) tool gqlgen generate
	$(GO) test ./cmd/jisi -count=1 -run TestTheSettingsPageIsMadeOfTheTable -update

.PHONY: generate-check
generate-check: ## fail where generated code is stale
	scripts/generate-check.sh

.PHONY: build
build: ## bin/jisi, which runs from anywhere, and bin/jisi-pdfium, with which it reads PDF files sooner
	@mkdir -p $(dir $(BIN))
	$(GO) build $(BUILD_FLAGS) -o $(BIN) ./cmd/jisi
	@$(BIN) pdfium $(dir $(BIN))jisi-pdfium >/dev/null || echo "PDF files are going to be compiled for at the first one" >&2

# The compilers, by Debian's names, of what is built for another processor.
CROSS_arm64 = aarch64-linux-gnu
DIST ?= dist

.PHONY: dist
dist: ## a tarball, a Debian package and checksums in dist/; ARCH=arm64 for that processor
ifeq ($(ARCH),)
	@$(MAKE) --no-print-directory build
	scripts/dist.sh $(BIN) $(VERSION) $(DIST)
else
	$(if $(CROSS_$(ARCH)),,$(error no compiler is known for ARCH=$(ARCH); arm64 is))
	@scripts/setup.sh $(ARCH)
	GOOS=linux GOARCH=$(ARCH) CGO_ENABLED=1 CC=$(CROSS_$(ARCH))-gcc CXX=$(CROSS_$(ARCH))-g++ $(GO) build $(BUILD_FLAGS) -o bin/jisi-linux-$(ARCH) ./cmd/jisi
	GOOS=linux GOARCH=$(ARCH) scripts/dist.sh bin/jisi-linux-$(ARCH) $(VERSION) $(DIST)
endif

.PHONY: race
race: ## all tests under the race detector; takes long
	@scripts/setup.sh test
	$(GO) test -race -timeout 60m ./...

.PHONY: vulnerabilities
vulnerabilities: ## govulncheck; asks the Go vulnerability database, so it needs the internet
	@scripts/setup.sh run
	$(GO) tool -modfile=tools/govulncheck.mod govulncheck ./...

.PHONY: soak
soak: ## half an hour at 80 % load with a writer; see bench/soak
	bench/soak/run.sh

.PHONY: bench
bench: ## benchmarks
	@scripts/setup.sh test
	$(GO) test -run '^$$' -bench . -benchmem -timeout 60m ./...
