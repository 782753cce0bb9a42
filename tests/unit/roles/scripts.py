# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts of a role that import each other, as they lie beside each other on a host."""
from __future__ import annotations

import importlib.util
import sys

from ansible_collections.steady.airflow.plugins.module_utils import _rows
from ansible_collections.steady.airflow.plugins.module_utils._observe import pgbackrest
from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

# In place of a PostgreSQL: it tells systemd that it is ready, and goes on.
TELL = """python3 -c "import os, socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'READY=1', os.environ['NOTIFY_SOCKET'])\""""
STAY = "exec sleep 60"
# what the collection shares with them
SHARED = {"judge": pgbackrest, "rows": _rows}


def load_scripts(monkeypatch, *names, role="backup"):
    """Load them in this order; return the last one."""
    for name, module in SHARED.items():
        monkeypatch.setitem(sys.modules, name, module)
    for name in names:
        spec = importlib.util.spec_from_file_location(name, ROOT / ("roles/%s/files/%s.py" % (role, name)))
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
    return module
