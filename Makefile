# Two commands do all the set-up: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8501

.PHONY: run test live check lock clean

run: .venv/.run ## environment, install, app on http://localhost:8501 with the bundled Kampen map
	$(BIN)/meetingplaces serve --port $(PORT)

test: .venv/.dev tests/browser/node_modules/.installed ## all tests that can run on this machine
	$(BIN)/python -m pytest -n auto --dist loadfile tests/unit tests/contract tests/app
	$(BIN)/python -m pytest tests/browser --reruns 1 -raR # a second try is printed: it is something to look into

live: .venv/.dev ## one small question to every service; set MEETINGPLACES_CONTACT to how you can be reached
	MEETINGPLACES_LIVE=1 $(BIN)/python -m pytest tests/live -rA

check: .venv/.dev ## style, types and the direction of the arrows between layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: .venv/bin/python ## resolve the dependencies anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --upgrade -q --custom-compile-command "make lock" -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-annotate --upgrade -q --custom-compile-command "make lock" -c requirements.lock -o requirements-dev.lock

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; make run PYTHON=python3.11")'
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps -e .
	touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

# axe-core judges accessibility in the browser tests; without npm those tests say that they were skipped.
tests/browser/node_modules/.installed: tests/browser/package-lock.json
	if command -v npm >/dev/null; then cd tests/browser && npm ci --silent --no-audit --no-fund && touch node_modules/.installed; fi

clean:
	rm -rf .venv dist tests/browser/node_modules .pytest_cache .mypy_cache .ruff_cache
