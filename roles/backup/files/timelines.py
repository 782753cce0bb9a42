# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way leads to a moment. After a restore to a moment PostgreSQL goes on from there on a timeline of its own, and what came after it on the
former one is on no way to today any more: asked for such a moment, PostgreSQL would stop where the ways part, and call it done."""

import datetime
import re

from server import Failure

FILE = re.compile(r"^([0-9A-F]{8})\.history$")
# A line for each timeline that was left: its number, where, and why; by a failover "no recovery target specified", by a restore this.
LEFT = re.compile(r"^(?:before|after) (\S+ [\d:.]+[+-][\d:]+)")


def see_the_way(moment, archive, histories, read):
    """Raises Failure if the newest timeline does not lead to it, and names the one that does.

    histories: {file in the archive's directory: {"time": s when it came}}. read: the text of one of them.
    """
    begun = {int(found[1], 16): entry["time"] for name, entry in histories.items() if (found := FILE.match(name))}
    if not begun:
        return
    newest = max(begun)
    lines = [line.split("\t") for line in read(f"{archive}/{newest:08X}.history").splitlines() if line[:1].isdigit()]
    after = [int(line[0]) for line in lines[1:]] + [newest]
    for (left, _where, why), next_one in zip(lines, after):
        parted = LEFT.match(why)
        if parted and next_one in begun and datetime.datetime.fromisoformat(parted[1]) < moment < at(begun[next_one]):
            raise Failure(f"{moment} lies on a way that a restore left at {parted[1]}: timeline {left} leads there (backup_restore_timeline)")


def at(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
