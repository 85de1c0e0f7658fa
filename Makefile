# Command Post. `make run` is all that a fresh machine with Python 3.11 or newer needs; `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# More arguments for pytest: make test ARGS="tests/engine -k htn"
ARGS ?=
# Test processes: one a core, at most eight.
JOBS ?= auto

.DEFAULT_GOAL := help
.PHONY: help install dev-install run test check lint types imports format smoke faults bench-hub \
	bench-planning bench-pages screenshots clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Stamps: what is installed already is not asked for again. uv where it is present, else pip; both check the hashes.
# (the first time takes about a minute)
define install-lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ". Set for example: make run PYTHON=python3.12")'
	@echo "Installing $(1) into $(VENV)"
	@if command -v uv >/dev/null 2>&1; then \
		test -x $(BIN)/python || uv venv --quiet --no-python-downloads --python "$$(command -v $(PYTHON))" $(VENV); \
		uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
	else \
		test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed. On Debian: apt install python3-venv" >&2; exit 1; }; \
		$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(1); \
	fi
	@touch $(2)
endef

$(VENV)/.run-installed: requirements/run.lock
	$(call install-lock,requirements/run.lock,$@)

$(VENV)/.dev-installed: requirements/dev.lock
	$(call install-lock,requirements/dev.lock,$@)
	@touch $(VENV)/.run-installed

install: $(VENV)/.run-installed ## make the virtual environment

dev-install: $(VENV)/.dev-installed ## the same, with what tests and checks need

run: install ## start everything: PostgreSQL, Redis, web, workers, sweeper; Ctrl-C stops it
	@exec $(BIN)/python manage.py up --follow-parent

test: dev-install ## run the tests on real PostgreSQL, Redis and Chromium
	$(BIN)/python -m pytest -n $(JOBS) --maxprocesses 8 --dist worksteal $(ARGS)

check: lint types imports test ## everything that must hold before a change goes in

lint: dev-install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: dev-install
	$(BIN)/mypy apps orchestrator_site tests manage.py

imports: dev-install
	$(BIN)/lint-imports

format: dev-install ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

smoke: install ## one goal from brief to zip through the API of a running server
	$(BIN)/python -m tests.smoke $(ARGS)

faults: dev-install ## kill, flush, stop and restart things in the middle of a goal
	$(BIN)/python -m tests.faults $(ARGS)

bench-hub: dev-install ## measure the hub beside plain Celery
	$(BIN)/python -m tests.benchmarks.hub $(ARGS)

$(VENV)/.bench-installed: requirements/bench.lock
	$(call install-lock,requirements/bench.lock,$@)
	@touch $(VENV)/.run-installed $(VENV)/.dev-installed

bench-planning: $(VENV)/.bench-installed ## measure the planner, beside OR-Tools; BENCH_DATA=DIR names the public data
	$(BIN)/python -m tests.benchmarks.planning $(ARGS)

bench-pages: dev-install ## time the main pages with a goal of 1,000 tasks
	$(BIN)/python -m tests.benchmarks.pages $(ARGS)

screenshots: dev-install ## take the pictures of the README anew
	$(BIN)/python -m tests.support.screenshots

clean: ## remove caches; data under var/ and the virtual environment stay
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
