# `make demo` shows a running Makegood, `make test` proves it; both need Python 3.11 or newer only.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_KEY := $(shell cat requirements/run.txt pyproject.toml | cksum | cut -d ' ' -f 1)
TEST_KEY := $(shell cat requirements/run.txt requirements/test.txt | cksum | cut -d ' ' -f 1)
RUN_STAMP := $(VENV)/.run-$(RUN_KEY)
TEST_STAMP := $(VENV)/.test-$(TEST_KEY)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := $(wildcard src tests bench)

.PHONY: demo setup test check format translations browser bench lock

demo: setup
	@$(BIN)/makegood demo

setup: $(RUN_STAMP)
	@:

$(RUN_STAMP): | $(BIN)/python
	@echo "Installing what Makegood needs …"
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@rm -f $(VENV)/.run-* && touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit(1)' || { \
	  echo "Makegood needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3" >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python cannot make a virtual environment with pip: install its venv package" \
	    "(on Debian and Ubuntu: apt-get install python3-venv)." >&2; \
	  exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(TEST_STAMP): $(RUN_STAMP)
	@echo "Installing what the tests need …"
	@$(PIP) install --require-hashes -r requirements/test.txt
	@rm -f $(VENV)/.test-* && touch $@

test: check browser
	@$(BIN)/python -m pytest
	@$(BIN)/python -m tests.elsewhere

check: $(TEST_STAMP)
	@$(BIN)/ruff format --check --quiet $(SOURCES)
	@$(BIN)/ruff check --quiet $(SOURCES)
	@DATABASE_URL=postgresql:///typed $(BIN)/mypy --no-error-summary $(SOURCES)
	@$(BIN)/lint-imports --no-logo > $(VENV)/imports.txt || { cat $(VENV)/imports.txt; exit 1; }
	@$(BIN)/python -m pytest --no-header tests/test_tidy.py

format: $(TEST_STAMP)
	@$(BIN)/ruff check --quiet --fix-only $(SOURCES)
	@$(BIN)/ruff format --quiet $(SOURCES)

translations: $(TEST_STAMP)
	@$(BIN)/python -m tests.translations

browser:
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && \
	  echo "Installing Chromium for the browser tests …" && apt-get -qq update >/dev/null 2>&1 && \
	  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null 2>&1; } || \
	  echo "No Chromium here and none could be installed: the browser tests need one."

bench: setup
	@$(BIN)/python -m bench

# Needs uv; the locked files name no place that packages come from.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header
lock:
	@$(LOCK) pyproject.toml --group build -o requirements/run.txt
	@$(LOCK) --group test -c requirements/run.txt -o requirements/test.txt
