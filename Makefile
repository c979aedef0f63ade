# Needs only Python 3.11 or newer. PYTHON=... names the interpreter that makes .venv; ARGS=... goes to pytest or the bench.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
WORKERS ?= auto
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test lint types docs docs-write incidents bench evals faults clean

setup: $(STAMP)

# The check reads the interpreter's version, so that an old one fails here, with words.
$(STAMP): pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed; name one: make setup PYTHON=/path/to/python3.12" >&2; exit 2; }
	@[ -x $(BIN)/python ] || "$(PYTHON)" -m venv $(VENV)
	@echo "installing into $(VENV) (once)" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]' >&2
	@touch $@

demo: $(STAMP)
	@$(BIN)/slackincidents generate cache-failure --seed 15 --format text

test: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

lint: $(STAMP)
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

docs: $(STAMP)
	$(BIN)/python -m pytest tests/test_docs.py $(ARGS)

docs-write: $(STAMP)
	$(BIN)/python -m slackincidents.validator.reference > docs/rules.md.part && mv docs/rules.md.part docs/rules.md
	$(BIN)/python -m tests.documents

incidents: $(STAMP)
	$(BIN)/python -m evals.shipped

bench: $(STAMP)
	$(BIN)/python -m evals.bench --write $(ARGS)
	$(BIN)/python -m evals.bench_model --write
	$(BIN)/python -m evals.bench_workspace --write
	$(BIN)/python -m evals.bench_eval

evals: $(STAMP)
	$(BIN)/python -m evals.run
	$(BIN)/python -m evals.corruption -o evals/corruption.md
	$(BIN)/python -m evals.prompts -o evals/prompts.md
	$(BIN)/python -m evals.variants -o evals/variants.md
	$(BIN)/python -m evals.tasks -o evals/tasks.md

# What goes wrong outside: a model endpoint and a Slack that fail in every way, and processes killed at any moment.
faults: $(STAMP)
	$(BIN)/python -m evals.delivery --write
	$(BIN)/python -m evals.faults --write
	$(BIN)/python -m evals.kills
	$(BIN)/python -m evals.workspace_kills
	$(BIN)/python -m evals.drill_fuzz

clean:
	rm -rf $(VENV) .cache build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
