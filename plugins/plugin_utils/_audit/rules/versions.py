# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: faults that a release is known for."""

from __future__ import annotations

import re

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book

BOOK = Book("airflow")


def numbers(release):
    """(3, 3, 2) of 3.3.2 or 3.3.2rc1."""
    return tuple(int(part) for part in re.findall(r"\d+", release.split("rc")[0])[:3])


@BOOK.rule(
    "airflow-version-ended", "warning", "An Airflow that gets no more corrections",
    why="Airflow 1 ended in June 2021, and Airflow 2 has had its last release in April 2026. They get no corrections of security either.",
    remedy="upgrade to Airflow 3",
    see=("https://airflow.apache.org/docs/apache-airflow/stable/installation/supported-versions.html",), until="3.0")
def ended(configuration):
    yield "it is %s" % configuration.release


@BOOK.rule(
    "airflow-version-twice", "error", "A release that may run tasks twice",
    why="When a scheduler dies between sending a task and noting that it did, releases of Airflow 3 before 3.2.2 may send it again; a message that the "
        "broker delivers again may mark its running task as failed.",
    remedy="upgrade to 3.2.2 or later", since="3.0",
    see=("https://github.com/apache/airflow/issues/58570", "https://github.com/apache/airflow/issues/58441"))
def twice(configuration):
    if numbers(configuration.release) < (3, 2, 2):
        yield "it is %s" % configuration.release


@BOOK.rule(
    "airflow-celery-broken", "error", "Libraries with which nothing starts",
    why="Celery 5.7 lacks a name that the Celery provider imports up to 3.26.0. Neither scheduler nor worker comes back after the next restart.",
    remedy="install celery below 5.7, as the constraints of your Airflow say")
def celery_broken(installation):
    packages = installation.seen("packages")
    celery, provider = packages.get("celery"), packages.get("apache_airflow_providers_celery")
    if celery and provider and numbers(celery) >= (5, 7) and numbers(provider) <= (3, 26, 0):
        yield "celery is %s, and its provider %s" % (celery, provider)
