# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: files of units, as systemd would read them: https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html

Files of DIRECTORY/NAME.service.d beside a unit count after it. What a unit does not say is systemd's default.
"""

from __future__ import annotations

import pathlib
import re

from ansible_collections.steady.airflow.plugins.module_utils._audit import services
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption

SECTION = re.compile(r"\[(\w+)\]$")
PREFIXES = "-@:+!|"  # of a command
LISTS = ("Environment", "EnvironmentFile", "ExecStart")  # an empty one takes back what was said before
DEFAULTS = {"Restart": "no", "RestartSec": "100ms", "StartLimitIntervalSec": "10s", "StartLimitBurst": "5", "KillMode": "control-group",
            "KillSignal": "SIGTERM", "TimeoutStopSec": "90s"}
TOLD = ("Restart", "StartLimitBurst", "KillMode", "KillSignal")
SECONDS = {"RestartSec": "RestartPause", "StartLimitIntervalSec": "StartLimitInterval", "TimeoutStopSec": "TimeoutStop"}
OLDER = {"StartLimitInterval": "StartLimitIntervalSec"}
BARE = re.compile(r"[\d.]+$")


def read(path):
    """{kind, unit, container, queues, files, environment, settings} as services.py has them for a host; kind is empty where it is none of a stack.

    files: of its environment, on the host.
    """
    path = pathlib.Path(path)
    said = {name: [] for name in LISTS}
    for file in [path, *sorted((path.parent / (path.name + ".d")).glob("*.conf"))]:
        for name, value in _lines(file):
            if name in LISTS:
                said[name] = [*said[name], value] if value else []
            else:
                said[name] = value
    line = services.words((said["ExecStart"] or [""])[-1].lstrip(PREFIXES))
    what = services.kind(line)
    settings = {name: said.get(name) or default for name, default in DEFAULTS.items()}
    return {
        "kind": what, "unit": path.name, "container": "", "queues": services.queues(line),
        "files": [path.lstrip("-") for path in said["EnvironmentFile"]],
        "environment": dict(word.split("=", 1) for word in services.words(" ".join(said["Environment"])) if "=" in word),
        "settings": {**{name: settings[name] for name in TOLD}, **{told: _span(settings[name]) for name, told in SECONDS.items()},
                     **services.wishes(what, line), "Type": said.get("Type") or "simple"},
    }


def _lines(path):
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise BadOption("%s cannot be read: %s" % (path, error.strerror)) from error
    section = ""
    for line in re.sub(r"\\\n(\s*[#;].*\n)*", " ", text).splitlines():
        line = line.strip()
        name, equal, value = line.partition("=")
        if SECTION.match(line):
            section = line
        elif equal and section in ("[Unit]", "[Service]") and not line.startswith(("#", ";")):
            yield OLDER.get(name.strip(), name.strip()), value.strip()


def _span(text):
    """Seconds; a number without a unit is some already. None for infinity."""
    return float(text) if BARE.match(text) else services.span(text)
