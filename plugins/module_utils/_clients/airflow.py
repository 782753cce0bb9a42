# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what Airflow's api-server and scheduler answer about their health. I/O only."""
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError


class ApiServer:
    """An api-server: its version, which needs no database, and the health of all components, which does."""

    REQUESTS = 2

    @staticmethod
    def ask(http, url):
        """{version, health}; health may be {"error": why}. Raises if the api-server does not answer."""
        answer = {"version": http.ask_well(url + "/api/v2/version")}
        try:
            answer["health"] = http.ask_well(url + "/api/v2/monitor/health")
        except SteadyError as err:
            answer["health"] = {"error": str(err)}
        return answer


class Scheduler:
    """A scheduler's own health server."""

    REQUESTS = 1

    @staticmethod
    def ask(http, url):
        """{status}: 200 if the scheduler of this host is alive, 503 if not. The body says nothing more."""
        return {"status": http.status(url + "/health")}
