# Two commands do everything on a machine with Python 3.11+ and make: make corpus, make test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
OUT ?= dist
BENCH := .venv-bench
LABELSTUDIO := .venv-labelstudio
OLDEST := .venv-oldest
TRAIN := .venv-train

.DEFAULT_GOAL := help
.PHONY: help corpus release test integration examples check bench baselines format schema clean

help: ## Say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# A stamp a set of requirements: installing is repeated only when they change.
$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "khobor needs Python 3.11 or later; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.core: pyproject.toml constraints.txt | $(VENV)/.made
	$(PIP) install -c constraints.txt -e .
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/.made
	$(PIP) install -c constraints.txt -e '.[dev]'
	touch $@ $(VENV)/.core

# The peers of the benchmarks stay out of khobor's own environment; PyICU needs the system's ICU.
$(BENCH)/.made: pyproject.toml constraints.txt benchmarks/requirements.txt benchmarks/requirements-icu.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip --disable-pip-version-check --quiet install -c constraints.txt -r benchmarks/requirements.txt -e .
	$(BENCH)/bin/python -m pip --disable-pip-version-check --quiet install -r benchmarks/requirements-icu.txt || echo 'PyICU did not install: measured without ICU'
	touch $@

# Label Studio pins what it needs, and not what khobor does. No --compile: it compiles what it uses.
$(LABELSTUDIO)/.made: requirements-integration.txt
	$(PYTHON) -m venv $(LABELSTUDIO)
	$(LABELSTUDIO)/bin/python -m pip --disable-pip-version-check --quiet install --no-compile -r requirements-integration.txt
	touch $@

# The oldest datasets that a card promises, alone: releases must load with it.
$(OLDEST)/.made: requirements-oldest.txt
	$(PYTHON) -m venv $(OLDEST)
	$(OLDEST)/bin/python -m pip --disable-pip-version-check --quiet install -r requirements-oldest.txt
	touch $@

# Torch and spaCy are large: what needs them is tried in an environment of its own.
$(TRAIN)/.made: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(TRAIN)
	$(TRAIN)/bin/python -m pip --disable-pip-version-check --quiet install --no-compile -c constraints.txt -e '.[dev,spacy,train]'
	touch $@

corpus: $(VENV)/.core ## Build this repository's corpus into dist/
	$(BIN)/python build_corpus.py --out $(OUT)

release: $(VENV)/.core ## Freeze the next version; MAJOR=1 lets validation and test change, TAKEDOWN='DOC=REASON' says why one is gone
	$(BIN)/python build_corpus.py --out $(OUT) --freeze $(if $(MAJOR),--major) $(if $(TAKEDOWN),--takedown '$(TAKEDOWN)')

test: $(VENV)/.dev ## Run the whole suite
	$(BIN)/python -m pytest -n auto

integration: $(VENV)/.dev ## Run every codec on 2,000 examples, the oldest datasets, and a real Label Studio with a browser; PICTURE=FILE keeps what it shows
	KHOBOR_EXAMPLES=2000 $(BIN)/python -m pytest -n auto tests/formats/test_codecs.py
	$(MAKE) $(OLDEST)/.made
	$(BIN)/python -m pytest tests/release -m integration -rs
	$(MAKE) $(LABELSTUDIO)/.made || echo 'Label Studio did not install: its tests are skipped'
	$(if $(PICTURE),KHOBOR_PICTURE=$(PICTURE)) $(BIN)/python -m pytest tests/integration -m integration -rs --durations=0 --durations-min=1

examples: ## Run the examples with spaCy and a transformer, and spaCy's export (extras spacy and train)
	$(MAKE) $(TRAIN)/.made || echo 'spaCy or torch did not install: what needs them is not run'
	test ! -e $(TRAIN)/.made || $(TRAIN)/bin/python -m pytest -rs tests/training/test_examples.py tests/formats/test_spacy_docbin.py

check: $(VENV)/.dev ## Format, lint, types, direction of imports, rules of the corpus
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/khobor check .

bench: $(BENCH)/.made ## Measure khobor and its peers, write docs/benchmarks.md
	$(BENCH)/bin/python -m benchmarks

baselines: $(VENV)/.dev ## Train the baselines, score them, write docs/baselines.md
	$(BIN)/python -m benchmarks.baselines

format: $(VENV)/.dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: $(VENV)/.core ## Export schema/ from the records
	$(BIN)/python -m khobor.schemas schema

clean: ## Remove what was made
	rm -rf $(VENV) $(BENCH) $(LABELSTUDIO) $(OLDEST) $(TRAIN) dist dist.work build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
