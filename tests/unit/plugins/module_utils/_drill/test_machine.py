# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel counts of processors, and what that makes of two moments."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import machine

PRESSURE = "some avg10=0.00 avg60=1.00 avg300=2.00 total=2500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"
STAT = "cpu  100 0 50 800 5 0 5 40 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n"


@pytest.fixture(name="read")
def counters(tmp_path):
    (tmp_path / "stat").write_text(STAT)
    (tmp_path / "pressure").write_text(PRESSURE)
    return lambda pressure="pressure": machine.read(str(tmp_path / pressure), str(tmp_path / "stat"), lambda: 7.0)


def test_the_kernels_counters_are_read(read):
    assert read() == {"at": 7.0, "waited": 2.5, "stolen": 40, "processors": 1000}
    assert read("nowhere") == {"at": 7.0, "waited": None, "stolen": 40, "processors": 1000}
    assert machine.read()["processors"] > 0


def test_of_two_moments_the_shares_are_told(read):
    later = {"at": 17.0, "waited": 10.8, "stolen": 90, "processors": 3000}
    assert machine.between(read(), later) == {"waiting": 83, "stolen": 2}
    assert machine.between(read("nowhere"), dict(later, waited=None)) == {"waiting": None, "stolen": 2}
    assert machine.between(read(), read()) == {"waiting": 0, "stolen": 0}


def test_of_several_hosts_the_worst_counts():
    assert machine.worst([{"waiting": 83, "stolen": 0}, {"waiting": None, "stolen": 2}]) == {"waiting": 83, "stolen": 2}
    assert machine.worst([]) == {"waiting": None, "stolen": None}
