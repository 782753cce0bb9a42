# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a systemd unit needs so that it runs with the files that are on disk now.

PRIVATE to the collection. Pure functions over the answers of ``systemctl show``.
"""

from __future__ import annotations

from datetime import datetime, timezone

PROPERTIES = (
    "ActiveState",
    "UnitFileState",
    "LoadState",
    "NeedDaemonReload",
    "ExecMainStartTimestamp",
    "StateChangeTimestamp",
)
RUNNING = ("active", "activating", "reloading")
ENABLED = ("enabled", "enabled-runtime", "static", "alias", "indirect", "generated")


def parse_show(text):
    """Return the properties of each unit from ``systemctl show A B ...``, in the order of the units."""
    blocks = [block for block in text.strip().split("\n\n") if block]
    return [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in blocks]


def parse_time(text):
    """Return seconds since the epoch for a time as ``--timestamp=us+utc`` prints it; 0.0 for none."""
    if not text or text == "n/a":
        return 0.0
    moment = datetime.strptime(text, "%a %Y-%m-%d %H:%M:%S.%f UTC")
    return moment.replace(tzinfo=timezone.utc).timestamp()


def pending(shown, restart_newest, reload_newest):
    """Return what the unit needs: ``start``, ``restart``, ``reload`` or an empty string.

    shown: its properties.
    restart_newest, reload_newest: newest change, in seconds since the epoch, among the files that
    need a restart or a reload; ``inf`` for one that is about to be written.
    """
    if shown.get("ActiveState") not in RUNNING:
        return "start"
    if restart_newest > parse_time(shown.get("ExecMainStartTimestamp")):
        return "restart"
    if reload_newest > parse_time(shown.get("StateChangeTimestamp")):
        return "reload"
    if shown.get("UnitFileState") not in ENABLED:
        return "start"
    return ""
