# `make` lists what there is. Python 3.11 or newer is all a machine needs.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
UV_VERSION := 0.13.9
WORKERS ?= auto
DEMO := MEDIATION_DEMO=true MEDIATION_DATA=./data MEDIATION_PORT=$(PORT)
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
SOURCES := $(wildcard src tests migrations benchmarks)

# Stamps: a lock that did not change is not installed again.
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# A demo on this machine needs no variables: `mediation token` and the others read this file.
.env:
	@printf 'MEDIATION_DEMO=true\nMEDIATION_DATA=data\n' > $@

.PHONY: run
run: .env seed ## a running service with demo cases on SQLite (PORT=8000)
	@echo
	@echo "  API         http://127.0.0.1:$(PORT)/v1"
	@echo "  Reference   http://127.0.0.1:$(PORT)/docs"
	@echo "  Token       .venv/bin/mediation token --as clerk-lin   (everybody: --list)"
	@echo "  Stop        Ctrl-C; start over: make clean-data run"
	@echo
	@$(DEMO) $(BIN)/mediation serve --port $(PORT)

.PHONY: serve
serve: $(RUNTIME) ## the service alone, configured by MEDIATION_* variables or .env
	$(BIN)/mediation serve --port $(PORT)

.PHONY: seed
seed: $(RUNTIME) ## bring the demo database up to date and fill it (safe to repeat)
	@$(DEMO) $(BIN)/mediation migrate
	@$(DEMO) $(BIN)/mediation seed

.PHONY: people
people: $(RUNTIME) ## who can act in the demo
	@$(DEMO) $(BIN)/mediation token --list

.PHONY: token
token: $(RUNTIME) ## a demo token: make token AS=NAME
	@$(DEMO) $(BIN)/mediation token --as "$(AS)"

.PHONY: demo
demo: $(RUNTIME) ## drive demo cases through a running service over HTTP
	@$(DEMO) $(BIN)/mediation demo

.PHONY: test
test: $(DEV) ## the whole suite, on SQLite and PostgreSQL
	$(BIN)/pytest -n $(WORKERS)

.PHONY: check
check: $(DEV) ## all that a commit must pass: format, lint, types, imports, tests, audit
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n $(WORKERS)
	.ci/audit

.PHONY: audit
audit: $(DEV) ## known vulnerabilities of what is locked; skipped, and said so, where osv.dev is out of reach
	.ci/audit

.PHONY: coverage
coverage: $(DEV) ## the suite with branch coverage of everything, complete for the domain
	$(BIN)/pytest -n $(WORKERS) --cov --cov-report=term
	$(BIN)/coverage report --include='src/mediation/domain/*' --fail-under=100

.PHONY: fix
fix: $(DEV) ## format and repair what can be repaired
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

.PHONY: openapi
openapi: $(RUNTIME) ## write openapi/openapi.json
	$(BIN)/mediation openapi

.PHONY: docs
docs: $(RUNTIME) ## check the procedure and write docs/procedure.md and docs/data-classes.md
	$(BIN)/mediation procedure check
	$(BIN)/mediation procedure docs
	$(BIN)/mediation data-classes

.PHONY: soak
soak: $(DEV) ## every operation with many more examples (SOAK=40 each, a few minutes)
	MEDIATION_CONTRACT_EXAMPLES=$(or $(SOAK),40) $(BIN)/pytest -n $(WORKERS) tests/api/test_contract.py

# Stops after MINUTES and goes on from there the next time; MUTANTS names some of them: 'mediation.domain.calendar*'.
.PHONY: mutation
mutation: $(DEV) ## how many mutants of the law engine the tests find (MINUTES=60): docs/mutation.md
	timeout --signal=INT $(or $(MINUTES),60)m nice -n 19 $(BIN)/mutmut run --max-children 1 $(MUTANTS) || test $$? = 124
	$(BIN)/python -m benchmarks.mutation

.PHONY: bench
bench: $(DEV) ## measure against the hand-written floor
	$(BIN)/python -m benchmarks

.PHONY: bench-recount
bench-recount: $(DEV) ## measure a notice over 100,000 open cases (CASES=100000, some ten minutes)
	nice $(BIN)/python -m benchmarks.recount --cases $(or $(CASES),100000)

.PHONY: bench-filter
bench-filter: $(DEV) ## measure a page of a worklist at 1,000,000 cases, and a district moved in the tree (CASES=1000000, some six minutes)
	nice $(BIN)/python -m benchmarks.row_filter --cases $(or $(CASES),1000000)

.PHONY: bench-sealing
bench-sealing: $(DEV) ## measure checkpoints over 1,000,000 histories (CASES=1000000, some fifteen minutes)
	nice $(BIN)/python -m benchmarks.sealing --cases $(or $(CASES),1000000)

.PHONY: lock
lock: $(UV) ## resolve the locks anew from pyproject.toml (UPGRADE=--upgrade for newer versions)
	$(LOCK) $(UPGRADE) pyproject.toml --output-file requirements.txt
	$(LOCK) $(UPGRADE) --extra dev --constraints requirements.txt pyproject.toml --output-file requirements-dev.txt

.PHONY: clean
clean: ## remove environment, caches and reports; data stays
	rm -rf $(VENV) .coverage .coverage.* htmlcov mutants .hypothesis .schemathesis .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: clean-data
clean-data: ## remove the demo data and its keys
	rm -rf data

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# With the development environment in place, it already holds what running needs.
$(RUNTIME): requirements.txt pyproject.toml | $(UV)
	@echo "Installing what requirements.txt locks"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(DEV): requirements-dev.txt requirements.txt pyproject.toml | $(UV)
	@echo "Installing what requirements-dev.txt locks"
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $(RUNTIME) $@
