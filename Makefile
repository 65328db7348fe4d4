# Everything a developer or a user types. `make` alone lists it.

PYTHON ?= python3
JOBS ?= 2
BIN := .venv/bin
# Compiled files are kept even where the surroundings forbid it: the suite starts Python a hundred times.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help run test check bench format lock messages chaos clean setup setup-dev browser check-format check-lint check-types check-house

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## Start Sanzhang at http://127.0.0.1:8000 with the demo city and print sign-in links; ARGS="--port 9000" goes along
	@$(BIN)/sanzhang up $(ARGS)

test: setup-dev browser ## Run every test: SQLite, PostgreSQL and a real browser; ARGS="-k ledger" chooses
	@$(PYTEST) -n $(JOBS) $(ARGS)

check: setup-dev check-format check-lint check-types check-house test ## What CI runs: format, lint, types, house rules, tests

bench: setup-dev ## Measure against the bare floor; ARGS="--projects 1000000" for the large register
	@$(BIN)/python -m bench $(ARGS)

format: setup-dev ## Format the code and mend what can be mended without thinking
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

lock: setup-dev ## Choose the newest versions again; writes both locks, with hashes and without any address
	@$(BIN)/uv $(LOCKING) --upgrade pyproject.toml --output-file requirements.lock
	@$(BIN)/uv $(LOCKING) --upgrade pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock

LOCKING := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

messages: setup-dev ## Gather every sentence and word into the catalogues; says what is not translated and what nobody uses
	@$(BIN)/python -m tools.messages

chaos: setup-dev ## Run the property tests for long, with many more examples
	@$(PYTEST) -n $(JOBS) -m hypothesis --hypothesis-profile=chaos $(ARGS)

clean: ## Remove the environment and all caches; the database in var/ stays
	@rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache .coverage* htmlcov screenshots test-results
	@find app bench migrations tests tools -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

setup:
	@$(PYTHON) tools/bootstrap.py

setup-dev:
	@$(PYTHON) tools/bootstrap.py --dev

browser: setup-dev
	@$(BIN)/python -m tools.browser

check-format: setup-dev
	@$(BIN)/ruff format --check .

check-lint: setup-dev
	@$(BIN)/ruff check --output-format=concise .

check-types: setup-dev
	@$(BIN)/mypy

check-house: setup-dev
	@$(PYTEST) --quiet tests/test_house*.py
