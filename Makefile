PYTHON ?= python3
BIN := .venv/bin
RUNTIME := requirements.lock requirements-embedded.lock
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml
.PHONY: help run test check bench chaos delivery permission seed lock clean venv venv-dev

help: ## These lines
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' Makefile | expand -t 10

run: venv ## The whole site on this machine, at http://127.0.0.1:8000/ (PORT=… HOST=… RAPPORT_VAR=… DEMO=0)
	@$(BIN)/python manage.py up

test: venv-dev ## The tests, on PostgreSQL and Valkey of their own (ARGS="-k import")
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

check: venv-dev ## Style, types, import directions, templates, migrations, settings for production
	$(BIN)/ruff check . bin/venv
	$(BIN)/ruff format --check . bin/venv
	SECRET_KEY=unused $(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djade --check $$(find . -path ./.venv -prune -o -path ./var -prune -o -path '*/templates/*.html' -print)
	$(BIN)/deptry .
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	SITE_URL=https://rapport.example SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

bench: venv-dev ## Measures import, pages and feeds against bare PostgreSQL (CONTACTS=100000 EVENTS=1000000)
	@$(BIN)/python -m bench

chaos: venv-dev ## Kills workers at random points of a large import, an export and 10,000 messages (KILLS=… ROWS=… EVENTS=… MESSAGES=…)
	@$(BIN)/python -m bench.chaos
	@$(BIN)/python -m bench.sending_chaos

delivery: venv-dev ## Messages and claims a second, into a local mail server (MESSAGES=20000 WORKERS=2 SECONDS=20)
	@$(BIN)/python -m bench.delivery

permission: venv-dev ## Compares permission to send with a model over 5,000 random sequences of changes (EXAMPLES=…)
	@PERMISSION_EXAMPLES=$(or $(EXAMPLES),5000) $(BIN)/python -m pytest -n 2 --dist load -q tests/subscriptions/test_sequences.py

seed: venv ## Makes realistic contacts and their histories (CONTACTS=10000 EVENTS=100000 HEAVY=1 SEED=1)
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py seed --seed $(or $(SEED),1) $(if $(EVENTS),--events $(EVENTS)) $(if $(HEAVY),--heavy $(HEAVY)) \
		$(if $(CONTACTS),--contacts $(CONTACTS),$(if $(EVENTS),,--contacts 10000))

lock: venv-dev ## Compiles the locks anew from pyproject.toml (ARGS=--upgrade)
	$(LOCK) --output-file requirements.lock $(ARGS)
	$(LOCK) --constraint requirements.lock --extra embedded --output-file requirements-embedded.lock $(ARGS)
	$(LOCK) --constraint requirements-embedded.lock --extra dev --output-file requirements-dev.lock $(ARGS)

clean: ## Removes what can be made again: packages and caches, never data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv:
	@$(PYTHON) bin/venv $(RUNTIME)

venv-dev:
	@$(PYTHON) bin/venv $(RUNTIME) requirements-dev.lock
