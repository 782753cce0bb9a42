# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the watchdog is told, and time that passes for it."""
from __future__ import annotations

import argparse


def wish(*components, api="127.0.0.1:1"):
    return argparse.Namespace(patience=90, start=60, api=api, path="", interval=5, queues=["default", "heavy"], runs_tasks="worker",
                              components=components)


def let_pass(clock, dog, seconds):
    for _look in range(0, seconds, 10):
        clock.now += 10
        dog.round()
