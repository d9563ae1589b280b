# The house's commands. Python 3.11 or later and make are enough: `make run` and `make test` prepare the rest.

# The first Python that is recent enough, or the one named: make setup PYTHON=/path/to/python3.12
PYTHON ?= $(or $(shell for python in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done),python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.parvis-ready
SOURCES := parvis tests $(if $(wildcard bench/*.py bench/*/*.py),bench)
# Two tests that need the same server stay on one worker. What was compiled is kept, whatever the machine says: each
# process that a test starts would compile all it loads again.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n auto --dist loadgroup
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --quiet

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: screenshots help setup run test test-split check quick format format-check lint types contracts docs docs-in-step bench bench-scale slow faults fuzz soak audit verapdf lock clean

help: ## Affiche cette liste | Shows this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { split($$2, said, " [|] "); printf "  make %-13s %s\n                     %s\n", $$1, said[1], said[2] }' $(firstword $(MAKEFILE_LIST))

# What runs Parvis may not write where it is installed: compiled here, or each scheduled run would compile all it loads.
setup: $(READY) ## Prépare l’environnement .venv, une fois | Prepares the environment .venv, once
	@$(BIN)/python -m compileall -q parvis

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Parvis demande Python 3.11 ou plus récent. Installez-le, ou désignez-le : make setup PYTHON=/chemin/python3.12" >&2; \
		echo "Parvis needs Python 3.11 or later. Install it, or name it: make setup PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "[1/3] Environnement Python dans $(VENV) | Python environment in $(VENV)"; \
		$(PYTHON) -m venv --clear $(VENV); } || { \
		echo "Le module venv manque : sous Debian ou Ubuntu, « apt install python3-venv »." >&2; \
		echo "The venv module is missing: on Debian or Ubuntu, \"apt install python3-venv\"." >&2; exit 1; }
	@echo "[2/3] Bibliothèques de requirements.lock, environ une minute | Libraries of requirements.lock, about a minute"
	@$(PIP) -r requirements.lock
	@echo "[3/3] Parvis"
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

run: setup ## Démarre Parvis avec la démonstration d’Amiens | Starts Parvis with the Amiens demonstration
	@exec $(BIN)/parvis up --demo

test: setup ## Joue les tests, sauf les longs | Runs the tests, except the long ones
	@$(PYTEST) -m "not slow"

SPLIT := tests/models tests/services tests/cli tests/faults tests/journeys
test-split: export PARVIS_TEST_PARTS := 4
test-split: setup ## Joue les tests de la base, journal et lettres coupés en parties | Runs the tests of the database, journal and letters cut in parts
	@$(PYTEST) -m "not slow and not whole" $(SPLIT)

check: setup format-check lint types contracts docs-in-step test ## Tout vérifie avant de partager | Checks everything before sharing

quick: setup format-check lint types contracts ## La part rapide de check, sans les tests | The quick part of check, without tests

format: setup ## Met le code en forme | Formats the code
	@$(BIN)/python -m tests.architecture.typography
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --select I --fix --quiet .

format-check: setup
	@$(BIN)/ruff format --check --quiet --output-format concise . || { \
		echo "Mise en forme à revoir : make format | Formatting needed: make format" >&2; exit 1; }

lint: setup ## Cherche les fautes de code | Looks for faults in the code
	@$(BIN)/ruff check --quiet .

types: setup ## Vérifie les types, mypy --strict | Checks types, mypy --strict
	@$(BIN)/mypy $(SOURCES)

contracts: setup ## Vérifie qui importe quoi | Checks who imports what
	@$(BIN)/lint-imports

docs: export PYTHONUTF8 = 1
docs: setup ## Réécrit les pages tirées du code et le schéma des contrats | Writes the pages made from the code, and the contracts' schema
	@$(BIN)/python -c 'from parvis.services.contracts import schema_text; print(schema_text(), end="")' > $(VENV)/.written
	@mv $(VENV)/.written contracts/contract.schema.json
	@$(BIN)/parvis lifecycle --lang fr > $(VENV)/.written
	@mv $(VENV)/.written docs/lifecycle.md
	@$(BIN)/parvis reference > $(VENV)/.written
	@mv $(VENV)/.written docs/cli.md

docs-in-step: setup
	@$(BIN)/pytest -q --no-header tests/architecture/test_docs_in_step.py

screenshots: setup ## Refait les images des pages de docs/images avec Chromium, toutes ou PAGES="avis seance" | Takes the pictures of the pages again, all or PAGES="avis seance"
	@$(BIN)/python -m tests.browser.screenshots $(PAGES)

bench: setup ## Mesure la vitesse face au plancher | Measures speed against the floor
	@$(BIN)/python -m bench

bench-scale: setup ## Mesure à un million de dossiers, dix millions de lignes | Measures at a million cases, ten million lines
	@$(BIN)/python -m bench --only growth --only workers --cases 1000000

slow: setup ## Joue les tests longs | Runs the long tests
	@$(PYTEST) -m slow

FAULTS := tests/faults tests/flows/test_flow_faults.py tests/flows/test_cancelled_flows.py tests/services/test_many_processes.py tests/services/test_money_races.py

soak: setup ## Une heure de vie avec des processus tués, ou MINUTES=5 : dit ce qui grossit | An hour of life with processes killed, or MINUTES=5: says what grows
	@$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),60)

faults: setup ## Casse ce qui tourne, 15 min, et dresse le tableau de docs/reliability.md | Breaks what runs, 15 min, and writes the table of docs/reliability.md
	@mkdir -p build && rm -f build/faults.jsonl
	@PARVIS_FAULTS=$(CURDIR)/build/faults.jsonl $(BIN)/pytest -o faulthandler_timeout=900 -m "slow or faults" $(or $(ONLY),$(FAULTS)); said=$$?; \
		test "$$said" = 0 && page="$(if $(ONLY),,docs/reliability.md)"; \
		$(BIN)/python -m tests.faults.figures build/faults.jsonl $$page || test "$$said" != 0 || said=1; exit $$said

FUZZ ?= 2000
fuzz: export FUZZ := $(FUZZ)
fuzz: setup ## Donne à chaque lecteur de fichiers ou de saisies 2 000 entrées abîmées, ou FUZZ=20000 | Gives each parser 2,000 damaged inputs, or FUZZ=20000
	@$(PYTEST) -m slow tests/fuzz

# In an environment of its own: what audits a project is no part of it.
audit: setup ## Liste les bibliothèques (CycloneDX), cherche leurs failles connues | Lists the libraries, looks for known flaws
	@test -x .venv-audit/bin/pip-audit || { $(PYTHON) -m venv .venv-audit && \
		PIP_DISABLE_PIP_VERSION_CHECK=1 .venv-audit/bin/pip install --quiet "pip-audit>=2.10,<3" "cyclonedx-bom>=7.5,<8"; }
	@mkdir -p dist && .venv-audit/bin/cyclonedx-py environment $(BIN)/python --of JSON -o dist/parvis.cdx.json
	@echo "dist/parvis.cdx.json"
	@.venv-audit/bin/pip-audit --strict --disable-pip --no-deps --progress-spinner off -r requirements.lock

verapdf: setup ## Fait valider les documents par veraPDF (demande Java et libjaxb-java) | Has veraPDF validate the documents (needs Java and libjaxb-java)
	@$(BIN)/python -m tests.verapdf

lock: setup ## Recalcule requirements.lock (demande uv) | Compiles requirements.lock again (needs uv)
	@UV="$$(command -v $(BIN)/uv || command -v uv)" || { \
		echo "uv manque : $(BIN)/python -m pip install uv | uv is missing: $(BIN)/python -m pip install uv" >&2; exit 1; }; \
	"$$UV" pip compile --quiet --group dev --extra traces pyproject.toml --no-emit-index-url --no-emit-find-links --no-header \
		--python-version 3.11 -o requirements.lock

clean: ## Efface .venv et les caches, jamais les données de .parvis | Deletes .venv and caches, never the data in .parvis
	@rm -rf $(VENV) .venv-audit .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist build *.egg-info
	@find parvis tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
