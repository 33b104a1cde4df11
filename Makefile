# Two commands are enough: `make demo` and `make test`. Each sets up what it needs in .venv first
# (deploy/forbered), and does nothing about it the second time.
#
# Tools are run as modules of .venv's Python, never as scripts, so a moved clone still works.

PY := .venv/bin/python

# PYTHON=… on the command line or in the environment chooses the Python that makes .venv.
export PYTHON

# STANNA=nej ends the demo after the tables.
STANNA ?= ja
# More arguments to pytest, for example `make test PYTEST='-k placering -x'`.
PYTEST ?=
# How many processes share the tests, each with servers of its own; ARBETARE=0 runs them in one.
ARBETARE ?= 2
# UPPGRADERA=1 takes the newest versions that pyproject.toml allows; otherwise the locked stay.
UPPGRADERA ?=

.DEFAULT_GOAL := hjalp
.PHONY: hjalp demo test check lint typer importregler prov feltalighet format dokument las kor \
	utveckling

hjalp: ## visar den här listan
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: kor ## startar allt, fyller på med exempel, visar rapporterna (STANNA=nej avslutar sedan)
	@exec $(PY) -m dygn demo $(if $(filter nej,$(STANNA)),--avsluta)

test: utveckling prov ## kör alla prov, med riktig PostgreSQL och Kafka, och visar täckningen

check: utveckling lint typer importregler prov ## allt: lint, typer, importregler och alla prov

lint: utveckling ## ruff: lint och format
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

typer: utveckling ## mypy --strict
	$(PY) -m mypy

importregler: utveckling ## import-linter: importer pekar inåt
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo

# A file's tests stay together (they share what they start), and the longest files come first.
PARALLELLT = -n $(ARBETARE) --dist loadfile --no-loadscope-reorder

# Coverage of the whole is shown; that of the domain rooms must be complete, branches too.
prov: utveckling
	$(PY) -m pytest $(PARALLELLT) --cov --cov-report=term $(PYTEST)
ifeq ($(strip $(PYTEST)),)
	$(PY) -m coverage report --include='services/*/domain/*' --fail-under=100
endif

# FEL=… names faults (tests/feltalighet), with commas between; without it all of them, many times
# over. DYGN_TEST_FRO=… in the environment gives the same again.
feltalighet: utveckling ## minst 200 fel i följd (avbrott, diskar, klockor …), högst 40 minuter
ifdef FEL
	DYGN_FEL='$(FEL)' $(PY) -m pytest tests/feltalighet/test_fel.py $(PYTEST)
else
	$(PY) -m pytest tests/feltalighet/full_korning.py $(PYTEST)
endif

format: utveckling ## formaterar koden och rättar det som lint kan rätta
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

dokument: utveckling ## gör om docs/regler.md och kontraktens dokument ur koden
	$(PY) -m contracts.dokument
	$(PY) -m dygn.openapi
	$(PY) -m dygn.rolltabell
	$(PY) -m dygn.regelverk

LAS = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url $(if $(UPPGRADERA),--upgrade)

las: utveckling ## gör om låsen i requirements/ ur pyproject.toml (UPPGRADERA=1: nyaste)
	$(LAS) pyproject.toml --extra inbyggd --group utveckling -o requirements/utveckling.txt >/dev/null
	$(LAS) pyproject.toml --extra inbyggd -c requirements/utveckling.txt -o requirements/kor.txt >/dev/null
	$(LAS) --group matning -c requirements/utveckling.txt -o requirements/matning.txt >/dev/null
	$(LAS) --group bygg -c requirements/utveckling.txt -o requirements/bygg.txt >/dev/null
	$(LAS) --group uv -o requirements/uv.txt >/dev/null

kor:
	@deploy/forbered kor

utveckling:
	@deploy/forbered utveckling
