# What a person types. Each target installs what it needs first; `make help` lists them.
# SHOPSIM_SKIP_INSTALL=1 keeps every target from installing anything.
.DEFAULT_GOAL := help
.PHONY: help build run test test-long bench docs validate verify lint-templates deps clean
SCENARIO ?= scenarios/black_friday.yaml

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

build:  ## build the program: build/release/shopsim
	@scripts/install_system_packages.sh build
	@scripts/build.sh release shopsim

# 0: every promise met, 1: one is missed, 3: undecided. All three are answers; 2 is bad input.
run: build  ## build and run scenarios/black_friday.yaml (SCENARIO=... for another)
	@build/release/shopsim run $(SCENARIO); code=$$?; \
	  case $$code in 0|1|3) ;; *) exit $$code ;; esac

test: deps  ## the whole test suite
	@scripts/test.sh

test-long: deps  ## the suite with nothing left out and larger samples
	@scripts/test.sh long

bench: deps  ## build and run the benchmarks (FILTER=... for some of them)
	@scripts/bench.sh $(FILTER)

docs: build  ## run the commands of README and docs, refresh the outputs (PAGE=... LONG=--long)
	@build/release/shopsim explain --markdown > docs/keys.md
	@.venv/bin/python notebooks/documents.py $(LONG) $(PAGE)

validate: build  ## compare the program with theory and tables: docs/validation.md, .csv, .svg
	@build/release/shopsim validate --out docs/validation

verify: build  ## compare the two engines on windows of scenarios: docs/verification.md
	@scripts/verify.sh

lint-templates: deps  ## run the public validators over TEMPLATES="a.json b.json"
	@scripts/validate.sh $(TEMPLATES)

deps:  ## install everything that building and testing need
	@scripts/install_system_packages.sh build test
	@scripts/python_environment.sh
	@scripts/node_environment.sh

clean:  ## remove everything that was built; installed packages stay
	rm -rf build
