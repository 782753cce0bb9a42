# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.filter.support import FilterModule


def test_a_report_is_made_of_what_modules_returned():
    report = FilterModule().filters()["support_report"]
    assert report({"msg": "gone"}, {}) == {"msg": "gone"}
