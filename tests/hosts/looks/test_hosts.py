# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts themselves: each is a whole system, and stays one under the stack."""

from __future__ import annotations


def test_systemd_runs_and_no_unit_failed(host):
    answer = host.run("systemctl is-system-running")
    failed = host.run("systemctl --failed --plain --no-legend")
    assert answer.stdout.strip() == "running", failed.stdout
