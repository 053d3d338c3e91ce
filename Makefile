# Two commands do all the set-up: `make demo` and `make test`. Both need Python 3.11 or newer and nothing else.
PYTHON ?= python3
ENVIRONMENT ?= .venv
RIVALS ?= .venv-rivals
BIN = $(ENVIRONMENT)/bin
WORKERS ?= 2
SEED ?= 1
ROUNDS ?= 20
PIP_INSTALL = $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt
PACKAGING = setup.cfg pyproject.toml constraints.txt

.PHONY: demo test soak fuzz check picture benchmark rivals clean

demo: $(ENVIRONMENT)/installed-program  ## build the sample dealership, plan it, print the result
	$(BIN)/sparewise demo

test: $(ENVIRONMENT)/installed-tests  ## run the whole suite
	$(BIN)/python -m pytest -n $(WORKERS)

soak: $(ENVIRONMENT)/installed-tests  ## the full numbers of the self-test and of the policies, on SQLite and PostgreSQL (hours)
	REQUIRE_POSTGRES=1 $(BIN)/python -m pytest -m soak -s tests/selftest tests/optimisation

fuzz: $(ENVIRONMENT)/installed-tests  ## every test that draws its own cases, ROUNDS times with other cases, from SEED on (hours)
	@for seed in $$(seq $(SEED) $$(($(SEED) + $(ROUNDS) - 1))); do \
	  echo "cases drawn from seed $$seed"; \
	  REQUIRE_POSTGRES=1 $(BIN)/python -m pytest -n $(WORKERS) -q -m "hypothesis and not soak" \
	    --hypothesis-seed=$$seed || exit 1; \
	done

check: $(ENVIRONMENT)/installed-workshop  ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

picture: $(ENVIRONMENT)/installed-tests  ## draw the README's picture from a real run
	$(BIN)/python docs/picture.py

benchmark: $(ENVIRONMENT)/installed-tests  ## measure what the README claims; what falls short is told, and the rest measured
	$(BIN)/python -m benchmarks.forecast_series
	$(BIN)/python -m benchmarks.vehicles
	$(BIN)/python -m benchmarks.backtest
	$(BIN)/python -m benchmarks.ledger
	$(BIN)/python -m benchmarks.baselines $(wildcard $(RIVALS)/bin/python)
	$(BIN)/python -m benchmarks.policies $(wildcard $(RIVALS)/bin/python)
	$(BIN)/python -m benchmarks.purse
	$(BIN)/python -m benchmarks.simulation $(wildcard $(RIVALS)/bin/python)
	$(BIN)/python -m benchmarks.figures
	-$(BIN)/python -m benchmarks.rolling
	-$(BIN)/python -m benchmarks.vn2

rivals:  ## an environment for the programs we measure ourselves against; `make benchmark` uses it where it is there
	$(PYTHON) -m venv $(RIVALS)
	$(RIVALS)/bin/python -m pip install --disable-pip-version-check --quiet -r benchmarks/rivals/requirements.txt

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Sparewise needs Python 3.11 or newer; name one with: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 2; }
	$(PYTHON) -m venv $(ENVIRONMENT)

$(ENVIRONMENT)/installed-program: $(BIN)/python $(PACKAGING)
	$(PIP_INSTALL) --editable .
	@touch $@

$(ENVIRONMENT)/installed-tests: $(BIN)/python $(PACKAGING)
	$(PIP_INSTALL) --editable '.[test]'
	@touch $@ $(ENVIRONMENT)/installed-program

$(ENVIRONMENT)/installed-workshop: $(BIN)/python $(PACKAGING)
	$(PIP_INSTALL) --editable '.[dev]'
	@touch $@ $(ENVIRONMENT)/installed-tests $(ENVIRONMENT)/installed-program

clean:
	rm -rf $(ENVIRONMENT) build dist *.egg-info
