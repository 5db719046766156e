# Everything starts here; `make help` tells what there is. Nothing needs to be installed beforehand but git, make and
# Python 3 (with pip or venv) or curl: scripts/bootstrap.sh brings the rest into this folder.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run test check train bench bench-nlu bench-risk train-risk vocabulary chaos faults prove-privacy prove-mutations rasa clean-var

PYTHON := .venv/bin/python
ENGINE := bot/engine/.venv/bin/python
TESTS ?=
LEAKS ?=
ONLY ?=
SEED ?=
MINUTES ?= 18
CHAOS ?=
# Left over from another project, these would send Python or pytest elsewhere. Without bytecode on disk every program
# takes seven seconds longer to start, each time.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTEST_ADDOPTS PYTHONDONTWRITEBYTECODE

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## bring uv, Python and both environments (does nothing when all is there)
	@bash scripts/bootstrap.sh

run: train ## start everything in practice mode and print the URLs of phone and console
	@PORCHLIGHT_MODE=$${PORCHLIGHT_MODE:-practice} exec .venv/bin/porchlight run

train: setup ## train the dialogue model, if none fits the data
	@$(PYTHON) bot/training.py ensure

test: train ## run every test, with the browser (TESTS=tests/app for some)
	@PORCHLIGHT_CHROMIUM=$$(bash scripts/browser.sh || true); export PORCHLIGHT_CHROMIUM; \
	PORCHLIGHT_PROMTOOL=$$(bash scripts/promtool.sh || true); export PORCHLIGHT_PROMTOOL; \
	exec $(PYTHON) -m pytest -n 2 --dist loadgroup $(TESTS)

check: setup ## lint, types, import rules, size and cleanliness of files, reviewed content
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(PYTHON) scripts/check_repository.py
	@.venv/bin/porchlight content check

bench: train ## measure every goal, the whole way beside stock Rasa (ONLY="crisis ack" for some parts; docs/performance.md)
	@$(PYTHON) -m benchmarks $(foreach part,$(ONLY),--only $(part))

bench-nlu: setup ## how well intents are told apart on held-back examples
	@$(PYTHON) bot/evaluation.py

vocabulary: setup ## count the words of the labelled messages anew (fetches a list of word frequencies)
	@PATH="$(CURDIR)/.uv/venv/bin:$(CURDIR)/.uv/packages/bin:$(CURDIR)/.uv/bin:$$PATH" uv run --no-project scripts/build_vocabulary.py

train-risk: setup ## train the second stage of screening anew from the labelled messages
	@PYTHONPATH=. $(PYTHON) scripts/train_risk.py

bench-risk: setup ## how well and how fast texts are screened
	@$(PYTHON) scripts/bench_risk.py

chaos: train ## 10,000 texts while everything breaks: SEED= plays a run again, MINUTES= is its length (20 at most)
	@exec $(PYTHON) -m tests.chaos --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(CHAOS)

faults: train ## the fault tests alone: kills at every step, providers that fail, the short chaos
	@$(PYTHON) -m pytest tests/faults tests/chaos tests/app/test_stack.py tests/app/test_stack_command.py

prove-privacy: train ## canaries through every path, then a search of every place: prints the table, fails on any hit
	@PORCHLIGHT_CHROMIUM=$$(bash scripts/browser.sh || true); export PORCHLIGHT_CHROMIUM; export CI=true; \
	$(PYTHON) -m pytest -q tests/security tests/proof tests/app/test_logging.py; \
	exec $(PYTHON) -m pytest -q -m proof $(TESTS)

prove-mutations: train ## put leaks in one by one: each must turn the proof red
	@PORCHLIGHT_CHROMIUM=$$(bash scripts/browser.sh || true); export PORCHLIGHT_CHROMIUM; \
	exec $(PYTHON) -m tests.proof.mutations $(LEAKS)

rasa: setup ## an ordinary rasa command in the engine room: make rasa ARGS="data validate"
	@exec $(ENGINE) bot/engine/launcher.py $(ARGS)

clean-var: ## forget practice: data, keys and logs of this folder
	@rm -rf var
