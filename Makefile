# Advocate's commands. `make demo` and `make test` work on a fresh machine: they set up what they need first.

PYTHON ?= python3
BIN := .venv/bin
CODE := advocate_app advocate_server bench scripts
# The stamp carries the checksum of what it was made from, so a second run is instant and a changed lock sets up again.
READY := .venv/ready-$(firstword $(shell cat requirements.lock pyproject.toml scripts/setup.sh | cksum))
WORKERS ?= 2

.PHONY: help setup demo looks test check bench lock clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

$(READY):
	@PYTHON='$(PYTHON)' READY='$@' bash scripts/setup.sh

setup: $(READY) ## make .venv from requirements.lock (the other commands do it by themselves)

demo: $(READY) ## a field day, end to end, in real processes; ARGS='--json FILE --keep DIR'
	@$(BIN)/python -m advocate_app.demo $(ARGS)

test: check ## everything: make check, then the whole test suite; ARGS goes to pytest
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: $(READY) ## formatting, lint, types, walls between rooms, house rules; under a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/house_rules.py

bench: $(READY) ## the benchmarks; writes bench/results and docs/performance.md; ARGS='B1 B3'
	@$(BIN)/python -m bench $(ARGS)

looks: $(READY) ## pictures of every screen; ARGS='--themes light --languages en --scales 100'
	@QT_QPA_PLATFORM=offscreen $(BIN)/python scripts/looks.py build/looks $(ARGS)

lock: ## compile requirements.lock anew from pyproject.toml; needs uv
	uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --quiet --output-file requirements.lock $(ARGS)

clean: ## remove .venv and what the tools left behind
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
