# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a systemd unit needs so that it runs with the files that are on disk now.

PRIVATE to the collection. Functions over the answers of ``systemctl show``.
"""

from __future__ import annotations

from datetime import datetime

PROPERTIES = (
    "ActiveState",
    "UnitFileState",
    "LoadState",
    "NeedDaemonReload",
    "ExecMainStartTimestamp",
    "StateChangeTimestamp",
    "ReloadResult",
)
UNIT_FILES = "/etc/systemd/system/"
RUNNING = ("active", "activating", "reloading")
ENABLED = ("enabled", "enabled-runtime", "static", "alias", "indirect", "generated")


def _entry(secret):
    return {
        "type": "list",
        "elements": "dict",
        "default": [],
        "no_log": False,
        "required_if": [("state", "file", ["content"]), ("state", "link", ["target"])],
        "options": {
            "path": {"type": "path", "required": True},
            "state": {"type": "str", "choices": ["file", "directory", "link", "absent"], "default": "file"},
            "content": {"type": "str", "no_log": secret},
            "target": {"type": "str"},
            "owner": {"type": "str", "default": "root"},
            "group": {"type": "str", "default": "root"},
            "mode": {"type": "raw", "default": "0644"},
            "validate": {"type": "str"},
            "silent": {"type": "bool", "default": False},
        },
    }


# the options of service_config
ARGUMENTS = {
    "files": _entry(secret=False),
    "secret_files": _entry(secret=True),
    "units": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {"type": "str", "required": True},
            "restart_on": {"type": "list", "elements": "path", "default": []},
            "reload_on": {"type": "list", "elements": "path", "default": []},
        },
    },
}


def show(module, names):
    """Return the properties of the units with these names, in their order; without names nobody is asked."""
    if not names:
        return []
    command = ["systemctl", "show", "--timestamp=us+utc", "--property=" + ",".join(PROPERTIES)]
    code, out, err = module.run_command(command + names, check_rc=True)
    return parse_show(out)


def knows_old_files(changed, seen):
    """Whether systemd must read unit files again, after these paths were changed and with these properties of units.

    At once, not with the next start: a service that fails again and again is started by systemd itself, and only what it
    knows can end that.
    """
    return any(path.startswith(UNIT_FILES) for path in changed) or any(shown.get("NeedDaemonReload") == "yes" for shown in seen)


def read_again(module):
    """Let systemd read all unit files."""
    module.run_command(["systemctl", "daemon-reload"], check_rc=True)


def parse_show(text):
    """Return the properties of each unit from ``systemctl show A B ...``, in the order of the units."""
    blocks = [block for block in text.strip().split("\n\n") if block]
    return [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in blocks]


def parse_time(text):
    """Return seconds since the epoch for a time as ``--timestamp=us+utc`` prints it; 0.0 for none.

    The name of the weekday before it is not read: Python's parser wants it in the language of whoever runs it.
    """
    if not text or text == "n/a":
        return 0.0
    _weekday, date, time, _zone = text.split()
    return datetime.fromisoformat("%sT%s+00:00" % (date, time)).timestamp()


def begins_in_vain(shown, need):
    """Whether a unit is about to start with files that are no longer those on disk: for ever, or again and again, if these do not let it."""
    return need == "start" and shown["ActiveState"] == "activating"


def stop(module, names):
    """Stop units, so that they can be started."""
    module.run_command(["systemctl", "stop", *names], check_rc=True)


def pending(shown, restart_newest, reload_newest):
    """Return what the unit needs: ``start``, ``restart``, ``reload`` or an empty string.

    shown: its properties.
    restart_newest, reload_newest: newest change, in seconds since the epoch, among the files that
    need a restart or a reload; ``inf`` for one that is about to be written.
    """
    if shown.get("ActiveState") not in RUNNING:
        return "start"
    begins = shown["ActiveState"] == "activating"
    if restart_newest > parse_time(shown.get("ExecMainStartTimestamp")):
        return "start" if begins else "restart"
    has_failed = reload_newest and shown.get("ReloadResult", "success") != "success"
    if has_failed or reload_newest > parse_time(shown.get("StateChangeTimestamp")):
        return "start" if begins else "reload"
    if shown.get("UnitFileState") not in ENABLED:
        return "start"
    return ""
