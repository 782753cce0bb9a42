# SPDX-License-Identifier: GPL-3.0-or-later
.DEFAULT_GOAL := help
SCENARIO ?= three_nodes
FAULTS ?= F03
# what docs/testing.md tells of each
SCENARIOS = etcd patroni rabbitmq redis load_balancers external_door survival firewall broker_changes audit backup backup_faults backup_leaks redis_backup single single_s3 single_grows local_executor external_services failover drill
PYTEST = tools/devenv && .venv/bin/pytest

.PHONY: help demo demo-down test test-all test-fast scenarios lint sanity unit coverage build downloads hostile controllers molecule ipv6 drill rotation self-test vanilla bench bench-backups docs clean

help: ## What there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## Deploy to three hosts on this machine and run the example DAG
	@tools/demo

demo-down: ## Remove everything that demo made
	@tools/hosts down

test: ## What must hold before a change lands: all files, and the whole stack on three fresh hosts
	@tools/gate

test-all: test scenarios ipv6 downloads hostile demo controllers rotation self-test ## What takes longer, too: every scenario and what runs on the demo

scenarios: ## All scenarios but that of make test, one after the other
	@for scenario in $(SCENARIOS); do tools/molecule test --scenario-name "$$scenario" || exit 1; done

test-fast: lint sanity unit ## What needs no hosts: lint, sanity, unit

lint: ## ansible-lint (production profile), yamllint, shellcheck
	@tools/lint

sanity: ## ansible-test sanity
	@tools/sanity

unit: ## Unit tests
	@$(PYTEST) --quiet --no-header

coverage: ## Unit tests, and which lines of plugins/ they do not reach
	@$(PYTEST) --cov=plugins --cov-report=term-missing:skip-covered

build: ## Build the archive, install it elsewhere, check its site playbook
	@tools/build

downloads: ## Prepare fresh hosts through a proxy that misbehaves on purpose, with empty caches
	@rm -rf .molecule/cache
	@STEADY_CACHE="$(CURDIR)/.molecule/cache" tools/molecule test --scenario-name downloads

molecule: ## Deploy, repeat, check and verify on fresh hosts (SCENARIO=three_nodes)
	@tools/molecule test --scenario-name $(SCENARIO)

ipv6: ## The same with hosts that meet by IPv6
	@STEADY_IPV6=yes tools/molecule test --scenario-name three_nodes

drill: ## Harm the demo while DAGs run, and judge what became of them (FAULTS=F03)
	@tools/drill $(FAULTS)

hostile: ## Deploy to hosts as people have them, from a controller as people have it
	@tools/devenv && mkdir -p .molecule && .venv/bin/python tools/hostile.py

controllers: ## Run on the demo from each controller that is promised
	@tools/devenv && .venv/bin/python tools/controllers.py

rotation: ## Replace every secret and certificate of the demo while DAGs run
	@tools/devenv && .venv/bin/python tools/rotation.py

self-test: ## Make the demo's cluster worse on purpose, and see that the drill's judge says so
	@tools/devenv && .venv/bin/python tools/self_test.py

vanilla: ## Drill the demo with the defaults of all its parts, to compare with
	@tools/devenv && .venv/bin/python tools/vanilla.py

bench: ## Compare the speed of a deployment with a plain script's
	@tools/bench

bench-backups: ## Measure what a backup costs, and how restores grow with the database
	@tools/bench_backups

docs: ## Generate the tables of variables in docs/
	@tools/docs

clean: ## Remove what can be made again: .venv, build/, caches in the checkout
	@rm -rf .venv .molecule .gate .ansible .pytest_cache .coverage build tests/output
