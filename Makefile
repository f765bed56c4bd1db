PYTHON ?= python3

.PHONY: run help install test bench lint format messages pictures

run: ## set everything up and serve the demo conference
	@$(PYTHON) scripts/install.py requirements-demo.txt -m conference.start

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1 \t\2/p' Makefile

install: ## install the Python packages again
	@rm -f .venv/*.sha256
	@$(PYTHON) scripts/install.py requirements-demo.txt

test: ## every check and test, as CI runs them
	@$(PYTHON) scripts/install.py requirements-dev.txt scripts/check.py

bench: ## measure everything beside its own floor, and write the table of docs/performance.md
	@$(PYTHON) scripts/install.py requirements-dev.txt -m scripts.bench

lint: ## the quick checks only
	@$(PYTHON) scripts/install.py requirements-dev.txt
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy conference workshops registration scripts

format: ## put the code into form
	@$(PYTHON) scripts/install.py requirements-dev.txt
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

messages: ## collect and compile the message catalogues
	@$(PYTHON) scripts/install.py requirements-dev.txt scripts/messages.py update

pictures: ## draw the pictures of the README and of the guides anew
	@$(PYTHON) scripts/install.py requirements-dev.txt scripts/pictures.py
