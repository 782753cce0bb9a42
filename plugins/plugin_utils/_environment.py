# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: the environment of services, as systemd reads it from a file."""

from __future__ import annotations

import re

EXCEPTIONS = ("NO_PROXY", "no_proxy")  # some libraries read the one, some the other


def lines(variables):
    """Text of an environment file; within quotes systemd knows these four characters, and a value may have several lines."""
    return "".join('%s="%s"\n' % (name, re.sub(r'(["\\`$])', r"\\\1", str(value))) for name, value in sorted(variables.items()))


def direct(variables, hosts):
    """The variables, with C(hosts) added to those for which a proxy is never asked, whether there is one or not.

    variables: ``{name: value}``.
    hosts: names and addresses; those that the user excepted stay.
    """
    given = [each.strip() for name in EXCEPTIONS for each in str(variables.get(name) or "").split(",")]
    excepted = ",".join(dict.fromkeys(filter(None, [*hosts, *given])))
    return {**variables, **dict.fromkeys(EXCEPTIONS, excepted)}
