# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the tests import the tools, which are scripts and no package."""

from __future__ import annotations

import pathlib
import sys

TOOLS = pathlib.Path(__file__).resolve().parents[3] / "tools"

if str(TOOLS) not in sys.path:
    sys.path.insert(0, str(TOOLS))
