# InstaFlow from a fresh clone: `make run`. Every target sets up what it needs first.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
WORKERS ?= 2
FUZZ_SECONDS ?= 300
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
  --python-version 3.11 --extra postgres --extra redis --extra sentry --extra lsp

.PHONY: help setup dev run test nightly check format bench golden lock clean

help: ## List the targets
	@grep -E '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

setup: ## Make .venv with the locked packages and the instaflow command (seconds when it is there)
	@sh .ci/venv requirements.txt

dev:
	@sh .ci/venv requirements-dev.txt

run: setup ## Start InstaFlow with a fake Instagram, example flows and a conversation that happens
	@exec $(BIN)/instaflow demo

test: dev ## Run all tests, on SQLite, PostgreSQL and Redis of their own (ARGS="tests/store -x")
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

nightly: ## Run everything with many more examples, then fuzz the parsers (ARGS="tests/printing", FUZZ_SECONDS=60)
	@sh .ci/venv requirements-nightly.txt || { echo "make nightly: its packages could not be installed; among them is atheris, which comes as a wheel for Linux on x86-64 and CPython 3.11 to 3.13" >&2; exit 1; }
	INSTAFLOW_NIGHTLY=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)
	$(BIN)/python -m tests.fuzz.run --seconds $(FUZZ_SECONDS)

check: dev ## Lint, formatting, types, the law of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: dev ## Format the code and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: dev ## Measure InstaFlow beside hand-written bots, in one run on this machine
	@sh .ci/compiler
	@$(BIN)/python bench/run.py $(ARGS)

golden: dev ## Write what the code says now into the golden files and the generated pages; read the diff
	@$(BIN)/python docs/generate.py
	@$(BIN)/python -m pytest -q --update-golden $(ARGS)

lock: dev ## Resolve the newest allowed packages into the three hash-pinned locks
	@test -x $(BIN)/uv || $(BIN)/pip install --quiet uv
	$(COMPILE) pyproject.toml --extra build -o requirements.txt --upgrade
	$(COMPILE) pyproject.toml --extra build --extra test --extra check --extra bench -c requirements.txt -o requirements-dev.txt --upgrade
	$(COMPILE) pyproject.toml --extra build --extra test --extra check --extra bench --extra nightly -c requirements-dev.txt -o requirements-nightly.txt

clean: ## Remove the virtual environment and the caches (the data folder stays)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench/build
