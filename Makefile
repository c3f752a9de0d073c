# Needs only python3 (3.11 or newer) and make; everything else is installed into .venv.
#
#   make train   set up, then train from configs/train.yaml     (CONFIG=... ARGS="--set data.rows=50000")
#   make test    set up, then run the tests, about five minutes (ARGS="-k quota")
#   make test-slow  the long ones: whole trainings, notebooks, servers, clean environments, a browser
#   make test-weekly  what takes hours: a training stopped at every single step, a model spoilt at every byte
#   make check   lint, types, import walls and the tests
#   make readme  train once and write what it prints into README.md
#   make bench   measure speed and memory, and write docs/benchmarks.md (ARGS="--size fifth" for less)
#   make check-million  judge every target on a million unseen people
#   make docs    write docs/ anew: datasheet, glossary, settings, architecture, and configs/schema.json
#   make card    write docs/model_card.md from the champion and the studies of its store
#   make pictures  take the pictures of docs/images anew, of the runs of `weilidai experiments`; needs Chromium
#   make lock    write both lock files anew from pyproject.toml
#   make clean   remove what the tools left behind; keeps .venv, runs, models and data

PYTHON ?= python3
CONFIG ?= configs/train.yaml
ARGS ?=

# The stamps carry the folder's own path: a moved .venv does not work, so it is made anew.
place := $(shell pwd | cksum | cut -d ' ' -f 1)
runtime := .venv/.runtime-$(place)
package := .venv/.package-$(place)
dev := .venv/.dev-$(place)
pip := .venv/bin/python -m pip --disable-pip-version-check --quiet
on_all_cores := -n auto --maxprocesses 4 --dist loadfile

.DELETE_ON_ERROR:
.PHONY: help setup train test test-slow test-weekly check check-million bench docs card readme pictures lock clean

help:
	@sed -n 's/^#   //p' Makefile

setup: $(package)

train: setup
	.venv/bin/weilidai train "$(CONFIG)" $(ARGS)

test: $(dev)
	.venv/bin/python -m pytest -m "not slow and not weekly" $(on_all_cores) $(ARGS)

test-slow: $(dev)
	.venv/bin/python -m pytest -m slow $(ARGS)

test-weekly: $(dev)
	.venv/bin/python -m pytest -m weekly $(ARGS)

check: $(dev)
	.venv/bin/ruff check src tests
	.venv/bin/mypy
	.venv/bin/python -m pytest -m "not slow and not weekly" $(on_all_cores) $(ARGS)

check-million: setup
	.venv/bin/weilidai match --check --people 1000000 --check-seed 424242

bench: $(dev)
	PYTHONPATH=tests .venv/bin/python -m benchmarks.run $(ARGS)

docs: setup
	.venv/bin/python -m weilidai.pipeline.datasheet
	.venv/bin/python -m weilidai.pipeline.glossary
	.venv/bin/python -m weilidai.pipeline.settings_reference
	.venv/bin/python -m weilidai.pipeline.architecture

$(runtime): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "weilidai needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name a newer one: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Installing the locked packages into .venv (a minute or two, once)"
	@test -e $@ || $(PYTHON) -m venv --clear .venv
	@$(pip) install --require-hashes --no-deps -r requirements.lock
	@touch $@

$(package): $(runtime) pyproject.toml
	@$(pip) install --no-build-isolation --no-deps --no-index --editable .
	@touch $@

$(dev): $(package) requirements-dev.lock
	@echo "Installing what the tests add"
	@$(pip) install --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

card: setup
	.venv/bin/python -m weilidai.pipeline.model_card

readme: setup
	.venv/bin/python -m weilidai.pipeline.readme

pictures: $(dev)
	PYTHONPATH=tests .venv/bin/python -m pictures

lock: .lock-tools/bin/uv
	.lock-tools/bin/uv pip compile $(uv_flags) --group build pyproject.toml -o requirements.lock
	.lock-tools/bin/uv pip compile $(uv_flags) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

uv_flags := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

.lock-tools/bin/uv:
	$(PYTHON) -m venv .lock-tools
	.lock-tools/bin/python -m pip --disable-pip-version-check --quiet install uv

clean:
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
