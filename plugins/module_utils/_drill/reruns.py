# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: how long the tasks that a fault killed waited for their next try. Pure."""

from __future__ import annotations

import itertools

from ansible_collections.steady.airflow.plugins.module_utils._drill import tries
from ansible_collections.steady.airflow.plugins.module_utils._drill.tries import NEVER

MEASURE = "rerun"


def beside(measured, fault, of_tasks):
    """What was measured of a fault (see measures.measured), with this measure, too. of_tasks: what tries.collect returns."""
    last = max(_begins(fault, of_tasks), default=None)
    if last is None:
        return dict(measured, recovered=dict(measured["recovered"], **{MEASURE: None}))
    return dict(
        measured,
        recovered=dict(measured["recovered"], **{MEASURE: last - fault["injected"]}),
        gaps=dict(measured["gaps"], **{MEASURE: [[fault["injected"], last]]}))


def _begins(fault, of_tasks):
    """When tries began that followed one that this fault ended before its commit. A task without retries has no such try."""
    for of_task in of_tasks.values():
        for earlier, later in itertools.pairwise(of_task):
            hit = any((kill["fault"], kill["number"]) == (fault["fault"], fault["number"]) for kill in tries.kills(earlier))
            if hit and not tries.has_committed(earlier) and tries.began(later) < NEVER:
                yield tries.began(later)
