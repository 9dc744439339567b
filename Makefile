# `make help` lists the targets. PYTHON, PORT, VAR_DIR and DATABASE_URL may be set on the command line.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
export PORT ?= 8000
export VAR_DIR ?= $(CURDIR)/var

# Settings only need the shape of a database here. Only the check of the migrations' SQL starts a server, for itself.
CHECK_ENV := DATABASE_URL=postgresql://check@127.0.0.1:1/check
DEPLOY_ENV := $(CHECK_ENV) BASE_URL=https://practice.example BEHIND_PROXY=1 ALLOWED_HOSTS=practice.example \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')
COMPILE := $(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: help demo demo-reset test check format bench soak screenshots lock

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/demo.stamp ## Start the whole practice at http://127.0.0.1:$PORT (8000); Ctrl-C stops it
	@exec $(PY) -m demo.runner

demo-reset: $(VENV)/demo.stamp ## Forget the demo's data in VAR_DIR (var/); the next start begins afresh
	@exec $(PY) -m demo.runner --reset

test: $(VENV)/dev.stamp chromium ## Run every test, browser included, on an embedded PostgreSQL
	$(PY) -m pytest -n auto

check: $(VENV)/dev.stamp ## Lint, format, types, imports, dependencies, dead code, migrations, deployment settings
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(CHECK_ENV) $(VENV)/bin/mypy .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/deptry .
	$(VENV)/bin/deptry . --exclude '\.venv' --exclude var/ --ignore DEP002,DEP004
	$(VENV)/bin/vulture
	$(VENV)/bin/vulture manage.py backend scheduling billing front demo tests
	$(CHECK_ENV) $(PY) -W ignore manage.py makemigrations --check --dry-run
	$(PY) -W ignore -m tests.platform.migration_sql
	$(DEPLOY_ENV) $(PY) manage.py check --deploy --fail-level WARNING

format: $(VENV)/dev.stamp ## Sort imports and format
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

bench: $(VENV)/dev.stamp ## Measure ratios against the floors, alone on the machine; writes docs/performance.md
	WRITE_BENCH=1 $(PY) -m pytest tests/bench -m bench -s

soak: $(VENV)/dev.stamp chromium ## Kill loops, load and growth, for minutes
	$(PY) -m pytest -m soak -rA

screenshots: $(VENV)/dev.stamp chromium ## Take the pictures of docs/screens
	$(PY) -m tests.browser.screenshots docs/screens

lock: $(VENV)/dev.stamp ## Lock the requirements of pyproject.toml, with hashes
	$(COMPILE) --output-file requirements/base.txt
	$(COMPILE) --extra demo --output-file requirements/demo.txt
	$(COMPILE) --extra demo --extra dev --output-file requirements/dev.txt

# --- the environment: made once, filled again only when the locked file has changed -----------------
# Python compiles what it imports; compiling all that was installed would make the first start wait.
$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed: PYTHON=/path/to/python3.11 make demo"; exit 1; }
	@echo "Making the environment in $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV) || \
		{ echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/%.stamp: requirements/%.txt | $(VENV)/bin/pip
	@echo "Installing $< (about a minute the first time)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r $<
	@touch $@

.PHONY: chromium
chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null || \
		{ echo "The browser tests need Chromium. On Debian: apt-get install chromium"; exit 1; }
