# The commands of the project. They need only make and Python 3.11 or newer; `make` lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help

PORT ?= 8000
DATA_DIR ?= var
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done)
# More for pytest: make test ARGS="-k compare"
ARGS ?=

TEST_DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile

RUN_STAMP := .venv/.installed
DEV_STAMP := .venv/.installed-development
STATIC_STAMP := $(DATA_DIR)/static/.collected
STATIC_FILES := $(shell find clusters/static -type f 2>/dev/null)
CATALOGUES := $(notdir $(patsubst %/LC_MESSAGES,%,$(wildcard clusters/locale/*/LC_MESSAGES)))

.PHONY: help run setup test check bench screenshots fixtures messages clean \
	check-style check-types check-layers check-templates check-migrations check-translations check-deploy

help: ## list these commands
	@echo "make run starts the site on http://127.0.0.1:$(PORT)/ (PORT=8080 changes the port)."
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name what; do \
		printf '  make %-12s %s\n' "$$name" "$$what"; done

# ---- installing -------------------------------------------------------------------------------

$(BIN)/python:
	@test -n "$(PYTHON)" || { \
		echo "Python 3.11 or newer is needed and was not found. Install it, or name it: make PYTHON=/path/to/python3"; \
		exit 1; }
	@echo "→ making a virtual environment in .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "The virtual environment could not be made. On Debian and Ubuntu: apt-get install python3-venv"; \
		exit 1; }

$(RUN_STAMP): requirements.txt | $(BIN)/python
	@echo "→ installing what the site needs (a minute at first)"
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(DEV_STAMP): tests/requirements.txt $(RUN_STAMP)
	@echo "→ installing what the tests and checks need (a minute or two at first)"
	@$(PIP_INSTALL) -r tests/requirements.txt
	@touch $@

$(STATIC_STAMP): $(STATIC_FILES) $(RUN_STAMP)
	@echo "→ collecting and compressing style sheets, scripts and pictures"
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@touch $@

setup: $(RUN_STAMP) $(STATIC_STAMP) ## install, prepare the database, load the opening data if there is none
	@echo "→ bringing the database up to date"
	@$(MANAGE) migrate --noinput --verbosity 0
	@echo "→ looking whether the opening data is needed"
	@$(MANAGE) load_fixtures --if-empty

run: setup ## set up what is missing, then serve the site on 127.0.0.1
	@echo
	@echo "  The site in Korean    http://127.0.0.1:$(PORT)/"
	@echo "  The site in English   http://127.0.0.1:$(PORT)/en/"
	@echo "  For curators          http://127.0.0.1:$(PORT)/admin/"
	@echo
	@echo "  The first curator account is made in a second terminal with"
	@echo "      $(MANAGE) createsuperuser"
	@echo
	@echo "  Ctrl-C stops the site. What was entered stays in $(DATA_DIR)/."
	@echo
	@SITE_URL="$${SITE_URL:-http://127.0.0.1:$(PORT)}" exec $(BIN)/gunicorn config.wsgi:application \
		--config config/gunicorn.py --bind 127.0.0.1:$(PORT) --workers 2 --no-control-socket --log-level warning

# ---- testing ----------------------------------------------------------------------------------

test: $(DEV_STAMP) ## run all tests on SQLite, then on PostgreSQL when one is reachable
	@echo "→ tests on SQLite"
	@env -u DATABASE_URL $(PYTEST) $(ARGS)
	@if TEST_DATABASE_URL="$(TEST_DATABASE_URL)" $(BIN)/python -m tests.postgres; then \
		echo "→ tests on PostgreSQL (all but the browser tests)"; \
		DATABASE_URL="$(TEST_DATABASE_URL)" $(PYTEST) --ignore=tests/browser $(ARGS); \
	else \
		echo "PostgreSQL not reachable: the second run is skipped"; \
	fi

check: check-style check-types check-layers check-templates check-migrations check-translations check-deploy ## check style, types, layers, templates, migrations, translations and production settings
	@echo "→ all checks passed"

check-style: $(DEV_STAMP)
	@echo "→ style of the code"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

check-types: $(DEV_STAMP)
	@echo "→ types"
	@$(BIN)/mypy clusters

check-layers: $(DEV_STAMP)
	@echo "→ layers"
	@$(BIN)/lint-imports

check-templates: $(DEV_STAMP)
	@echo "→ style of the templates"
	@find templates clusters -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +

check-migrations: $(DEV_STAMP)
	@echo "→ migrations are complete"
	@$(MANAGE) makemigrations --check --dry-run

check-translations: $(DEV_STAMP)
	@echo "→ translations are complete"
	@$(BIN)/python -m pytest tests/test_translations.py

check-deploy: $(DEV_STAMP)
	@echo "→ production settings"
	@env -u DEBUG SITE_URL=https://clusters.example \
		SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
		$(MANAGE) check --deploy --fail-level WARNING

bench: $(STATIC_STAMP) $(DEV_STAMP) ## measure the pages and print the figures
	@$(BIN)/python -m tests.bench

# ---- keeping up -------------------------------------------------------------------------------

screenshots: setup $(DEV_STAMP) ## take the README's pictures anew
	@$(BIN)/python -m tests.screenshots

fixtures: setup ## write the database's public data back to fixtures/
	@$(MANAGE) dump_fixtures

messages: $(RUN_STAMP) ## gather the texts to translate and compile the translations (needs gettext)
	@command -v msgfmt >/dev/null || { echo "gettext is needed: apt-get install gettext"; exit 1; }
	@$(MANAGE) makemessages $(foreach l,$(CATALOGUES),--locale $(l)) --no-wrap --no-obsolete --add-location file \
		--ignore '.venv/*' --ignore '$(DATA_DIR)/*' --ignore 'tests/*'
	@$(MANAGE) compilemessages $(foreach l,$(CATALOGUES),--locale $(l)) --ignore .venv

clean: ## remove the virtual environment and what tools left; the data in var/ stays
	@rm -rf .venv .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache htmlcov \
		test-results .coverage .coverage.* $(DATA_DIR)/static
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
