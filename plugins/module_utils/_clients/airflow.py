# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what Airflow's api-server and scheduler answer about their health. I/O only."""
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError


class ApiServer:
    """An api-server: its version, which needs no database, the health of all components, which does, and the tasks' way in."""

    REQUESTS = 3

    @staticmethod
    def ask(http, url):
        """{version, health, execution}; the latter two may be {"error": why}. Raises if the api-server does not answer."""
        answer = {"version": http.ask_well(url + "/api/v2/version")}
        for name, path in (("health", "/api/v2/monitor/health"), ("execution", "/execution/health")):
            try:
                answer[name] = http.ask_well(url + path)
            except SteadyError as err:
                answer[name] = {"error": str(err)}
        return answer


class Scheduler:
    """A scheduler's own health server."""

    REQUESTS = 1

    @staticmethod
    def ask(http, url):
        """{status}: 200 if the scheduler of this host is alive, 503 if not. The body says nothing more."""
        return {"status": http.status(url + "/health")}
