# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: pgBackRest on this host, called as its own account. It has no API but its command."""
from __future__ import annotations

import json
import re

from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError

COMMAND = ["runuser", "-u", "postgres", "--", "pgbackrest", "--log-level-console=off", "--log-level-stderr=warn", "--log-level-file=off"]
PROCESS = re.compile(r"^(P\d+\s+)?")


class Refusal(SteadyError):
    """pgBackRest did not do it, and says why."""


def call(module, stanza, *words):
    """What the command prints, or Refusal."""
    code, out, err = module.run_command([*COMMAND, "--stanza=%s" % stanza, *words], cwd="/")
    if code:
        raise Refusal(said(err) or "pgbackrest %s ended with %d" % (words[-1], code))
    return out


def ask(module, stanza, *words):
    """The same as JSON. What it found in a repository that has another key stands in there as it is, bytes of all kinds."""
    return json.loads(call(module, stanza, "--output=json", *words), strict=False)


def said(text):
    """What it warns of and what went wrong, in one line without the numbers of its processes: C(ERROR: [055]: unable to ...), and its hints."""
    return " ".join(" ".join(PROCESS.sub("", line) for line in text.splitlines()).split())
