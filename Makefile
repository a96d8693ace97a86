# Needs make and Python 3.11 to 3.13 as `python3` (or `make PYTHON=python3.12 …`). Everything else comes by itself:
# .tools holds uv, .venv the locked environment, .venv-emulators the object store and the queue for development,
# .venv-peers and .venv-extractors what `make bench` and `make quality` measure us against, .venv-docs what builds the
# site and checks the spelling.
PYTHON ?= python3
UV := .tools/bin/uv
RUN := .venv/bin/python
# Two workers, each with services of its own, begin with the long tests; who has none left takes over some of the other's.
TWO_WORKERS = $(RUN) -m pytest -q -n 2 --dist worksteal
# Fails on a dead link, an unknown anchor, or a page that is not in the navigation.
SITE = NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --quiet --strict
.DEFAULT_GOAL := help
# Tests start hundreds of processes: without bytecode, each compiles the library anew.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help check lint test test-parts test-stacks run up down bench quality docs lock wheel try-wheel env clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/ready .venv-emulators/ready ## The demo: start everything, send articles in, see the tables come out
	@$(RUN) -m local.run

up: .venv/ready .venv-emulators/ready ## Start the development stack: object store, queue, Airflow
	@$(RUN) -m local.stack up

down: .venv/ready ## End the development stack; its data stays (also deleted: make down VOLUMES=1)
	@$(RUN) -m local.stack down $(if $(VOLUMES),--volumes)

check: lint .venv-emulators/ready ## Format, lint, types, floors and the fast tests
	$(TWO_WORKERS) -m "not slow"

lint: .venv/ready .venv-docs/ready
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	PYTHONPATH=plugins .venv/bin/lint-imports
	.venv-docs/bin/codespell
	$(SITE)

test: .venv/ready .venv-emulators/ready .venv-enrichments/ready ## All tests
	@$(MAKE) --no-print-directory -j 2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) test-parts test-stacks

# Two targets that run side by side, as those that start whole stacks mostly wait. Each shows its output at its end.
test-parts:
	$(TWO_WORKERS) -m "not stack"

test-stacks:
	$(RUN) -m pytest -q -m stack

bench: .venv/ready .venv-emulators/ready .venv-peers/ready ## What a day costs, step by step, against pinned floors
	$(RUN) -m benchmarks.throughput --check

quality: .venv/ready .venv-extractors/ready .venv-enrichments/ready ## How good cleaning and enrichment are, beside peers, against pinned floors
	$(RUN) -m benchmarks.quality --check

docs: .venv/ready .venv-docs/ready ## Write the references in docs/ from the code, and build the site into site/
	$(RUN) -m local.write_references
	$(SITE)

LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links pyproject.toml

lock: .tools/ready ## Lock the dependencies of pyproject.toml again: for production, and for development on top of them
	$(LOCK) --extra airflow --extra compose -o requirements.lock
	$(LOCK) --extra airflow --extra compose --extra dev -c requirements.lock -o requirements-dev.lock

wheel: .tools/ready ## Build the wheel into dist/
	$(UV) build --quiet --wheel --out-dir dist .

try-wheel: .venv/ready .venv-emulators/ready ## Install the wheel into an Airflow of its own, and publish a day there
	@$(RUN) -m local.try_wheel

env: .venv/ready ## Write .env with generated secrets for docker-compose
	@$(RUN) -m local.make_env

clean: ## Delete the environments (not the stack's data)
	rm -rf .tools .venv .venv-emulators .venv-peers .venv-extractors .venv-enrichments .venv-docs site

# The file `ready` in an environment is as new as the lock it was made from.
.tools/ready:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "Python 3.11 to 3.13 is needed")'
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	@touch $@

.venv/ready: requirements-dev.lock pyproject.toml .tools/ready
	@test -x $(RUN) || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip sync --quiet --python $(RUN) --require-hashes --compile-bytecode requirements-dev.lock
	$(UV) pip install --quiet --python $(RUN) --no-deps --editable .
	@touch $@

.venv-emulators/ready: local/emulators.lock .tools/ready
	@test -x .venv-emulators/bin/python || $(UV) venv --quiet --python $(PYTHON) .venv-emulators
	$(UV) pip sync --quiet --python .venv-emulators/bin/python --require-hashes --compile-bytecode local/emulators.lock
	@touch $@

.venv-docs/ready: docs/requirements.lock .tools/ready
	@test -x .venv-docs/bin/python || $(UV) venv --quiet --python $(PYTHON) .venv-docs
	$(UV) pip sync --quiet --python .venv-docs/bin/python --require-hashes --compile-bytecode docs/requirements.lock
	@touch $@

.venv-peers/ready: benchmarks/peers.lock .tools/ready
	@test -x .venv-peers/bin/python || $(UV) venv --quiet --python $(PYTHON) .venv-peers
	$(UV) pip sync --quiet --python .venv-peers/bin/python --require-hashes benchmarks/peers.lock
	@touch $@

.venv-extractors/ready: benchmarks/extractors.lock .tools/ready
	@test -x .venv-extractors/bin/python || $(UV) venv --quiet --python $(PYTHON) .venv-extractors
	$(UV) pip sync --quiet --python .venv-extractors/bin/python --require-hashes benchmarks/extractors.lock
	@touch $@

.venv-enrichments/ready: benchmarks/enrichments.lock .tools/ready
	@test -x .venv-enrichments/bin/python || $(UV) venv --quiet --python $(PYTHON) .venv-enrichments
	$(UV) pip sync --quiet --python .venv-enrichments/bin/python --require-hashes benchmarks/enrichments.lock
	@touch $@
