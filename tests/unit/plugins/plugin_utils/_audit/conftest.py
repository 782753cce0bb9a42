# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for one test."""

from __future__ import annotations

import pytest


@pytest.fixture(name="write")
def writer(tmp_path):
    def write(name, text):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(tmp_path / name)

    return write
