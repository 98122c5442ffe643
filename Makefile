# make run and make test are all that a fresh machine with Go, git, make and a
# C compiler needs; both install what they use into a cache outside this folder.

GO          ?= go
STATICCHECK  = honnef.co/go/tools/cmd/staticcheck@v0.8.2
PACKAGES     = ./... ./testdata/vectors
PROCESSES    = TestCompare|TestScript|TestKilled|TestInterrupted|TestLarge|TestRecover# start many
TARGETS      = windows/amd64 darwin/arm64 linux/arm64
FUZZTIME    ?= 10s
BENCH_ROWS  ?= 1000000

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

.PHONY: run
run: build ## encrypt a small clinic database and show what that means
	@testdata/peers/install.sh sqlcipher-4.14
	@testdata/demo.sh bin/pageseal

.PHONY: test
test: peers ## run all tests, those against real SQLCipher builds included
	CGO_ENABLED=0 $(GO) test -timeout 20m $(PACKAGES)
	CGO_ENABLED=0 $(GO) test -tags purego ./hmacpage
	CGO_ENABLED=0 $(GO) test -tags mutants -run TestMutantsStand ./vfs/vfstest/campaign
	CGO_ENABLED=0 $(GO) test -tags ciphertest -run "TestFailures|TestMigrationFails" ./vfs ./vfs/modernc

.PHONY: build
build: ## build the command into bin/
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/pageseal ./cli/pageseal

.PHONY: peers
peers: ## install the SQLCipher builds that the tests talk to
	@testdata/peers/install.sh

.PHONY: race
race: peers ## run the core and the pools under the race detector
	$(GO) test -race -timeout 20m . ./kdf ./hmacpage ./compat ./vfs ./vfs/vfstest/...
	$(GO) test -race -timeout 20m -skip '$(PROCESSES)' ./cli ./cli/key ./cli/measure ./cli/shell ./cli/work
	$(GO) test -race -timeout 20m -run 'Pool|Concurrent|FreedPages|Tamper' ./vfs/modernc

.PHONY: stress
stress: peers ## let processes of both kinds share databases, 50 rounds of each cast
	PAGESEAL_STRESS=50 CGO_ENABLED=0 $(GO) test -count=1 -timeout 60m -run TestLive ./vfs/modernc

.PHONY: campaign
campaign: ## crash, fault and tamper at every point instead of a sample
	PAGESEAL_CAMPAIGN=1 CGO_ENABLED=0 $(GO) test -count=1 -v -timeout 120m -run 'TestCrash|TestFault|TestTempFault|TestTamper|TestRekeySurvives|TestHeaderSurvives' ./vfs/modernc ./vfs/ncruces

.PHONY: large
large: peers ## send a database of 1 GiB through the commands, and see how much memory they take
	PAGESEAL_LARGE=1050 CGO_ENABLED=0 $(GO) test -count=1 -v -timeout 60m -run TestLarge ./cli

.PHONY: test-platforms
test-platforms: peers ## run tests under Wine (Windows) and QEMU (arm64, s390x), and exchange databases
	@testdata/platforms/install.sh
	testdata/platforms/test.sh

.PHONY: mutants
mutants: ## break the file layer in many ways and see the campaigns find out
	CGO_ENABLED=0 $(GO) test -tags mutants -count=1 -v -timeout 60m -run 'TestMutants$$' ./vfs/vfstest/campaign

.PHONY: bench
bench: ## compare with C SQLCipher and with the same engine in clear, for doc/benchmarks.md
	@testdata/peers/install.sh sqlcipher-4.14
	PAGESEAL_BENCH=$(BENCH_ROWS) CGO_ENABLED=0 $(GO) test -count=1 -v -timeout 120m -run TestPeers ./cli/measure
	CGO_ENABLED=0 $(GO) test -run '^$$' -bench . ./hmacpage ./vfs/modernc

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME
	@set -e; for p in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
	    echo "$$p $$f"; \
	    CGO_ENABLED=0 $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p; \
	  done; \
	done

.PHONY: lint
lint: ## check format, vet and staticcheck
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	$(GO) vet $(PACKAGES)
	$(GO) vet -tags mutants ./vfs/vfstest/campaign
	$(GO) vet -tags platforms ./vfs/vfstest/interop
	$(GO) vet -tags ciphertest ./vfs ./vfs/modernc
	GOARCH=arm64 $(GO) vet ./hmacpage
	CGO_ENABLED=0 $(GO) run $(STATICCHECK) $(PACKAGES)

.PHONY: cross
cross: ## build everything for the other systems, and the assembly for Go's plugins
	@set -e; for t in $(TARGETS); do echo $$t; \
	  CGO_ENABLED=0 GOOS=$${t%/*} GOARCH=$${t#*/} $(GO) build ./...; \
	done
	CGO_ENABLED=0 GOOS=linux GOARCH=amd64 $(GO) build -asmflags=-dynlink ./hmacpage

.PHONY: dist
dist: ## make a release in dist/, twice, and compare: archives, Debian packages, SBOMs, checksums
	CGO_ENABLED=0 $(GO) run ./cli/dist

.PHONY: clean
clean: ## remove what the build made
	rm -rf bin dist
