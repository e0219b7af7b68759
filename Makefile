# Everything a newcomer needs: `make demo` and `make test`. The rest is for developers;
# `make docs` writes the generated pages, `make site` builds all of them into build/site,
# `make bench` measures the engine against its peers, most of an hour on an idle machine.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EXAMPLE := examples/keyword-spotting
# Tests run in as many processes as there are cores, four at most; SIDE_BY_SIDE= runs them in one.
SIDE_BY_SIDE ?= --numprocesses auto --maxprocesses 4 --dist worksteal
SOURCES := repaudit tests examples benchmarks docs/_docstrings.py

.PHONY: demo test slow check generate docs site bench clean

demo: $(READY)
	$(BIN)/repaudit check $(EXAMPLE)/results.json --mode full --out demo-audit

test: $(READY)
	$(BIN)/pytest -q $(SIDE_BY_SIDE) -m "not slow and not gpu" --cov=repaudit.statistics --cov=repaudit.contract --cov-branch --cov-report=
	$(BIN)/coverage report --include='repaudit/statistics/*,repaudit/contract/*' --fail-under=95 --skip-covered

slow: $(READY)
	$(BIN)/pytest -q $(SIDE_BY_SIDE) -m "slow and not gpu and not alone"
	$(BIN)/pytest -q -m "alone and not gpu"

check: $(READY)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

generate: $(READY)
	$(BIN)/repaudit schema results > schemas/results.v1.schema.json
	$(BIN)/repaudit schema audit > schemas/audit.v1.schema.json

docs: $(READY)
	rm -f docs/rules/*.md
	$(BIN)/repaudit rules --markdown docs/rules
	$(BIN)/python -m benchmarks.calibration.page
	$(BIN)/python -m benchmarks.engine.page

site: $(VENV)/.site
	$(BIN)/python -m doctest docs/_docstrings.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

$(VENV)/.site: $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[docs]'
	touch $(VENV)/.site

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks.engine --out benchmarks/engine.json
	$(BIN)/python -m benchmarks.engine.page

$(VENV)/.bench: $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	touch $(VENV)/.bench

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "repaudit needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[rerun,dev]'
	touch $(READY)

clean:
	rm -rf $(VENV) demo-audit build dist
