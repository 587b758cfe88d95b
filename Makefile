# Concord: every target explains itself in `make help`.

SHELL := /bin/bash
.DEFAULT_GOAL := help

CORES ?= 2
CONFIG ?= config/config.yaml
# Of `make predict`: where the patients' study is made, and what else the draft is told.
OUT ?= prediction
ASKED = $(if $(CLINICAL),clinical="$(CLINICAL)") $(if $(REGIONS),regions="$(REGIONS)") \
  $(if $(PRIVACY),privacy="$(PRIVACY)")
VENV := .venv
BIN := $(VENV)/bin
# What a study needs, and on top of it what tests, lint and documents need.
RUNTIME := $(VENV)/.installed
DEVELOPMENT := $(VENV)/.installed-dev
UV := .uv/bin/uv
# Nothing is installed whose hash is not in a lock, nor what builds it.
SYNC := $(UV) pip sync --quiet --require-hashes --build-constraints requirements-build.lock \
  --python $(BIN)/python
EXPORT := $(UV) export --quiet --frozen --no-annotate --no-header --no-emit-project \
  --no-default-groups
SNAKEMAKE := $(BIN)/snakemake --cores $(CORES) --workflow-profile workflow/profiles/default
PREDICT = $(SNAKEMAKE) --quiet rules host progress --directory "$(OUT)"
# One thread per job; the cores are shared out by Snakemake.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

# One after the other, even with -j: the tests' summary is the last thing that is shown.
.NOTPARALLEL:

.PHONY: help demo predict test test-slow check check-config lint format documents docs hooks lock sbom clean

help:  ## Show this help.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(RUNTIME)  ## Install, run the demo and its next hospital, print where the reports are.
	$(SNAKEMAKE) --quiet rules
	$(SNAKEMAKE) --quiet rules --directory next_hospital \
	  --configfile config/next_hospital/config.yaml
	@echo "The report is at $(CURDIR)/results/report/report.html"
	@echo "Its models at the next hospital: $(CURDIR)/next_hospital/results/report/report.html"

predict: $(RUNTIME)  ## Score patients: MODEL=model.json DICOM=FOLDER [CLINICAL=TABLE] [OUT=FOLDER].
	@test -n "$(MODEL)" -a -n "$(DICOM)" || { echo "Usage: make predict MODEL=model.json \
	DICOM=FOLDER [CLINICAL=TABLE] [OUT=FOLDER]; docs/next_hospital.md says more."; exit 2; }
	@test ! -e "$(OUT)/config" || { echo "$(OUT)/config is there already: give another \
	OUT=FOLDER, or run snakemake predict in $(OUT)."; exit 2; }
	$(if $(PRIVACY),,$(PREDICT) secret)
	$(PREDICT) draft --config dicom_roots="$(DICOM)" model="$(MODEL)" $(ASKED)
	$(PREDICT) predict

test: $(DEVELOPMENT)  ## Install, run all tests but the slow ones.
	$(BIN)/python -m pytest -m "not slow" -n $(CORES) --dist loadfile --no-loadscope-reorder

test-slow: $(DEVELOPMENT)  ## Run the slow tests (the 36 real patients).
	$(BIN)/python -m pytest -m slow

check: lint test  ## What CI runs: lint, then test, whose summary comes last.

lint: $(DEVELOPMENT)  ## Check format, style, types, dead code, rules and documents.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/mypy
	$(BIN)/vulture
	PYTHONPATH=scripts $(BIN)/python -m concord.study.documents --check
	$(BIN)/snakemake --lint

check-config: $(RUNTIME)  ## Read CONFIG=FILE as data, list its faults; execute nothing.
	PYTHONPATH=scripts $(BIN)/python -m concord.study.entry.check $(CONFIG)

format: $(DEVELOPMENT)  ## Format Python and Snakemake files.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile workflow

documents: $(DEVELOPMENT)  ## Write the generated documents (schema, tables of keys, rules, faults).
	PYTHONPATH=scripts $(BIN)/python -m concord.study.documents

docs: documents  ## Write the generated documents and build the site in site/.
	$(BIN)/python docs/site/build.py site
	@echo "The documentation is at $(CURDIR)/site/index.html"

hooks: $(DEVELOPMENT)  ## Check format and documents before each commit (pre-commit).
	$(BIN)/pre-commit install

lock: $(UV)  ## Resolve pyproject.toml anew into the locks (requirements*.lock).
	$(UV) lock --upgrade
	$(EXPORT) --prune opencv-python-headless --output-file requirements.lock
	$(EXPORT) --group dev --group docs --output-file requirements-dev.lock
	$(EXPORT) --only-group uv --output-file requirements-uv.lock
	$(EXPORT) --only-group build --output-file requirements-build.lock
	rm uv.lock

sbom: $(RUNTIME)  ## Write sbom.cdx.json: what a study installs, in CycloneDX.
	$(BIN)/python envs/sbom.py requirements.lock sbom.cdx.json

clean:  ## Remove results, logs, site and caches; keep the environment.
	rm -rf results next_hospital logs site .snakemake .pytest_cache .mypy_cache .ruff_cache
	@echo "Compiled code of the engine stays in $${XDG_CACHE_HOME:-$$HOME/.cache}/concord"

$(RUNTIME): requirements.lock requirements-build.lock .python-version | $(UV)
	$(UV) venv --quiet --clear --python "$$(cat .python-version)" $(VENV)
	$(SYNC) requirements.lock
	$(BIN)/python -m compileall -q -j $(CORES) -x '/tests?/' $(VENV)/lib scripts
	@touch $@

# Adds to the runtime, so that either can be asked for first, and the other after it.
$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	$(SYNC) requirements-dev.lock
	$(BIN)/python -m compileall -q -j $(CORES) -x '/tests?/' $(VENV)/lib
	@touch $@

# In a folder of its own, because the Python of the system may refuse packages.
$(UV): requirements-uv.lock
	python3 -m pip install --quiet --require-hashes --upgrade --target .uv \
	  --requirement requirements-uv.lock
	@touch $@
