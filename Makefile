# The two commands of a newcomer are `make demo` and `make test`; both need python3 (3.11 or later) only.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
PORT ?= 8000
JOBS ?= auto
FORK := pylti1p3next==2.0.2

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types contracts browser fork bench screenshots docs audit wheel lock translations clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.demo ## Start the tool with its demonstration Moodle (PORT=8000, RESET=1 to begin again)
	@$(BIN)/ancrage demo --port $(PORT) $(if $(RESET),--reset)

test: $(VENV)/.test ## Run the whole suite
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile

check: $(VENV)/.dev lint types contracts test ## Run what CI runs, but for the installation of the system's packages

lint: $(VENV)/.dev ## Check style and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.dev ## Check types
	@$(BIN)/mypy

contracts: $(VENV)/.dev ## Check the direction of imports
	@$(BIN)/lint-imports

browser: $(VENV)/.test ## Run the browser tests, none left out
	@ANCRAGE_TEST_REQUIRE=browser $(BIN)/python -m pytest -q tests/browser

fork: $(VENV)/.test ## Run the tests of the door on the maintained fork of PyLTI1p3, put in its place (on SQLite: the library knows no database)
	@rm -rf $(VENV)/fork && $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(VENV)/fork $(FORK)
	@PYTHONPATH=$(VENV)/fork $(BIN)/python -c 'import pylti1p3, sys; sys.exit("/fork/" not in pylti1p3.__file__)'
	@PYTHONPATH=$(VENV)/fork $(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile -k "not postgresql" tests/security tests/unit/lti tests/integration/lti

bench: $(VENV)/.test ## Measure speed and memory; docs/reference/performance.md says how to read it
	@$(BIN)/python -m tests.benchmarks

screenshots: $(VENV)/.test ## Take the pictures of docs/ from the demonstration
	@$(BIN)/python -m tests.browser.screenshots

docs: $(VENV)/.test ## Write the pages of docs/reference that come from the code
	@$(BIN)/python -m tests.reference --write

audit: $(VENV)/.dev ## Look for known vulnerabilities in the dependencies
	@$(BIN)/pip-audit --progress-spinner off -r constraints.txt --no-deps --disable-pip

wheel: $(VENV)/.dev ## Build the wheel and the source distribution
	@rm -rf dist && $(BIN)/python -m build --outdir dist .

lock: ## Refresh uv.lock and the constraints exported from it (needs uv)
	uv lock --upgrade
	uv export --quiet --no-hashes --all-extras --no-emit-project --no-annotate --no-header -o constraints.txt

translations: $(VENV)/.dev ## Gather the sentences, update and compile the catalogues
	@$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext --no-location --sort-output -o lti_tool/translations/messages.pot .
	@$(BIN)/pybabel -q update --ignore-obsolete --ignore-pot-creation-date -i lti_tool/translations/messages.pot -d lti_tool/translations
	@$(BIN)/pybabel -q compile -d lti_tool/translations

clean: ## Remove what the commands above made
	rm -rf $(VENV) dist build var .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ancrage needs Python 3.11 or later; found: $$($(PYTHON) --version). Set PYTHON=python3.12, for example."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: on Debian and Ubuntu install python3-venv."; exit 1; }

SOURCES := pyproject.toml constraints.txt hatch_build.py $(wildcard lti_tool/translations/*/LC_MESSAGES/*.po)

$(VENV)/.demo: $(VENV)/bin/python $(SOURCES)
	@echo "Installing Ancrage in $(VENV) (once)…"
	@$(PIP) -e . && touch $@

$(VENV)/.test: $(VENV)/bin/python $(SOURCES)
	@echo "Installing Ancrage and what its tests need in $(VENV) (once)…"
	@$(PIP) -e '.[test]' && touch $@ $(VENV)/.demo

$(VENV)/.dev: $(VENV)/bin/python $(SOURCES)
	@echo "Installing Ancrage and the developers' tools in $(VENV) (once)…"
	@$(PIP) -e '.[dev]' && touch $@ $(VENV)/.test $(VENV)/.demo
