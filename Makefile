# Each target is a plain command or two; README.md lists them for people without make.
PYTHON ?= python3
PORT ?= 8000
# Tests wait for browsers and servers: more of them at once than there are cores.
WORKERS ?= 4
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
SOURCES := $(shell find book quizzes -type f -not -path '*/__pycache__/*' -not -name '.*') _config.yml _toc.yml

.PHONY: serve site lab test coverage lint audit bench grade-demo links dist lock clean

serve: _build/site.done
	@$(PY) -c "import socket; socket.create_server(('127.0.0.1', $(PORT))).close()" 2>/dev/null || { echo "Port $(PORT) is taken or no port: try make serve PORT=8001"; exit 1; }
	@echo "The course is at http://127.0.0.1:$(PORT)/ (stop with Ctrl+C)"
	@$(PY) -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

site: _build/site.done

lab: $(VENV)/installed
	@mkdir -p _build/lab && cp book/*-lab.ipynb _build/lab/
	$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) _build/lab/study-lab.ipynb

test: $(VENV)/browser $(VENV)/tools node_modules/installed
	$(PY) -m pytest -n $(WORKERS) --dist loadfile

coverage: $(VENV)/browser $(VENV)/tools node_modules/installed
	$(PY) -m pytest -n $(WORKERS) --dist loadfile --cov --cov-report=term --cov-report=html:_build/coverage

lint: $(VENV)/installed node_modules/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/node node_modules/typescript/bin/tsc --project .
	$(BIN)/zizmor --quiet --offline .github
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml

audit: $(VENV)/installed
	$(PY) -m quizzes audit

bench: $(VENV)/browser _build/site.done
	$(PY) -m benchmarks

grade-demo: $(VENV)/installed
	rm -rf _build/grade-demo
	$(PY) -m grader demo _build/grade-demo

links: $(VENV)/installed node_modules/installed
	$(BIN)/jupyter-book build . --builder linkcheck --path-output _build/links

dist: $(VENV)/installed
	rm -rf _build/dist
	$(PY) -m hatchling build --directory _build/dist

lock: $(VENV)/installed
	$(BIN)/uv pip compile --universal --python-version 3.11 --all-extras --no-header --no-annotate --upgrade --quiet pyproject.toml -o requirements.txt
	$(BIN)/npm update --package-lock-only --silent --no-audit --no-fund

clean:
	rm -rf _build $(VENV) node_modules

$(VENV)/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3"; exit 1; }
	@echo "Python packages: about a minute, the first time"
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@# uv takes half a minute where pip takes several; pip alone knows settings such as a company's own index.
	$(PY) -m pip install --quiet "$$(grep '^uv==' requirements.txt)"
	$(PY) -m uv pip install --quiet --python $(PY) --requirement requirements.txt || $(PY) -m pip install --quiet --requirement requirements.txt
	$(PY) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/browser: $(VENV)/installed tests/ensure_browser.py
	$(PY) tests/ensure_browser.py
	@touch $@

$(VENV)/tools: $(VENV)/installed tests/ensure_tools.py
	$(PY) tests/ensure_tools.py
	@touch $@

node_modules/installed: $(VENV)/installed package.json package-lock.json .npmrc
	@echo "Packages for the front end"
	$(BIN)/npm ci --silent --no-audit --no-fund
	@touch $@

_build/site.done: $(VENV)/installed node_modules/installed $(SOURCES)
	@echo "The site: a minute or two, and another one the first time"
	$(BIN)/jupyter-book build . --all -W -n --keep-going
	$(PY) -m quizzes.site.epub _build/html
	$(PY) -m quizzes.site.exports _build/html $(if $(SITE),--site $(SITE))
	$(PY) -m quizzes.site.lite _build/html
	@touch $@
