# Concord: every target explains itself in `make help`.

SHELL := /bin/bash
.DEFAULT_GOAL := help

CORES ?= 2
CONFIG ?= config/config.yaml
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
UV := .uv/bin/uv
SNAKEMAKE := $(BIN)/snakemake --cores $(CORES) --workflow-profile workflow/profiles/default
# One thread per job; the cores are shared out by Snakemake.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

# One after the other, even with -j: the tests' summary is the last thing that is shown.
.NOTPARALLEL:

.PHONY: help demo test test-slow check check-config lint format documents docs hooks lock clean

help:  ## Show this help.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(STAMP)  ## Install, run the demo study, print where its report is.
	$(SNAKEMAKE) --quiet rules
	@echo "The report is at $(CURDIR)/results/report/report.html"

test: $(STAMP)  ## Install, run all tests but the slow ones.
	$(BIN)/python -m pytest -m "not slow" -n $(CORES) --dist loadfile --no-loadscope-reorder

test-slow: $(STAMP)  ## Run the slow tests (the 36 real patients).
	$(BIN)/python -m pytest -m slow

check: lint test  ## What CI runs: lint, then test, whose summary comes last.

lint: $(STAMP)  ## Check format, style, types, dead code, rules and documents.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/mypy
	$(BIN)/vulture
	PYTHONPATH=scripts $(BIN)/python -m concord.study.documents --check
	$(BIN)/snakemake --lint

check-config: $(STAMP)  ## Read CONFIG=FILE as data, list its faults; execute nothing.
	PYTHONPATH=scripts $(BIN)/python -m concord.study.entry.check $(CONFIG)

format: $(STAMP)  ## Format Python and Snakemake files.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile workflow

documents: $(STAMP)  ## Write the generated documents (schema, tables of keys, rules, faults).
	PYTHONPATH=scripts $(BIN)/python -m concord.study.documents

docs: documents  ## Write the generated documents and build the site in site/.
	$(BIN)/python docs/site/build.py site
	@echo "The documentation is at $(CURDIR)/site/index.html"

hooks: $(STAMP)  ## Check format and documents before each commit (pre-commit).
	$(BIN)/pre-commit install

lock: $(UV)  ## Resolve pyproject.toml anew into requirements.lock.
	$(UV) lock --upgrade
	$(UV) export --quiet --no-hashes --no-annotate --no-header --no-emit-project \
	  --all-groups --output-file requirements.lock
	rm uv.lock

clean:  ## Remove results, logs, site and caches; keep the environment.
	rm -rf results logs site .snakemake .pytest_cache .mypy_cache .ruff_cache
	@echo "Compiled code of the engine stays in $${XDG_CACHE_HOME:-$$HOME/.cache}/concord"

$(STAMP): requirements.lock .python-version | $(UV)
	$(UV) venv --quiet --clear --python "$$(cat .python-version)" $(VENV)
	$(UV) pip sync --quiet --python $(BIN)/python requirements.lock
	$(BIN)/python -m compileall -q -j $(CORES) -x '/tests?/' $(VENV)/lib scripts
	@touch $@

# In a folder of its own, because the Python of the system may refuse packages.
$(UV):
	python3 -m pip install --quiet --target .uv uv
