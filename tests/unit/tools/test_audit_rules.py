# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/audit_rules.md says what the rules say."""

from __future__ import annotations

import audit_rules

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.tests.unit.house_rules.files import read


def test_the_catalogue_of_rules_is_up_to_date():
    assert read(audit_rules.TARGET) == audit_rules.render(audit_rules.RULES), "run tools/docs"


def test_a_rule_becomes_an_entry():
    book = Book("worker")
    book.rule("a-rule", "note", "A title", why="A reason.", remedy="do it", see=("https://example.com/1",), since="2.10", until="3.0")(lambda thing: ())
    assert audit_rules.render(book.rules).split("\n\n## ")[1] == (
        "worker\n\n### a-rule\n\nA title (note, Airflow from 2.10, before 3.0).\n\nA reason.\n\n**Remedy:** do it.\n\nSee <https://example.com/1>.\n")
