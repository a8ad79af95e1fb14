# The commands that people and scripts rely on; every one of them starts from a clean clone.
PYTHON ?= python3
PORT ?= 5000
BIN := .venv/bin
FLASK := $(BIN)/flask --app app
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: install install-dev browser office redis run test check format translations translations-update bench clean

install: .venv/installed
install-dev: .venv/installed-dev

.venv/installed: requirements.txt constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Parley needs Python 3.11 or newer."; exit 1; }
	$(BIN)/pip install --quiet --constraint constraints.txt --requirement requirements.txt
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/pip install --quiet --constraint constraints.txt --requirement requirements-dev.txt
	@touch $@

translations/zh_Hans/LC_MESSAGES/messages.mo: translations/zh_Hans/LC_MESSAGES/messages.po .venv/installed
	$(BIN)/pybabel --quiet compile --directory translations

translations: translations/zh_Hans/LC_MESSAGES/messages.mo

run: install translations
	@PORT=$(PORT) $(FLASK) start

browser: install-dev
	@command -v chromium >/dev/null || ( \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium for the browser tests ..."; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-wqy-microhei >/dev/null; \
	  else \
	    echo "############ BROWSER TESTS ARE LEFT OUT: no Chromium here, and only root can install it ############"; \
	  fi )

# LibreOffice opens the workbooks that we write, and works out the auditor's formulas.
office: install-dev
	@command -v soffice >/dev/null || ( \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing LibreOffice Calc for the workbook tests ..."; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libreoffice-calc-nogui >/dev/null; \
	  else \
	    echo "############ WORKBOOKS ARE NOT OPENED IN LIBREOFFICE: it is not here, and only root can install it ############"; \
	  fi )

# Several hosts share a Redis: the tests start one of their own.
redis: install-dev
	@command -v redis-server >/dev/null || ( \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Redis for the test of several hosts ..."; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server >/dev/null; \
	  else \
	    echo "############ SEVERAL HOSTS ARE NOT TRIED: no redis-server here, and only root can install it ############"; \
	  fi )

test: install-dev browser office redis translations
	$(BIN)/pytest --numprocesses 2 --dist loadscope

check: install-dev translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --check --lint --quiet
	$(BIN)/python -m tests.checks.migration_drift
	$(BIN)/python -m tests.checks.translations
	@$(BIN)/pytest --collect-only -qqq >.venv/collected || { cat .venv/collected; exit 1; }

format: install-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install-dev translations
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv instance

# Bring the Chinese catalogue up to date with the code; ends with an error while texts still need Chinese.
translations-update: install-dev
	$(BIN)/python -m tests.checks.translations --update
