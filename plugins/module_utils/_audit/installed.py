# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: which packages an Airflow works with, by the folders of its environment. Nothing is imported or started."""

from __future__ import annotations

import os
import re

PACKAGE = re.compile(r"(.+)-([^-]+)\.dist-info$")
# What the audit's rules are about, beside Airflow's own.
LIBRARIES = {
    "celery", "kombu", "amqp", "redis", "sqlalchemy", "psycopg", "psycopg2", "psycopg2_binary", "asyncpg", "mysqlclient", "flask_appbuilder",
}


def prefix(arguments):
    """The directory of the environment that a command line's airflow is in; empty if it names none."""
    for word in arguments:
        if word.endswith("/bin/airflow"):
            return word[:-len("/bin/airflow")]
    return ""


def packages(files, directory):
    """{name: version} of those that matter."""
    found = {}
    for python in files.names(directory + "/lib"):
        for name in files.names(os.path.join(directory, "lib", python, "site-packages")):
            match = PACKAGE.match(name)
            if match:
                package = match[1].lower()
                if package in LIBRARIES or package.startswith("apache_airflow"):
                    found[package] = match[2]
    return found


def version(found):
    """Airflow's; empty if it is not known."""
    return found.get("apache_airflow_core") or found.get("apache_airflow") or ""
