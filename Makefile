# One door. Every target sets up what it needs in .venv by itself.
PYTHON ?= python3
BIN := .venv/bin
PINNED := --quiet --disable-pip-version-check --require-hashes --only-binary :all:

# Tests start pressmark some thousand times: without bytecode each start compiles all of it.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-browser test-ray fuzz coverage sbom lint format bench bench-near docs soak soak-deep lock clean
.DELETE_ON_ERROR:

# One package that tests need, jsonpath-rw, is published as source alone: what builds it is pinned as well, and comes first.
.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pressmark needs Python 3.11 or newer; say make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	sed -n '/^setuptools==/,/# via/p' requirements.lock > .venv/setuptools.txt
	$(BIN)/python -m pip install $(PINNED) -r .venv/setuptools.txt
	$(BIN)/python -m pip install $(PINNED) --no-binary jsonpath-rw --no-build-isolation -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: .venv/ready  ## two versions of the example corpus: built, checked, published to a Hub on this machine, read back
	$(BIN)/pressmark build corpus/three-papers --version 1.0.0 --out dist --work work --as-of 2026-01-31
	$(BIN)/pressmark verify dist/three-papers/open/1.0.0 --load --rights work/three-papers
	$(BIN)/pressmark verify dist/three-papers/vault/1.0.0 --load
	$(BIN)/pressmark build corpus/three-papers --version 1.1.0 --out dist --work work --as-of 2026-03-31 --json > /dev/null
	$(BIN)/pressmark diff dist/three-papers/open/1.0.0 dist/three-papers/open/1.1.0
	$(BIN)/pressmark rehearse dist/three-papers/open

test: .venv/ready  ## everything but the soaks, and what needs Ray
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal --ignore tests/ray

.venv/browser: .venv/ready tests/browser/browser.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r tests/browser/browser.lock
	touch $@

test-browser: .venv/browser  ## the page of `pressmark report` in a real browser, and axe-core on it
	@command -v chromium || command -v chromium-browser || command -v google-chrome || \
		{ echo "there is no Chromium: apt-get install chromium"; exit 1; }
	$(BIN)/python -m pytest tests/browser

.venv/ray: .venv/ready tests/ray/ray.lock
	$(BIN)/python -m pip install $(PINNED) -r tests/ray/ray.lock
	touch $@

test-ray: .venv/ray  ## builds on Ray, with workers and nodes that are killed
	$(BIN)/python -m pytest tests/ray

.venv/fuzz: .venv/ready tests/fuzz/fuzz.lock
	$(BIN)/python -m pip install $(PINNED) -r tests/fuzz/fuzz.lock
	touch $@

fuzz: .venv/fuzz  ## each target of tests/fuzz for a minute, going on from the last time; make fuzz SECONDS=600 TARGETS=warc
	$(BIN)/python tests/fuzz/run.py --seconds $(or $(SECONDS),60) $(TARGETS)

.venv/coverage: .venv/ready tests/coverage/coverage.lock
	$(BIN)/python -m pip install $(PINNED) -r tests/coverage/coverage.lock
	touch $@

coverage: .venv/coverage  ## branches and handlers of intake, rights, verify and publish that their tests reach; PARTS="rights"
	$(BIN)/python tests/coverage/measure.py $(PARTS)

.venv-sbom/ready: tests/supply/sbom.lock
	$(PYTHON) -m venv .venv-sbom
	.venv-sbom/bin/python -m pip install $(PINNED) -r tests/supply/sbom.lock
	touch $@

sbom: .venv-sbom/ready  ## docs/sbom.cdx.json, from the lock: after each change of that
	.venv-sbom/bin/python tests/supply/sbom.py

soak: .venv/ready  ## the long runs; docs/reliability.md is written from what they find
	$(BIN)/python -m pytest -m "soak or counted" --numprocesses 2 --dist worksteal; status=$$?; $(BIN)/python docs/derive.py; exit $$status

soak-deep: .venv/fuzz  ## parts of at most an hour, which go on from the last time: PART=lives, PART=million, or PART=fuzz with TARGETS
ifeq ($(PART),fuzz)
	$(BIN)/python tests/fuzz/run.py --seconds $(or $(SECONDS),400) $(TARGETS)
else ifeq ($(PART),million)
	PRESSMARK_SOAK_MINUTES=40 $(BIN)/python -m pytest -m soak -s tests/soak/test_million.py
else
	PRESSMARK_SOAK_MINUTES=55 $(BIN)/python -m pytest -m soak -s tests/soak/test_state_machine.py
endif

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/ready  ## articles per second, beside a peer in the same run
	$(BIN)/python benchmarks/build_speed.py
	$(BIN)/python benchmarks/leak_scan.py
	$(BIN)/python benchmarks/append.py
	$(BIN)/python benchmarks/intake_speed.py
	$(BIN)/python benchmarks/extraction/score.py

.venv-peers/ready: benchmarks/peers.lock
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install $(PINNED) -r benchmarks/peers.lock
	touch $@

bench-near: .venv/ready .venv-peers/ready  ## near copies, beside datasketch and datatrove
	$(BIN)/python benchmarks/near_duplicates.py --peers .venv-peers/bin/python

.venv-docs/ready: docs/site.lock
	$(PYTHON) -m venv .venv-docs
	.venv-docs/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r docs/site.lock
	touch $@

docs: .venv/ready .venv-docs/ready  ## write again what is derived (columns, findings, reference, measured figures), and the site
	$(BIN)/python docs/derive.py
	rm -rf site
	.venv-docs/bin/sphinx-build --quiet --fail-on-warning --fresh-env --builder html --doctree-dir build/doctrees docs site
	rm -f site/.buildinfo
	$(BIN)/python docs/check_site.py site

lock:  ## pin the newest versions within the ranges of pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --group dev pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --constraints requirements.lock --no-annotate \
		--group browser --output-file tests/browser/browser.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --constraints requirements.lock --no-annotate \
		--group ray --output-file tests/ray/ray.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --constraints requirements.lock --no-annotate \
		--group fuzz --output-file tests/fuzz/fuzz.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --constraints requirements.lock --no-annotate \
		--group coverage --output-file tests/coverage/coverage.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --no-annotate --group sbom --output-file tests/supply/sbom.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --no-annotate --group docs --output-file docs/site.lock

clean:
	rm -rf .venv .venv-docs .venv-peers .venv-sbom dist work build site
