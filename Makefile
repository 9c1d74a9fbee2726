# Itinera. `make up` and `make test` work on a bare Debian machine that has Python 3.11 and nothing else prepared.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PYTHONUNBUFFERED := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

VENV := .venv
PY := $(VENV)/bin/python
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
INSTALL := $(PY) -m pip install -qq --require-hashes --no-deps
# The first Python that is new enough and can make an environment.
FIND_PYTHON = $(or $(PYTHON),$(shell for each in python3.11 python3.12 python3.13 python3; do \
	$$each -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$each; break; }; done))
NODE_IS_FINE = command -v npm >/dev/null && node -e \
	'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
	2>/dev/null

.PHONY: help up test check bench soak lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

up: $(RUN) ## Start everything and print the address; Ctrl-C stops it, data stay
	@exec $(PY) manage.py up

test: $(DEV) ## Run all tests against a real database and a real broker; ARGS="..." goes to pytest
	@exec $(PY) -m itinera.local.testrun $(ARGS)

check: $(DEV) ## Look at style, types, layers and sizes
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) -m itinera.local.testrun -q tests/architecture
	@if [ -f frontend/package-lock.json ]; then $(PY) -m itinera.local.canvas check; fi

bench: $(RUN) ## Measure the engine, with the raw limit of this machine beside it
	@exec $(PY) -m itinera.local.serving manage.py bench all --json

soak: $(DEV) ## Run the long tests: load for minutes, with parts being killed
	@exec $(PY) -m itinera.local.testrun -m soak -p no:xdist

lock: $(RUN) ## Renew the lock files: versions and hashes, no addresses
	@$(PY) -m pip install -qq uv
	$(call lock_file,requirements.lock,pyproject.toml)
	$(call lock_file,requirements-dev.lock,pyproject.toml --group dev --constraint requirements.lock)
	$(call lock_file,requirements-node.lock,--group node)
	@! grep -nE '://|--(extra-)?index-url|--find-links' requirements*.lock

clean: ## Remove what can be made again; data in var/ stay
	rm -rf $(VENV) static_build frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

define lock_file
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --no-header \
		--no-annotate --no-emit-index-url --no-emit-find-links --output-file $(1) $(2)
endef

$(RUN): requirements.lock requirements-node.lock
	@$(call environment)
	@echo "  安装依赖,首次约一分钟 · installing packages, about a minute at first"
	@$(INSTALL) -r requirements.lock
	@$(call node)
	@touch $@

$(DEV): requirements-dev.lock requirements-node.lock
	@$(call environment)
	@echo "  安装依赖,首次约一分钟 · installing packages, about a minute at first"
	@$(INSTALL) -r requirements-dev.lock
	@$(call node)
	@touch $(RUN) $@

define environment
	python="$(FIND_PYTHON)"; if [ -z "$$python" ]; then \
		echo "✗ 需要 Python 3.11 以上(含 venv):apt install python3 python3-venv"; \
		echo "  Python 3.11 or later with venv is needed: apt install python3 python3-venv"; exit 1; fi; \
	$(PY) -c 'import pip' 2>/dev/null || $$python -m venv --clear $(VENV)
endef

define node
	{ $(NODE_IS_FINE); } || { echo "  安装 Node.js · installing Node.js"; $(INSTALL) -r requirements-node.lock; }
endef
