# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: the ledger that the drill's tasks write, read and put on the controller's clock. Pure."""

from __future__ import annotations

import json

START, COMMIT, SIGTERM, DEFER = PHASES = ("start", "commit", "sigterm", "defer")
FIELDS = {
    "t": int, "boot": str, "node": str, "pid": int, "phase": str,
    "dag": str, "run": str, "task": str, "map": int, "try": int, "ti": str,
}
NANOSECONDS = 1e9


def read(texts):
    """Read the ledger's files.

    texts: {node: content of its file, not a byte changed}; a node that wrote nothing has an empty text.

    Return {"lines": [line], "torn": number, "broken": [(node, number of the line, what is wrong with it)]}. A line is a
    dict as in FIELDS, with "t" in nanoseconds since the host's boot. Torn are lines that a power cut cut short, the last one of
    the file or of a boot: no process outlived them. A broken line may have said anything, so its node's ledger has a gap.
    """
    lines, broken, torn = [], [], 0
    for node, content in sorted(texts.items()):
        entries = content.split("\n")
        boots, cut = set(), None  # boots seen so far; a line that is torn if the next one is of another boot
        for number, entry in enumerate(entries, 1):
            if not entry.strip():
                continue
            line, wrong = _read_line(entry)
            if cut and (wrong or line["boot"] in boots):
                broken.append(cut)
            elif cut:
                torn += 1
            cut = None
            if not wrong:
                lines.append(line)
                boots.add(line["boot"])
            elif line is None and number == len(entries):  # nothing ended this one
                torn += 1
            elif line is None:
                cut = (node, number, wrong)
            else:
                broken.append((node, number, wrong))
        broken += [cut] if cut else []
    return {"lines": lines, "torn": torn, "broken": broken}


def _read_line(entry):
    """Return (line, what is wrong with it); the line is null when it is no JSON at all."""
    try:
        line = json.loads(entry)
    except ValueError:
        return None, "is no JSON"
    if not isinstance(line, dict):
        return line, "is no JSON object"
    wrong = [name for name, kind in FIELDS.items() if not isinstance(line.get(name), kind)]
    if wrong:
        return line, "has no good %s" % ", ".join(wrong)
    return line, "" if line["phase"] in PHASES else "has the unknown phase %s" % line["phase"]


def place(lines, clocks):
    """Give every line its moment.

    clocks: {node: {boot id: moment at which that boot's clock was 0}}, in seconds since the epoch on the controller's clock.

    Return the lines in the order of their moments, each with "at": such a moment; null, and last, where nobody knows the boot's clock.
    """
    placed = []
    for line in lines:
        zero = clocks.get(line["node"], {}).get(line["boot"])
        placed.append(dict(line, at=None if zero is None else zero + line["t"] / NANOSECONDS))
    return sorted(placed, key=_order)


def _order(line):
    """The order must not depend on the order of the files, not even for lines of one moment."""
    at = float("inf") if line["at"] is None else line["at"]
    return at, PHASES.index(line["phase"]), line["node"], line["pid"], line["t"], line["ti"]
